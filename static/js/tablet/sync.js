// One round trip: send what waits, take in what comes. It decides nothing about when.
import { take } from "./outbox.js";
import { keepAnswer } from "./receive.js";
import { keepRefused, readOutgoing } from "./store.js";

/** @typedef {import("./wire.js").SyncRequest} SyncRequest */
/** @typedef {import("./wire.js").SyncAnswer} SyncAnswer */
/** @typedef {{status: number, retryAfter: number | null, body: unknown}} Reply */
/** @typedef {(request: SyncRequest, token: string) => Promise<Reply>} Send */
/** @typedef {"sent" | "more" | "halve" | "unknown" | "refused" | "wiped" | "offline" | "trouble"} End */
/** @typedef {{end: End, retryAfter?: number | null, isSlow?: boolean}} Outcome */

const PROTO = 1;
const LAYOUT = 1;

/** @param {import("./store.js").Outgoing & {self: import("./store.js").Self}} outgoing
 * @param {{size: number, now: number, app: string}} how @returns {SyncRequest} */
function letter({ self, works, aside }, { size, now, app }) {
  return {
    proto: PROTO,
    schema: LAYOUT,
    app,
    device: self.device,
    line: self.line,
    epoch: self.epoch,
    view: self.view,
    rid: crypto.randomUUID(),
    now,
    pending: works.length + aside,
    ops: take(works, size).map(({ op }) => op),
  };
}

/** @param {unknown} body @param {string} rid @returns {body is SyncAnswer} */
function isAnswer(body, rid) {
  return (
    typeof body === "object" && body !== null && "rid" in body && body.rid === rid &&
    "results" in body && Array.isArray(body.results)
  ); // prettier-ignore
}

/** @param {SyncAnswer} answer @param {SyncRequest} asked @param {number} now
 * @returns {Promise<End>} */
async function takeIn(answer, asked, now) {
  const { line, device, ops } = asked;
  const kept = await keepAnswer(answer, { line, device, now, sent: ops.length });
  if (kept !== "kept") return kept === "wiped" ? "wiped" : "trouble";
  const { works } = await readOutgoing();
  // Work that is another user's keeps a withdrawn tablet from being emptied.
  if (answer.wipe === false && answer.results.length === 0) return "trouble";
  if (works.length === 0 && !answer.reset && !answer.fork && answer.wipe === undefined) {
    return "sent";
  }
  return "more";
}

/** Tell the server that nothing is left here; it lets the browser drop all files as well.
 * @param {Send} send @param {SyncRequest} asked @param {string} token */
async function sayGoodbye(send, asked, token) {
  const rid = crypto.randomUUID();
  await send({ ...asked, rid, view: null, pending: 0, ops: [] }, token).catch(() => undefined);
}

/** Whether the network is there, but too slow for so much. @param {unknown} error */
const isTimeout = (error) => error instanceof DOMException && error.name === "TimeoutError";

/** @param {Send} send @param {{size: number, app: string, now: () => number}} how
 * @returns {Promise<Outcome>} */
export async function roundTrip(send, { size, app, now }) {
  const outgoing = await readOutgoing();
  const { self } = outgoing;
  if (!self) return { end: "unknown" };
  const asked = letter({ ...outgoing, self }, { size, app, now: now() });
  /** @type {Reply} */
  let reply;
  try {
    reply = await send(asked, self.token);
  } catch (error) {
    return { end: "offline", isSlow: isTimeout(error) };
  }
  const { status, retryAfter, body } = reply;
  if ((status === 200 || status === 410) && isAnswer(body, asked.rid)) {
    const end = await takeIn(body, asked, now());
    if (end === "wiped") await sayGoodbye(send, asked, self.token);
    return { end };
  }
  if (status === 401) {
    await keepRefused();
    return { end: "refused" };
  }
  if (status === 413 && asked.ops.length > 1) return { end: "halve" };
  return { end: "trouble", retryAfter };
}
