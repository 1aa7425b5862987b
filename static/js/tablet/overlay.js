// What the tablet shows of a visit: the row from the server, and on top of it what was done here
// and is not in that row yet. Pure.

/** @typedef {import("./wire.js").VisitBody} VisitBody */
/** @typedef {import("./wire.js").Operation} Operation */

/**
 * @typedef {object} Work one operation, as the tablet keeps it
 * @property {Operation} op
 * @property {{status: string, reason: string}} was the visit's status before it
 * @property {boolean} [inBase] the rows already contain it (set after a reset)
 * @property {boolean} [unseen] acknowledged, but the rows do not contain it yet
 * @property {import("./wire.js").Result} [result] what the server made of it
 */

/** @type {Readonly<Record<string, number>>} */
const RANK = {
  planned: 0,
  en_route: 1,
  in_progress: 2,
  cancelled: 3,
  no_show: 4,
  no_access: 5,
  partial: 6,
  done: 7,
};

/** How far a status is; a visit only goes forward. @param {string} status */
export const rank = (status) => RANK[status] ?? 0;

/** Whether nothing more is to be done at a visit. @param {string} status */
export const isOver = (status) => rank(status) >= 3;

/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value : "");

/** @param {VisitBody} visit @param {unknown} id */
const taskOf = (visit, id) => visit.tasks.find((task) => task.id === id);

/** @param {VisitBody} visit @param {unknown} measure @param {number} n */
function add(visit, measure, n) {
  const name = text(measure);
  visit.counts[name] = (visit.counts[name] ?? 0) + n;
}

/** @param {VisitBody} visit @param {unknown} id @param {string[]} ops @param {string | null} by */
function tick(visit, id, ops, by) {
  const task = taskOf(visit, id);
  if (!task) return;
  task.ops = [...new Set([...task.ops, ...ops])];
  task.done = task.ops.length > 0;
  task.by = task.done ? (task.by ?? by) : null;
}

/** @param {VisitBody} visit @param {unknown} id @param {string[]} ops */
function untick(visit, id, ops) {
  const task = taskOf(visit, id);
  if (!task) return;
  task.ops = task.ops.filter((op) => !ops.includes(op));
  task.done = task.ops.length > 0;
  if (!task.done) task.by = null;
}

/** @param {unknown} value @returns {string[]} */
const ids = (value) => (Array.isArray(value) ? value.filter((id) => typeof id === "string") : []);

/** How far a visit is when its session opens or closes. @type {Readonly<Record<string, string>>} */
const REACHED = { "session.open": "in_progress", "session.close": "done" };

/** @param {VisitBody} visit @param {string} to @param {string} reason */
function advance(visit, to, reason) {
  if (rank(to) <= rank(visit.status)) return;
  visit.status = to;
  visit.reason = reason;
}

/** @param {VisitBody} visit @param {Operation} op */
function mark(visit, { op, t, args, at, off }) {
  const kind = /** @type {import("./wire.js").MarkBody["kind"]} */ (t.slice("session.".length));
  if (!visit.session || visit.session.marks.some((known) => known.op === op)) return;
  const time = (at ?? 0) + (off ?? 0);
  const receivers = ids(args["receivers"]);
  visit.session.marks.push({ op, kind, at: time, receivers, doubtful: false });
  advance(visit, REACHED[t] ?? visit.status, "");
}

/** @param {VisitBody} visit @param {Operation} operation @param {string} by */
function apply(visit, operation, by) {
  const { op, t, args, at, off } = operation;
  if (t === "visit.status") advance(visit, text(args["to"]), text(args["reason"]));
  else if (t.startsWith("session.")) mark(visit, operation);
  else if (t === "visit.check") tick(visit, args["task"], [op], by);
  else if (t === "visit.uncheck") untick(visit, args["task"], ids(args["seen"]));
  else if (t === "count.add") add(visit, args["measure"], Number(args["n"]));
  else if (t === "note.add" && !visit.notes.some((note) => note.id === op)) {
    visit.notes.push({ id: op, text: text(args["text"]), by, at: (at ?? 0) + (off ?? 0) });
  }
}

/** Take back what the row already contains. @param {VisitBody} visit @param {Work} work */
function takeBack(visit, { op: { op, t, args }, was }) {
  const to = t === "visit.status" ? args["to"] : REACHED[t];
  if (to !== undefined && visit.status === to) {
    visit.status = was.status;
    visit.reason = was.reason;
  }
  if (t.startsWith("session.") && visit.session) {
    visit.session.marks = visit.session.marks.filter((known) => known.op !== op);
  } else if (t === "visit.check") untick(visit, args["task"], [op]);
  else if (t === "visit.uncheck") tick(visit, args["task"], ids(args["seen"]), null);
  else if (t === "count.add") add(visit, args["measure"], -Number(args["n"]));
  else if (t === "note.add") visit.notes = visit.notes.filter((note) => note.id !== op);
}

/** The visit as it stands on this tablet.
 * @param {VisitBody} base @param {readonly Work[]} pending this visit's, in their order
 * @param {(op: string) => Work | undefined} find any work that is still kept
 * @param {string} by the name of who works here @returns {VisitBody} */
export function overlay(base, pending, find, by) {
  const visit = structuredClone(base);
  const live = pending.filter((work) => !work.inBase);
  const voids = live.filter(({ op }) => op.t === "op.void");
  const voided = new Set(voids.map(({ op }) => text(op.args["op"])));
  for (const { op } of live) if (!voided.has(op.op)) apply(visit, op, by);
  const here = new Set(live.map(({ op }) => op.op));
  for (const id of voided) {
    const work = here.has(id) ? undefined : find(id);
    const isIn = !work?.result || !["rejected", "failed"].includes(work.result.status);
    if (work && isIn) takeBack(visit, work);
  }
  return visit;
}

/** Mandatory tasks that nobody has ticked. @param {VisitBody} visit */
export const unanswered = (visit) => visit.tasks.filter((task) => task.mandatory && !task.done);
