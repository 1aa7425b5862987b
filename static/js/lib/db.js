// The one way into IndexedDB: a transaction is on the disk before its promise resolves. A closed
// connection is opened again once; what fails twice is told to the caller, who must say so.

const NAME = "outreach";
const VERSION = 1;

/** @typedef {"meta" | "row" | "outbox" | "acked" | "draft" | "log"} StoreName */
/** @typedef {(name: StoreName) => IDBObjectStore} Stores */

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @param {IDBDatabase} db @returns {void} */
function build(db) {
  db.createObjectStore("meta");
  db.createObjectStore("row", { keyPath: ["k", "id"] });
  db.createObjectStore("outbox", { keyPath: "op.dseq" });
  db.createObjectStore("acked", { keyPath: "op.op" });
  db.createObjectStore("draft", { keyPath: "visit" });
  db.createObjectStore("log", { autoIncrement: true });
}

/** The result of a request. @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export function ask(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException("failed", "UnknownError"));
  });
}

/** What a request found, which was stored as a T.
 * @template T @param {Promise<unknown>} found @returns {Promise<T>} */
export async function as(found) {
  const value = await found;
  return /** @type {T} */ (value);
}

/** @returns {Promise<IDBDatabase>} */
async function open() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => build(request.result);
  const db = await ask(request);
  db.onversionchange = () => close(db);
  db.onclose = () => close(db);
  return db;
}

/** @param {IDBDatabase} db @returns {void} */
function close(db) {
  db.close();
  opened = null;
}

/** @param {IDBTransaction} tx @returns {Promise<void>} */
function ended(tx) {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new DOMException("aborted", "AbortError"));
  });
}

/** @template T @param {StoreName[]} names @param {IDBTransactionMode} mode
 * @param {(store: Stores) => Promise<T>} work @returns {Promise<T>} */
async function attempt(names, mode, work) {
  opened ??= open();
  const db = await opened;
  const tx = db.transaction(names, mode, { durability: "strict" });
  const end = ended(tx);
  end.catch(() => undefined);
  try {
    const value = await work((name) => tx.objectStore(name));
    await end;
    return value;
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It has ended already.
    }
    throw error;
  }
}

/** Run `work` in one transaction; it may run twice, so it must change nothing but the stores.
 * @template T @param {StoreName[]} names @param {IDBTransactionMode} mode
 * @param {(store: Stores) => Promise<T>} work @returns {Promise<T>} */
export async function transact(names, mode, work) {
  try {
    return await attempt(names, mode, work);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    opened = null;
    return attempt(names, mode, work);
  }
}
