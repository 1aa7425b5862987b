// The order of what was done here: numbers within a line, batches, and a new line. Pure.

/** @typedef {import("./overlay.js").Work} Work */

export const MOST_OPS = 200;
const MOST_BYTES = 256 * 1024;
const FEW_OPS = 10;

/** The operations of the next request: at most `size`, and not too long together.
 * @param {readonly Work[]} works by number @param {number} size @returns {Work[]} */
export function take(works, size) {
  const batch = [];
  let bytes = 0;
  for (const work of works.slice(0, Math.min(size, MOST_OPS))) {
    bytes += JSON.stringify(work.op).length * 2;
    if (batch.length > 0 && bytes > MOST_BYTES) break;
    batch.push(work);
  }
  return batch;
}

/** How many operations to try next after so many were too slow for the network.
 * @param {number} size */
export const fewer = (size) => Math.min(size, Math.max(FEW_OPS, Math.floor(size / 2)));

/** Number works from 1, as a new line wants it; nothing else of them changes.
 * @param {readonly Work[]} works in their order @returns {Work[]} */
export function renumber(works) {
  return works.map((work, at) => ({ ...work, op: { ...work.op, dseq: at + 1 } }));
}

/** @param {Work} a @param {Work} b */
const byTime = (a, b) => (a.op.op < b.op.op ? -1 : 1);

/** The outbox of a new line. After a reset the server may have lost what it acknowledged: offer
 * that again, first; the rows on the tablet contain it already.
 * @param {readonly Work[]} acked @param {readonly Work[]} outbox by number @returns {Work[]} */
export function afterReset(acked, outbox) {
  const waiting = new Set(outbox.map(({ op }) => op.op));
  const again = acked
    .filter(({ op }) => !waiting.has(op.op))
    .sort(byTime)
    .map(({ op, was, unseen }) => (unseen ? { op, was } : { op, was, inBase: true }));
  return renumber([...again, ...outbox]);
}
