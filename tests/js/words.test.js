import assert from "node:assert/strict";
import { test } from "node:test";
import { WORDS, counted, say } from "../../static/js/tablet/words.js";

const SAME = new Set(["app"]);
/** @param {string} text */
const blanks = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

test("both languages have every word, and none is copied", () => {
  const { da, en } = WORDS;
  assert.deepEqual(Object.keys(en).sort(), Object.keys(da).sort());
  for (const [word, danish] of Object.entries(da)) {
    const english = /** @type {Record<string, string>} */ (en)[word] ?? "";
    assert.ok(danish && english, word);
    if (!SAME.has(word)) assert.notEqual(danish, english, word);
    assert.deepEqual(blanks(english), blanks(danish), word);
  }
});

test("blanks are filled and numbers take their form", () => {
  assert.equal(say("da", counted("kept", 1), { n: 1 }), "Gemt på tabletten · 1 ikke sendt");
  assert.equal(say("en", counted("kept", 3), { n: 3 }), "Saved on the tablet · 3 not sent");
});
