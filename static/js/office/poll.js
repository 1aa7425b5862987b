// Follows a job of the server: <section data-job="/jobs/…"> shows its words, its progress and its
// falling cost, and goes on to the next page when it ends.

/**
 * @typedef {object} Job
 * @property {"queued" | "running" | "done" | "failed" | "stopped"} state
 * @property {string} text what to tell the reader
 * @property {number | null} progress from 0 to 1, null where unknown
 * @property {[number, number][]} costs pairs of seconds and cost
 * @property {string | null} next where to go when it has ended
 */

const FAST_MS = 250;
const SLOW_MS = 1000;
const FAST_FOR_MS = 5000;

/** How long to wait before asking again. @param {number} sinceMs @returns {number} */
export function pause(sinceMs) {
  return sinceMs < FAST_FOR_MS ? FAST_MS : SLOW_MS;
}

/** Points of the falling line in a box of 100 × 40, the dearest plan on top.
 * @param {readonly (readonly [number, number])[]} costs @returns {string} */
export function linePoints(costs) {
  const end = Math.max(...costs.map(([at]) => at), 1);
  const all = costs.map(([, cost]) => cost);
  const low = Math.min(...all);
  const span = Math.max(...all) - low || 1;
  const place = (/** @type {readonly [number, number]} */ [at, cost]) =>
    `${((at / end) * 100).toFixed(1)},${(38 - ((cost - low) / span) * 36).toFixed(1)}`;
  const last = costs.at(-1);
  return [...costs.map(place), ...(last ? [place([end, last[1]])] : [])].join(" ");
}

/** @param {HTMLElement} section @param {Job} job @returns {void} */
function show(section, job) {
  section.dataset["state"] = job.state;
  const text = section.querySelector("[data-job-text]");
  if (text && text.textContent !== job.text) text.textContent = job.text;
  const bar = section.querySelector("progress");
  if (bar && job.progress !== null) bar.value = job.progress;
  if (job.costs.length > 0) {
    section.querySelector("polyline")?.setAttribute("points", linePoints(job.costs));
  }
}

/** @param {unknown} body @returns {body is Job} */
function isJob(body) {
  return typeof body === "object" && body !== null && "state" in body && "costs" in body;
}

/** Ask once; null when nothing is new, "lost" when it may not be asked any more.
 * @param {string} url @param {{etag: string}} memory @returns {Promise<Job | "lost" | null>} */
async function ask(url, memory) {
  const headers = { Accept: "application/json", "If-None-Match": memory.etag };
  const answer = await fetch(url, { headers, cache: "no-store" });
  if (answer.status >= 400 && answer.status < 500) return "lost";
  if (!answer.ok) return null;
  memory.etag = answer.headers.get("ETag") ?? "";
  /** @type {unknown} */
  const body = await answer.json();
  return isJob(body) ? body : null;
}

/** Tell the page, and move on unless somebody prevents it.
 * @param {HTMLElement} section @param {Job} job @returns {void} */
function end(section, job) {
  const ended = new CustomEvent("job:ended", { detail: job, bubbles: true, cancelable: true });
  if (!section.dispatchEvent(ended)) return;
  if (job.next) location.assign(job.next);
  else location.reload();
}

/** @param {HTMLElement} section @returns {Promise<void>} */
async function follow(section) {
  const memory = { etag: "" };
  const start = Date.now();
  for (;;) {
    const job = await ask(section.dataset["job"] ?? "", memory).catch(() => null);
    if (job === "lost") return;
    if (job) show(section, job);
    if (job) section.dispatchEvent(new CustomEvent("job:told", { detail: job, bubbles: true }));
    if (job && job.state !== "queued" && job.state !== "running") {
      end(section, job);
      return;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, pause(Date.now() - start));
    });
  }
}

/** Start following the jobs of a page. @param {Document} page @returns {void} */
export function startJobs(page) {
  for (const section of page.querySelectorAll("[data-job]")) {
    if (section instanceof HTMLElement) void follow(section);
  }
}
