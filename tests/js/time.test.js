import assert from "node:assert/strict";
import { test } from "node:test";
import { uuid7 } from "../../static/js/lib/uuid7.js";
import { backOff } from "../../static/js/tablet/pulse.js";
import { age, clock, clockAt, dayName, dayOf } from "../../static/js/tablet/time.js";

test("the day is the Danish one, in winter and in summer", () => {
  assert.equal(dayOf(Date.UTC(2026, 10, 24, 22, 59)), "2026-11-24");
  assert.equal(dayOf(Date.UTC(2026, 10, 24, 23, 0)), "2026-11-25");
  assert.equal(dayOf(Date.UTC(2026, 5, 24, 22, 0)), "2026-06-25");
});

test("days and times read as people write them", () => {
  assert.equal(clock("da", 485), "8.05");
  assert.equal(clock("en", 485), "08:05");
  assert.equal(clockAt("da", Date.UTC(2026, 10, 24, 8, 5)), "9.05");
  assert.equal(dayName("da", "2026-11-24"), "tirsdag d. 24. november");
  assert.equal(dayName("en", "2026-11-24"), "Tuesday 24 November");
  assert.deepEqual(age(3 * 3600_000), ["age_hours", 3]);
});

test("ids are version 7 and sort by time", () => {
  const ids = [1, 2, 3].map((n) => uuid7(Date.UTC(2026, 0, n)));
  for (const id of ids) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  assert.deepEqual([...ids].sort(), ids);
});

test("pauses grow from two seconds to five minutes", () => {
  assert.equal(backOff(1, 1), 2000);
  assert.equal(backOff(4, 1), 16_000);
  assert.equal(backOff(40, 1), 300_000);
  assert.ok(backOff(40, 0) >= 1000);
});
