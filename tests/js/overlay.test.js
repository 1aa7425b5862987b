import assert from "node:assert/strict";
import { test } from "node:test";
import { afterReset, renumber, take, fewer } from "../../static/js/tablet/outbox.js";
import { overlay, unanswered } from "../../static/js/tablet/overlay.js";

/** @typedef {import("../../static/js/tablet/overlay.js").Work} Work */
/** @typedef {import("../../static/js/tablet/wire.js").VisitBody} VisitBody */

/** @returns {VisitBody} */
const visit = () => ({
  round: "r", site: "s", day: "2026-11-24", start: 540, end: 600, status: "planned", reason: "",
  services: [], counts: { "mitid.served": 2 }, notes: [], seq: 0, moved_to: null,
  tasks: [{ id: "t1", text: { da: "Vis", en: "Show" }, mandatory: true, done: false, by: null, ops: [] }],
}); // prettier-ignore

/** @param {string} op @param {string} t @param {Record<string, unknown>} args
 * @param {Partial<Work>} [more] @returns {Work} */
const work = (op, t, args, more = {}) => ({
  op: { op, dseq: 1, t, v: 1, target: ["visit", "v"], args, at: 5 },
  was: { status: "planned", reason: "" },
  ...more,
});

/** @param {Work[]} pending @param {Work[]} [acked] @param {VisitBody} [base] */
const shown = (pending, acked = [], base = visit()) =>
  overlay(base, pending, (id) => [...acked, ...pending].find(({ op }) => op.op === id), "Freja");

test("what was done here stands on the row, and the row stays as it is", () => {
  const base = visit();
  const now = shown(
    [
      work("1", "visit.status", { to: "in_progress" }),
      work("2", "visit.check", { task: "t1" }),
      work("3", "count.add", { measure: "mitid.served", n: 1 }),
      work("4", "count.add", { measure: "contacts", n: 1 }),
      work("5", "note.add", { text: "Ja" }),
    ],
    [],
    base,
  );
  assert.equal(now.status, "in_progress");
  assert.deepEqual(now.counts, { "mitid.served": 3, contacts: 1 });
  assert.deepEqual(now.notes, [{ id: "5", text: "Ja", by: "Freja", at: 5 }]);
  assert.deepEqual(unanswered(now), []);
  assert.deepEqual(base, visit());
});

test("a status never goes back by itself", () => {
  const base = { ...visit(), status: "done" };
  assert.equal(shown([work("1", "visit.status", { to: "en_route" })], [], base).status, "done");
});

test("a tick is taken away by what it was seen with", () => {
  const both = [
    work("1", "visit.check", { task: "t1" }),
    work("2", "visit.uncheck", { task: "t1", seen: ["1"] }),
  ];
  assert.equal(shown(both).tasks[0]?.done, false);
  const other = work("2", "visit.uncheck", { task: "t1", seen: ["9"] });
  assert.equal(shown([work("1", "visit.check", { task: "t1" }), other]).tasks[0]?.done, true);
});

test("undo takes back what waits and what the server has", () => {
  const add = work("1", "count.add", { measure: "mitid.served", n: 1 });
  const undo = work("2", "op.void", { op: "1" });
  assert.equal(shown([add, undo]).counts["mitid.served"], 2);
  assert.equal(shown([undo], [add]).counts["mitid.served"], 1);
  const done = work("3", "visit.status", { to: "done" });
  const base = { ...visit(), status: "done" };
  assert.equal(shown([work("4", "op.void", { op: "3" })], [done], base).status, "planned");
});

test("a note that waits shows the server's time, whatever the tablet's clock says", () => {
  const note = work("1", "note.add", { text: "x" });
  note.op = { ...note.op, at: 9_000_000, off: -3_600_000 };
  assert.equal(shown([note]).notes.at(-1)?.at, 5_400_000);
});

test("undo of what the server refused changes nothing", () => {
  /** @type {Partial<Work>} */
  const refused = { result: { op: "1", status: "rejected" } };
  const add = work("1", "count.add", { measure: "mitid.served", n: 1 }, refused);
  assert.equal(shown([work("2", "op.void", { op: "1" })], [add]).counts["mitid.served"], 2);
});

test("work that the rows contain already is not counted twice", () => {
  const add = work("1", "count.add", { measure: "mitid.served", n: 1 }, { inBase: true });
  assert.equal(shown([add]).counts["mitid.served"], 2);
});

test("a new line numbers from one and changes nothing else", () => {
  const works = ["a", "b"].map((op, at) => ({ ...work(op, "note.add", { text: op }) , op: { ...work(op, "note.add", { text: op }).op, dseq: 7 + at } })); // prettier-ignore
  const fresh = renumber(works);
  assert.deepEqual(fresh.map(({ op }) => op.dseq), [1, 2]); // prettier-ignore
  assert.deepEqual(fresh.map(({ op }) => op.args), works.map(({ op }) => op.args)); // prettier-ignore
});

test("after a reset acknowledged work is offered first, each piece once", () => {
  const acked = [work("b", "note.add", { text: "b" }), work("a", "note.add", { text: "a" })];
  const again = afterReset(acked, [work("b", "note.add", { text: "b" }), work("c", "op.void", {})]);
  assert.deepEqual(again.map(({ op, inBase }) => [op.op, op.dseq, inBase ?? false]), [["a", 1, true], ["b", 2, false], ["c", 3, false]]); // prettier-ignore
});

test("a network that is too slow for a batch gets smaller ones", () => {
  assert.deepEqual([200, 100, 15, 10, 3].map(fewer), [100, 50, 10, 10, 3]);
});

test("a batch is short enough and never empty", () => {
  const many = Array.from({ length: 500 }, (_, n) => work(String(n), "note.add", { text: "x" }));
  assert.equal(take(many, 900).length, 200);
  assert.equal(take(many, 3).length, 3);
  const long = work("1", "note.add", { text: "x".repeat(300_000) });
  assert.equal(take([long, long], 200).length, 1);
});
