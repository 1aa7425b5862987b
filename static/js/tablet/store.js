// What the tablet keeps, and the few ways in which it changes. Every change is one transaction.
import { as, ask, transact } from "../lib/db.js";
import { uuid7 } from "../lib/uuid7.js";
import { renumber } from "./outbox.js";

/** @typedef {import("./overlay.js").Work} Work */
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
 * @property {Aside[]} aside
 */

/** @typedef {{visit: string, text: string}} Draft a note that is not saved yet */
/** @typedef {{user: {id: string, name: string}, works: Work[]}} Aside work of a user whose tablet
 *   this was; it waits until the tablet is enrolled for that user again */
/** @typedef {{self: Self | null, works: Work[], aside: number}} Outgoing */

export class NotEnrolled extends Error {}

/** @param {IDBObjectStore} meta @returns {Promise<Self | null>} */
export async function readSelf(meta) {
  /** @type {Self | undefined} */
  const self = await as(ask(meta.get("self")));
  return self ?? null;
}

/** @param {IDBObjectStore} store @returns {Promise<Work[]>} */
export const works = (store) => as(ask(store.getAll()));

/** @param {IDBObjectStore} store @returns {Promise<Put[]>} */
const readRows = (store) => as(ask(store.getAll()));

/** @param {IDBObjectStore} store @returns {Promise<Draft[]>} */
const readDrafts = (store) => as(ask(store.getAll()));

/** @param {IDBObjectStore} meta @returns {Promise<string | undefined>} */
const readLang = (meta) => as(ask(meta.get("lang")));

/** @param {IDBObjectStore} meta @returns {Promise<Aside[]>} */
async function readAside(meta) {
  /** @type {Aside[] | undefined} */
  const aside = await as(ask(meta.get("aside")));
  return aside ?? [];
}

/** How much of other users' work waits here. @param {IDBObjectStore} meta */
export async function countAside(meta) {
  return (await readAside(meta)).reduce((sum, { works }) => sum + works.length, 0);
}

/** Everything that the screens show. @returns {Promise<Held>} */
export function readAll() {
  return transact(["meta", "row", "outbox", "acked", "draft"], "readonly", async (store) => {
    const [self, lang, rows, outbox, acked, drafts, aside] = await Promise.all([
      readSelf(store("meta")),
      readLang(store("meta")),
      readRows(store("row")),
      works(store("outbox")),
      works(store("acked")),
      readDrafts(store("draft")),
      readAside(store("meta")),
    ]);
    const typed = new Map(drafts.map(({ visit, text }) => [visit, text]));
    return { self, lang: lang ?? "da", rows, outbox, acked, drafts: typed, aside };
  });
}

/** What the next request is made of. @returns {Promise<Outgoing>} */
export function readOutgoing() {
  return transact(["meta", "outbox"], "readonly", async (store) => ({
    self: await readSelf(store("meta")),
    works: await works(store("outbox")),
    aside: await countAside(store("meta")),
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
    if (text) await ask(store("draft").put({ visit, text }));
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
export async function startLine(store, self, numbered) {
  await ask(store("outbox").clear());
  await Promise.all(numbered.map((work) => ask(store("outbox").add(work))));
  const fresh = { ...self, line: crypto.randomUUID(), dseq: numbered.length, view: null };
  await ask(store("meta").put(fresh, "self"));
}

/** Lay one user's waiting work aside and take another's up again.
 * @param {IDBObjectStore} meta @param {{id: string, name: string}} from @param {string} to
 * @param {Work[]} waiting @returns {Promise<Work[]>} */
async function changeHands(meta, from, to, waiting) {
  const aside = await readAside(meta);
  const kept = aside.filter(({ user }) => user.id !== to);
  if (waiting.length > 0) kept.push({ user: from, works: waiting });
  await ask(meta.put(kept, "aside"));
  return aside.filter(({ user }) => user.id === to).flatMap(({ works }) => works);
}

/** @param {import("./wire.js").EnrolAnswer} answer @param {Self | null} before of the same user
 * @returns {Self} */
const enrolled = ({ device, token, epoch, user }, before) => ({
  device, token, user, line: "", dseq: 0, view: null, offset: before?.offset ?? 0,
  // An older epoch makes the server ask for everything once more.
  epoch: before?.epoch ?? epoch,
  syncedAt: before?.syncedAt ?? null,
}); // prettier-ignore

/** The tablet belongs to somebody from now on; work that waits here is kept, and sent only for
 * the user who did it.
 * @param {import("./wire.js").EnrolAnswer} answer @returns {Promise<void>} */
export function keepEnrolment(answer) {
  return transact(["meta", "row", "outbox", "acked"], "readwrite", async (store) => {
    const before = await readSelf(store("meta"));
    const isSame = before?.user.id === answer.user.id;
    let own = await works(store("outbox"));
    if (!isSame) await Promise.all([ask(store("row").clear()), ask(store("acked").clear())]);
    if (before && !isSame) {
      own = await changeHands(store("meta"), before.user, answer.user.id, own);
    }
    await startLine(store, enrolled(answer, isSame ? before : null), renumber(own));
  });
}

/** The server does not know the tablet any more; everything on it stays. @returns {Promise<void>} */
export function keepRefused() {
  return transact(["meta"], "readwrite", async (store) => {
    const self = await readSelf(store("meta"));
    if (self) await ask(store("meta").put({ ...self, refused: true }, "self"));
  });
}
