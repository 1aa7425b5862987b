// What the tablet keeps, and the few ways in which it changes. Every change is one transaction.
import { ask, transact } from "../lib/db.js";
import { uuid7 } from "../lib/uuid7.js";
import { afterReset, renumber } from "./outbox.js";

/** @typedef {import("./overlay.js").Work} Work */
/** @typedef {import("./wire.js").SyncAnswer} SyncAnswer */
/** @typedef {import("./wire.js").Put} Put */

/**
 * @typedef {object} Self whose tablet this is and how far it is
 * @property {string} device
 * @property {string} token
 * @property {number} epoch
 * @property {{id: string, name: string}} user
 * @property {string} line
 * @property {number} dseq the last number given in the line
 * @property {string | null} view the server's name for the rows held here
 * @property {number} offset milliseconds to add to this tablet's clock
 * @property {number | null} syncedAt when the rows were last known to be the server's
 * @property {boolean} [refused] the server does not know the tablet any more
 */

/**
 * @typedef {object} Held everything at once
 * @property {Self | null} self
 * @property {string} lang
 * @property {Put[]} rows
 * @property {Work[]} outbox
 * @property {Work[]} acked
 * @property {Map<string, string>} drafts
 */

export class NotEnrolled extends Error {}

const KEPT_MS = 30 * 24 * 3600 * 1000;
const LOG_KEPT = 500;

/** @param {IDBObjectStore} meta @returns {Promise<Self | null>} */
const readSelf = async (meta) =>
  /** @type {Self | undefined} */ (await ask(meta.get("self"))) ?? null;

/** @param {IDBObjectStore} store @returns {Promise<Work[]>} */
const works = (store) => ask(store.getAll());

/** Everything that the screens show. @returns {Promise<Held>} */
export function readAll() {
  return transact(["meta", "row", "outbox", "acked", "draft"], "readonly", async (store) => {
    const [self, lang, rows, outbox, acked, keys, drafts] = await Promise.all([
      readSelf(store("meta")),
      ask(store("meta").get("lang")),
      ask(store("row").getAll()),
      works(store("outbox")),
      works(store("acked")),
      ask(store("draft").getAllKeys()),
      ask(store("draft").getAll()),
    ]);
    const typed = new Map(keys.map((key, at) => [String(key), String(drafts[at])]));
    return { self, lang: String(lang ?? "da"), rows, outbox, acked, drafts: typed };
  });
}

/** What the next request is made of. */
export function readOutgoing() {
  return transact(["meta", "outbox"], "readonly", async (store) => ({
    self: await readSelf(store("meta")),
    works: await works(store("outbox")),
  }));
}

/** @param {string} lang @returns {Promise<void>} */
export function keepLang(lang) {
  return transact(["meta"], "readwrite", async (store) => {
    await ask(store("meta").put(lang, "lang"));
  });
}

/** @param {string} visit @param {string} text @returns {Promise<void>} */
export function keepDraft(visit, text) {
  return transact(["draft"], "readwrite", async (store) => {
    if (text) await ask(store("draft").put(text, visit));
    else await ask(store("draft").delete(visit));
  });
}

/** Keep one thing that somebody did; it is on the disk when the promise resolves.
 * @param {{t: import("./wire.js").OpKind, visit: string, args: Record<string, unknown>,
 *   was: {status: string, reason: string}, now: number}} what @returns {Promise<Work>} */
export function keepWork({ t, visit, args, was, now }) {
  const op = uuid7(now);
  return transact(["meta", "outbox", "draft"], "readwrite", async (store) => {
    const self = await readSelf(store("meta"));
    if (!self) throw new NotEnrolled();
    const dseq = self.dseq + 1;
    /** @type {Work} */
    const work = {
      op: {
        op,
        dseq,
        t,
        v: 1,
        target: ["visit", visit],
        args,
        user: self.user.id,
        at: now,
        off: self.offset,
      },
      was,
    };
    await Promise.all([
      ask(store("outbox").add(work)),
      ask(store("meta").put({ ...self, dseq }, "self")),
      t === "note.add" ? ask(store("draft").delete(visit)) : null,
    ]);
    return work;
  });
}

/** Start a line of its own: number the works anew and forget which rows are held.
 * @param {(name: "meta" | "outbox") => IDBObjectStore} store @param {Self} self
 * @param {Work[]} numbered */
async function startLine(store, self, numbered) {
  await ask(store("outbox").clear());
  await Promise.all(numbered.map((work) => ask(store("outbox").add(work))));
  const fresh = { ...self, line: crypto.randomUUID(), dseq: numbered.length, view: null };
  await ask(store("meta").put(fresh, "self"));
}

