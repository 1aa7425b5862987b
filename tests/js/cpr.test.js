import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCpr } from "../../static/js/lib/cpr.js";

test("numbers of persons are seen in any width and with any dash", () => {
  const shapes = ["010203-1234", "0102031234", "010203 1234", "610203–1234", "010203 - 1234"];
  const wide = "０１０２０３-１２３４";
  const hidden = ["0102\u200b03-1234", "010203\u00ad1234", "010203--1234", "010203   1234"];
  for (const shape of [...shapes, ...hidden, wide])
    assert.ok(hasCpr(`ring om ${shape} i dag`), shape);
});

test("other numbers are let through", () => {
  for (const text of ["86 12 34 56", "321302-1234", "1234567890123", "den 24.11.2026", ""]) {
    assert.ok(!hasCpr(text), text);
  }
});
