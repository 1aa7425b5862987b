import assert from "node:assert/strict";
import { test } from "node:test";
import { blankCpr, hasCpr } from "../../static/js/lib/cpr.js";
import { plain } from "../../static/js/lib/text.js";

test("numbers of persons are seen in any width and with any dash", () => {
  const shapes = ["010203-1234", "0102031234", "010203 1234", "610203–1234", "010203 - 1234"];
  const wide = "０１０２０３-１２３４";
  const hidden = ["0102\u200b03-1234", "010203\u00ad1234", "010203--1234", "010203   1234"];
  const arabic = "0102٠٣-١٢٣٤";
  for (const shape of [...shapes, ...hidden, wide, arabic])
    assert.ok(hasCpr(`ring om ${shape} i dag`), shape);
});

test("other numbers are let through", () => {
  for (const text of ["86 12 34 56", "321302-1234", "1234567890123", "den 24.11.2026", ""]) {
    assert.ok(!hasCpr(text), text);
  }
});

test("a draft keeps all but the digits", () => {
  assert.equal(blankCpr("a 010203-1234, b ０１０２０３１２３４"), "a ######-####, b ######-####");
  assert.equal(blankCpr("plads nr. ２"), "plads nr. ２");
});

test("pasted control characters become line breaks or go", () => {
  assert.equal(plain(" a\r\nb\u000bc\u2028d\te "), "a\nb\nc\nd\te");
  assert.equal(plain("x\u0000\u001b\ud83d\u009fy 🙂"), "xy 🙂");
  assert.equal(plain("\u0007 "), "");
});
