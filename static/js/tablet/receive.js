// Takes a server's answer in: results, rows and view in one transaction, or nothing of it.
import { ask, transact } from "../lib/db.js";
import { uuid7 } from "../lib/uuid7.js";
import { afterReset } from "./outbox.js";
import { countAside, readSelf, startLine, works } from "./store.js";

/** @typedef {import("./wire.js").SyncAnswer} SyncAnswer */
/** @typedef {import("./store.js").Self} Self */
/** @typedef {import("../lib/db.js").StoreName} StoreName */
/** @typedef {{line: string, device: string, now: number, sent: number}} Asked */
/** @typedef {"kept" | "misfit" | "wiped"} Kept */

const KEPT_MS = 30 * 24 * 3600 * 1000;
const LOG_KEPT = 500;
/** @type {StoreName[]} */
const ALL = ["meta", "row", "outbox", "acked", "draft", "log"];

/** Whether the answer says what the rows are. @param {SyncAnswer} answer */
const hasRows = (answer) => !answer.reset && !answer.fork && answer.wipe === undefined;

/** The server misses what it acknowledged: it says so, or it waits for lower numbers than these.
 * @param {SyncAnswer} answer @param {Asked} asked */
const hasLost = (answer, { sent }) =>
  Boolean(answer.reset) || (hasRows(answer) && sent > 0 && answer.results.length === 0);

/** @param {(name: "outbox" | "acked") => IDBObjectStore} store @param {SyncAnswer} answer */
async function moveResults(store, answer) {
  const byOp = new Map(answer.results.map((result) => [result.op, result]));
  for (const work of await works(store("outbox"))) {
    const result = byOp.get(work.op.op);
    if (!result) continue;
    const { inBase, ...kept } = work;
    await ask(store("outbox").delete(work.op.dseq));
    const unseen = !inBase && !hasRows(answer);
    await ask(store("acked").put({ ...kept, result, ...(unseen ? { unseen } : {}) }));
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

/** @param {SyncAnswer} answer @param {Asked} asked @param {Self | null} self
 * @returns {self is Self} */
function fits(answer, { line, device }, self) {
  if (!self || self.line !== line || self.device !== device) return false;
  return !hasRows(answer) || answer.base === null || answer.base === self.view;
}

/** @param {Self} self @param {SyncAnswer} answer @param {number} now @returns {Self} */
function after(self, answer, now) {
  const rows = { epoch: answer.epoch, view: answer.view, syncedAt: answer.now };
  return {
    ...self,
    token: answer.token ?? self.token,
    offset: answer.now - now,
    refused: false,
    ...(hasRows(answer) ? rows : {}),
  };
}

/** @param {(name: StoreName) => IDBObjectStore} store @param {Self} self
 * @param {SyncAnswer} answer @param {Asked} asked @returns {Promise<void>} */
async function goOn(store, self, answer, asked) {
  const next = after(self, answer, asked.now);
  const isLost = hasLost(answer, asked);
  if (!isLost && !answer.fork) await ask(store("meta").put(next, "self"));
  else {
    const waiting = await works(store("outbox"));
    const acked = isLost ? await works(store("acked")) : [];
    await startLine(store, { ...next, epoch: answer.epoch }, afterReset(acked, waiting));
  }
}

/** Take a whole answer in. A tablet that is to be wiped is emptied only when nothing waits on it.
 * @param {SyncAnswer} answer @param {Asked} asked @returns {Promise<Kept>} */
export function keepAnswer(answer, asked) {
  return transact(ALL, "readwrite", async (store) => {
    const self = await readSelf(store("meta"));
    if (!fits(answer, asked, self)) return "misfit";
    await moveResults(store, answer);
    const isBare = (await ask(store("outbox").count())) + (await countAside(store("meta"))) === 0;
    if (answer.wipe && isBare) {
      await Promise.all(ALL.map((name) => ask(store(name).clear())));
      return "wiped";
    }
    if (hasRows(answer)) await takeRows(store, answer);
    const oldest = uuid7(Math.min(asked.now, answer.now) - KEPT_MS);
    await ask(store("acked").delete(IDBKeyRange.upperBound(oldest)));
    await note(store("log"), answer, asked.now);
    await goOn(store, self, answer, asked);
    return "kept";
  });
}