/** The tablet belongs to somebody from now on; work that waits here is kept.
 * @param {import("./wire.js").EnrolAnswer} answer @returns {Promise<void>} */
export function keepEnrolment({ device, token, epoch, user }) {
  return transact(["meta", "row", "outbox", "acked"], "readwrite", async (store) => {
    const before = await readSelf(store("meta"));
    const isSame = before?.user.id === user.id;
    if (!isSame) await Promise.all([ask(store("row").clear()), ask(store("acked").clear())]);
    /** @type {Self} */
    const self = {
      device, token, user, line: "", dseq: 0, view: null, offset: before?.offset ?? 0,
      // An older epoch makes the server ask for everything once more.
      epoch: isSame && before ? before.epoch : epoch,
      syncedAt: isSame && before ? before.syncedAt : null,
    }; // prettier-ignore
    await startLine(store, self, renumber(await works(store("outbox"))));
  });
}

/** @param {boolean} refused @returns {Promise<void>} */
export function keepRefused(refused) {
  return transact(["meta"], "readwrite", async (store) => {
    const self = await readSelf(store("meta"));
    if (self && Boolean(self.refused) !== refused) {
      await ask(store("meta").put({ ...self, refused }, "self"));
    }
  });
}

/** @param {(name: "outbox" | "acked") => IDBObjectStore} store @param {SyncAnswer} answer */
async function moveResults(store, answer) {
  const byOp = new Map(answer.results.map((result) => [result.op, result]));
  for (const work of await works(store("outbox"))) {
    const result = byOp.get(work.op.op);
    if (!result) continue;
    const { inBase, ...kept } = work;
    await ask(store("outbox").delete(work.op.dseq));
    await ask(store("acked").put({ ...kept, result, ...(inBase ? {} : { unseen: true }) }));
  }
}

/** @param {(name: "row" | "outbox" | "acked") => IDBObjectStore} store @param {SyncAnswer} answer */
async function takeRows(store, answer) {
  if (answer.base === null) {
    await ask(store("row").clear());
    for (const { inBase, ...work } of await works(store("outbox"))) {
      if (inBase) await ask(store("outbox").put(work));
    }
  }
  await Promise.all([
    ...(answer.put ?? []).map((row) => ask(store("row").put(row))),
    ...(answer.del ?? []).map((key) => ask(store("row").delete(key))),
  ]);
  for (const { unseen, ...work } of await works(store("acked"))) {
    if (unseen) await ask(store("acked").put(work));
  }
}

/** @param {IDBObjectStore} log @param {SyncAnswer} answer @param {number} now */
async function note(log, answer, now) {
  const { rid, results, reset, fork, wipe } = answer;
  const key = await ask(log.add({ at: now, rid, results: results.length, reset, fork, wipe }));
  if (typeof key === "number") await ask(log.delete(IDBKeyRange.upperBound(key - LOG_KEPT)));
}

/** Take a whole answer in at once. Gives false, and changes nothing, where it fits no more.
 * @param {SyncAnswer} answer @param {{line: string, device: string, now: number, sent: number}} asked
 * @returns {Promise<boolean>} */
export function keepAnswer(answer, { line, device, now, sent }) {
  return transact(["meta", "row", "outbox", "acked", "log"], "readwrite", async (store) => {
    const self = await readSelf(store("meta"));
    const isRows = !answer.reset && !answer.fork && answer.wipe === undefined;
    if (!self || self.line !== line || self.device !== device) return false;
    if (isRows && answer.base !== null && answer.base !== self.view) return false;
    await moveResults(store, answer);
    if (isRows) await takeRows(store, answer);
    const oldest = uuid7(Math.min(now, answer.now) - KEPT_MS);
    await ask(store("acked").delete(IDBKeyRange.upperBound(oldest)));
    await note(store("log"), answer, now);
    /** @type {Self} */
    const next = {
      ...self,
      token: answer.token ?? self.token,
      offset: answer.now - now,
      refused: false,
      ...(isRows ? { epoch: answer.epoch, view: answer.view, syncedAt: answer.now } : {}),
    };
    // No result at all: the server misses numbers before these, so it lost what it had.
    const isLost = Boolean(answer.reset) || (sent > 0 && isRows && answer.results.length === 0);
    if (!isLost && !answer.fork) await ask(store("meta").put(next, "self"));
    else {
      const waiting = await works(store("outbox"));
      const acked = isLost ? await works(store("acked")) : [];
      await startLine(store, { ...next, epoch: answer.epoch }, afterReset(acked, waiting));
    }
    return true;
  });
}
