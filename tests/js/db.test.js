import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, transact } from "../../static/js/lib/db.js";
import { NotEnrolled, keepWork, readAll } from "../../static/js/tablet/store.js";

/** Break the next so many transactions of an open connection. @param {number} times */
function breakNext(times) {
  const whole = Object.getOwnPropertyDescriptor(IDBDatabase.prototype, "transaction") ?? {};
  let left = times;
  Object.defineProperty(IDBDatabase.prototype, "transaction", {
    configurable: true,
    value: () => {
      left -= 1;
      if (left === 0) Object.defineProperty(IDBDatabase.prototype, "transaction", whole);
      throw new DOMException("closed", "InvalidStateError");
    },
  });
}

const keep = () => transact(["meta"], "readwrite", (store) => ask(store("meta").put("en", "lang")));

test("a closed connection is opened again, once", async () => {
  await keep();
  breakNext(1);
  await keep();
  assert.equal((await readAll()).lang, "en");
  breakNext(2);
  await assert.rejects(keep, DOMException);
  await keep();
});

test("work that breaks leaves nothing behind", async () => {
  const broken = transact(["meta"], "readwrite", async (store) => {
    await ask(store("meta").put("da", "lang"));
    throw new Error("half way");
  });
  await assert.rejects(broken, /half way/);
  assert.equal((await readAll()).lang, "en");
});

test("an empty store takes no work: it would be lost for the server", async () => {
  const was = { status: "planned", reason: "" };
  const work = keepWork({ t: "note.add", visit: "v", args: { text: "x" }, was, now: 1 });
  await assert.rejects(work, NotEnrolled);
});
