import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { overlay } from "../../static/js/tablet/overlay.js";
import {
  clockDoubt,
  fold,
  lack,
  namesOf,
  tooShort,
  whyShut,
} from "../../static/js/tablet/session.js";

/** @typedef {import("../../static/js/tablet/overlay.js").Work} Work */
/** @typedef {import("../../static/js/tablet/wire.js").MarkBody} MarkBody */
/** @typedef {import("../../static/js/tablet/wire.js").ReceiverBody} ReceiverBody */
/** @typedef {import("../../static/js/tablet/wire.js").SessionBody} SessionBody */
/** @typedef {import("../../static/js/tablet/wire.js").VisitBody} VisitBody */

const HOUR = 3_600_000;
const NINE = Date.UTC(2026, 10, 24, 8, 0);

/** @param {string} op @param {MarkBody["kind"]} kind @param {number} at
 * @param {string[]} [receivers] @param {boolean} [doubtful] @returns {MarkBody} */
const mark = (op, kind, at, receivers = ["a", "b"], doubtful = false) =>
  ({ op, kind, at, receivers, doubtful }); // prettier-ignore

/** @param {string} id @param {Partial<ReceiverBody>} [more] @returns {ReceiverBody} */
const receiver = (id, more = {}) => ({
  id, name: id.toUpperCase(), initials: id, role: "voter", groups: [], member: true, why_not: null,
  ...more,
}); // prettier-ignore

/** @param {Partial<SessionBody>} [more] @returns {SessionBody} */
const session = (more = {}) => ({
  title: "Valg", channel: "institution", opens: NINE - 24 * HOUR, shuts: NINE + 8 * HOUR,
  hours: null, cite: "§ 60", doors: [540, 660], least: 30, crew: { min: 2, max: 3, roles: [] },
  receivers: ["a", "b", "c"].map((id) => receiver(id)), expected: 20, desks: 1, part: 1, parts: 1,
  marks: [], ...more,
}); // prettier-ignore

/** @returns {VisitBody} */
const visit = () => ({
  round: "r", site: "s", day: "2026-11-24", start: 520, end: 680, status: "planned", reason: "",
  services: [], counts: {}, notes: [], seq: 0, moved_to: null, tasks: [], session: session(),
}); // prettier-ignore

/** @param {string} op @param {string} t @param {Record<string, unknown>} args
 * @param {Partial<Work>} [more] @returns {Work} */
const work = (op, t, args, more = {}) => ({
  op: { op, dseq: 1, t, v: 1, target: ["visit", "v"], args, at: NINE, off: 1000 },
  was: { status: "planned", reason: "" },
  ...more,
});

test("marks add up to the same in any order and however often they come", () => {
  const marks = [
    mark("1", "open", 20, ["c", "d"]),
    mark("2", "open", 10),
    mark("3", "swap", 30, ["a", "c"]),
    mark("4", "close", 80),
    mark("5", "close", 90, ["a", "c"]),
  ];
  const wanted = {
    state: "closed", openedAt: 10, closedAt: 90, openedBy: ["a", "b"], closedBy: ["a", "c"],
    here: ["a", "c"], isDoubtful: false,
  }; // prettier-ignore
  assert.deepEqual(fold(marks), wanted);
  assert.deepEqual(fold([...marks, ...marks].reverse()), wanted);
  assert.equal(fold([mark("4", "close", 80)]).state, "planned");
  assert.equal(fold([mark("1", "open", 1, ["a", "b"], true)]).isDoubtful, true);
});

test("tablet and server fold alike: the server's tests read the same cases", () => {
  const file = new URL("../voting/data/marks.json", import.meta.url);
  /** @type {unknown} */
  const read = JSON.parse(readFileSync(file, "utf8"));
  const cases = /** @type {{name: string, marks: MarkBody[], standing: unknown}[]} */ (read);
  assert.ok(cases.length > 8);
  for (const { name, marks, standing } of cases) assert.deepEqual(fold(marks), standing, name);
});

test("a session opens within its window and hours only", () => {
  const at = (/** @type {number} */ now, /** @type {number} */ minute, more = {}) =>
    whyShut(session(more), now, minute);
  assert.equal(at(NINE, 540), null);
  assert.equal(at(NINE - 25 * HOUR, 480), "too_early");
  assert.equal(at(NINE + 8 * HOUR, 1020), null);
  assert.equal(at(NINE + 8 * HOUR + 1, 1020), "too_late");
  assert.equal(at(NINE, 540, { hours: [600, 960] }), "wrong_hour");
  assert.equal(at(NINE, 540, { opens: null }), "no_window");
});

