// When to sync: soon after an act, whenever there may be a network again, and every minute while
// somebody looks; slower and slower while it fails. One request at a time in all tabs together.
import { MOST_OPS, fewer } from "./outbox.js";
import { roundTrip } from "./sync.js";

/** @typedef {import("./sync.js").End} End */

const AFTER_ACT_MS = 1000;
const EVERY_MS = 60_000;
const FIRST_MS = 2000;
const LONGEST_MS = 300_000;
const TIMEOUT_MS = 15_000;
const MOST_TRIPS = 100;

/** How long to wait after so many failures: full jitter from 2 s to 5 min.
 * @param {number} failures @param {number} chance from 0 to 1 */
export function backOff(failures, chance) {
  return Math.max(FIRST_MS / 2, chance * Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)));
}

/** A browser heeds Clear-Site-Data only where it may touch cookies too; the server looks at none.
 * @param {import("./wire.js").SyncRequest} request @returns {RequestCredentials} */
const credentials = ({ view, pending }) =>
  view === null && pending === 0 ? "same-origin" : "omit";

/** @type {import("./sync.js").Send} */
async function post(request, token) {
  const answer = await fetch("/api/v1/sync", {
    method: "POST",
    credentials: credentials(request),
    cache: "no-store",
    headers: { "Content-Type": "application/json", Authorization: `Device ${token}` },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const retry = Number(answer.headers.get("Retry-After"));
  /** @type {unknown} */
  const body = await answer.json().catch((/** @type {unknown} */ error) => {
    if (error instanceof SyntaxError) return null;
    throw error;
  });
  return { status: answer.status, retryAfter: retry > 0 ? retry : null, body };
}

export class Pulse {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #failures = 0;
  #size = MOST_OPS;
  #notBefore = 0;

  /** @param {string} app the version of this code
   * @param {(end: End | "sending") => void} tell what became of it */
  constructor(app, tell) {
    this.app = app;
    this.tell = tell;
  }

  /** Listen to everything that may bring the network back. */
  start() {
    const wake = () => document.visibilityState === "visible" && this.soon(0);
    addEventListener("online", () => this.now());
    addEventListener("pageshow", wake);
    document.addEventListener("visibilitychange", wake);
    setInterval(wake, EVERY_MS);
    this.soon(0);
  }

  /** Sync a little later, once for several acts; a pause that was asked for is kept. */
  soon(ms = AFTER_ACT_MS) {
    clearTimeout(this.#timer);
    const pause = Math.max(ms, this.#notBefore - Date.now());
    this.#timer = setTimeout(() => void this.#go(), pause);
  }

  /** Sync at once: somebody asked for it, or the network is back. */
  now() {
    this.#notBefore = 0;
    this.soon(0);
  }

  async #go() {
    const end = await navigator.locks.request("outreach-sync", { ifAvailable: true }, (lock) =>
      lock ? this.#round().catch(() => /** @type {End} */ ("trouble")) : null,
    );
    if (end) this.tell(end);
  }

  /** Round trips until nothing is left or something is in the way. @returns {Promise<End>} */
  async #round() {
    this.tell("sending");
    for (let trips = 0; trips < MOST_TRIPS; trips += 1) {
      const how = { size: this.#size, app: this.app, now: Date.now };
      const { end, retryAfter, isSlow } = await roundTrip(post, how);
      if (isSlow) this.#size = fewer(this.#size);
      if (end === "halve") this.#size = Math.max(1, Math.floor(this.#size / 2));
      else if (end === "offline" || end === "trouble") {
        this.#wait(retryAfter ?? null);
        return end;
      } else if (end !== "more") {
        this.#failures = 0;
        this.#notBefore = 0;
        this.#size = MOST_OPS;
        return end;
      }
    }
    this.#wait(null);
    return "trouble";
  }

  /** @param {number | null} retryAfter seconds */
  #wait(retryAfter) {
    this.#failures += 1;
    const pause = retryAfter ? retryAfter * 1000 : backOff(this.#failures, Math.random());
    this.#notBefore = Date.now() + pause;
    this.soon(pause);
  }
}