test("a session that has not lasted as long as it should is known by its minutes", () => {
  const marks = [mark("1", "open", NINE)];
  assert.equal(tooShort(session({ marks }), NINE), 0);
  assert.equal(tooShort(session({ marks }), NINE - HOUR), 0); // a clock that was set back
  assert.equal(tooShort(session({ marks }), NINE + 30 * 60_000 - 1), 29);
  assert.equal(tooShort(session({ marks }), NINE + 30 * 60_000), null);
  assert.equal(tooShort(session({ marks, least: 0 }), NINE), null);
  assert.equal(tooShort(session(), NINE), null);
});

test("nobody receives alone, nor with somebody who may not", () => {
  assert.equal(lack(session(), []), "need_two");
  assert.equal(lack(session(), ["a"]), "need_two");
  assert.equal(lack(session(), ["a", "a"]), "need_two");
  assert.equal(lack(session(), ["a", "nobody"]), "need_two");
  assert.equal(lack(session(), ["a", "b"]), null);
  const weak = session({ crew: { min: 1, max: 2, roles: [] } });
  assert.equal(lack(weak, ["a"]), "need_two");
  assert.equal(lack(weak, ["a", "b", "c"]), "too_many");
  const why = { da: "Er kandidat", en: "Is a candidate" };
  const barred = session({ receivers: [receiver("a"), receiver("b", { why_not: why })] });
  assert.equal(lack(barred, ["a", "b"]), "need_two");
});

test("groups and roles are heeded", () => {
  const receivers = [
    receiver("a", { groups: ["party:0"] }),
    receiver("b", { groups: ["party:0"] }),
    receiver("c", { groups: ["party:1"], role: "employee" }),
  ];
  assert.equal(lack(session({ receivers }), ["a", "b"]), "same_group");
  assert.equal(lack(session({ receivers }), ["a", "c"]), null);
  const crew = { min: 2, max: null, roles: [{ role: "voter", min: 2, max: null }] };
  assert.equal(lack(session({ receivers, crew }), ["a", "c"]), "wrong_roles");
  assert.deepEqual(namesOf(session(), ["c", "a"]), ["A", "C"]);
});

test("a clock that cannot be trusted is said to be so", () => {
  const self = { offset: 0, syncedAt: NINE };
  assert.equal(clockDoubt(null, NINE), "clock_never");
  assert.equal(clockDoubt({ ...self, syncedAt: null }, NINE), "clock_never");
  assert.equal(clockDoubt(self, NINE + HOUR), null);
  assert.equal(clockDoubt(self, NINE + 49 * HOUR), "clock_old");
  assert.equal(clockDoubt(self, NINE - HOUR), "clock_back");
  assert.equal(clockDoubt({ ...self, offset: -6 * 60_000 }, NINE), "clock_off");
});

test("what was opened here stands on the row, and undo takes it back", () => {
  const people = { receivers: ["a", "b"], confirmed: ["a", "b"], contact: NINE };
  const open = work("1", "session.open", people);
  const close = work("2", "session.close", people, { was: { status: "in_progress", reason: "" } });
  const undo = work("3", "op.void", { op: "2" });
  /** @param {Work[]} pending @param {Work[]} [acked] @param {VisitBody} [base] */
  const shown = (pending, acked = [], base = visit()) =>
    overlay(base, pending, (id) => [...acked, ...pending].find(({ op }) => op.op === id), "F");
  const opened = shown([open]);
  assert.equal(opened.status, "in_progress");
  assert.deepEqual(opened.session?.marks, [mark("1", "open", NINE + 1000)]);
  assert.deepEqual(visit().session?.marks, []);
  const closed = shown([open, close]);
  assert.equal(fold(closed.session?.marks ?? []).state, "closed");
  assert.equal(closed.status, "done");
  assert.equal(fold(shown([open, close, undo]).session?.marks ?? []).state, "open");
  const later = shown([undo], [open, close], closed);
  assert.equal(fold(later.session?.marks ?? []).state, "open");
  assert.equal(later.status, "in_progress");
  // What the server refused was never in the row.
  const refused = { ...close, result: /** @type {const} */ ({ op: "2", status: "rejected" }) };
  assert.deepEqual(shown([undo], [refused], closed), closed);
});

test("a visit without a session is not touched by its operations", () => {
  const plain = visit();
  delete plain.session;
  const found = overlay(plain, [work("1", "session.open", { receivers: ["a", "b"] })], () => undefined, "F"); // prettier-ignore
  assert.equal(found.session, undefined);
  assert.equal(found.status, "planned");
});
