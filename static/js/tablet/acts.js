// What a tap, a tick or a form does. Elements name their act in data-act; one listener hears all.
import { blankCpr, hasCpr } from "../lib/cpr.js";
import { plain } from "../lib/text.js";
import { SESSION_ACTS } from "./acts-session.js";
import { enrol } from "./enrol.js";
import { exportUnsent } from "./export.js";
import { unanswered } from "./overlay.js";
import { NOTE_LENGTH } from "./part-work.js";
import { keepDraft, keepLang } from "./store.js";
import { applyUpdate } from "./worker.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./pulse.js").Pulse} Pulse */
/** @typedef {{app: App, pulse: Pulse, element: HTMLElement, data: DOMStringMap, visit: string}} Tap */

const DRAFT_MS = 300;

/** @param {Tap} tap */
async function status({ app, data, visit }) {
  const now = app.model.visits.get(visit);
  const missing = data["to"] === "done" && now ? unanswered(now)[0] : undefined;
  if (missing) document.getElementById(missing.id)?.focus();
  else await app.work("visit.status", visit, { to: data["to"] });
}

/** @param {Tap} tap */
async function reason({ app, data, visit }) {
  app.choosing = "";
  if (data["reason"]) {
    await app.work("visit.status", visit, { to: "no_access", reason: data["reason"] });
  } else app.draw();
}

/** @param {Tap} tap */
async function check({ app, data, visit }) {
  const task = app.model.visits.get(visit)?.tasks.find(({ id }) => id === data["task"]);
  if (!task) return;
  if (task.done) await app.work("visit.uncheck", visit, { task: task.id, seen: task.ops });
  else await app.work("visit.check", visit, { task: task.id });
  app.draw();
}

/** @param {Tap} tap */
async function count({ app, data, visit }) {
  await app.work("count.add", visit, { measure: data["measure"], n: Number(data["n"]) });
}

/** @param {Tap} tap */
async function note({ app, element, visit }) {
  const field = element.querySelector("textarea");
  const text = plain(field?.value ?? "");
  app.problem = !text ? "note_empty" : hasCpr(text) ? "note_cpr" : null;
  if (app.problem || !field) {
    app.draw();
    field?.focus();
  } else {
    // Emptied first, so that no draft of it is kept after the note.
    field.value = "";
    if (!(await app.work("note.add", visit, { text }))) field.value = text;
  }
}

/** @param {Tap} tap */
async function undo({ app, data }) {
  const work = app.model.byOp.get(data["op"] ?? "");
  if (work) await app.work("op.void", work.op.target[1], { op: work.op.op });
}

/** @type {Readonly<Record<string, (tap: Tap) => Promise<void> | void>>} */
const ACTS = {
  ...SESSION_ACTS,
  status,
  reason,
  check,
  count,
  note,
  undo,
  enrol: ({ app, pulse, element }) => enrol(app, pulse, element),
  send: ({ pulse }) => pulse.now(),
  file: ({ app }) => exportUnsent(app.model),
  update: () => applyUpdate(),
  again: () => location.reload(),
  lang: async ({ app, data }) => {
    await keepLang(data["lang"] ?? "da");
    await app.load();
  },
  "no-access": ({ app, visit }) => {
    app.choosing = visit;
    app.draw();
    document.getElementById("why")?.focus();
  },
};

/** @param {App} app @param {Pulse} pulse */
function listen(app, pulse) {
  /** Acts run one after the other, so that each sees what the one before left.
   * @type {Promise<void>} */
  let last = Promise.resolve();
  /** @param {Event} event @param {string} kinds */
  const hear = (event, kinds) => {
    const from = event.target instanceof Element ? event.target.closest("[data-act]") : null;
    if (!(from instanceof HTMLElement) || !from.matches(kinds)) return;
    if (event.type === "submit") event.preventDefault();
    const act = ACTS[from.dataset["act"] ?? ""];
    const visit = from.closest("[data-visit]")?.getAttribute("data-visit") ?? "";
    const tap = { app, pulse, element: from, data: { ...from.dataset }, visit };
    last = last.then(() => act?.(tap)).catch((error) => console.error(error));
  };
  app.root.addEventListener("click", (event) => hear(event, "button"));
  app.root.addEventListener("change", (event) => hear(event, "input"));
  app.root.addEventListener("submit", (event) => hear(event, "form"));
}

/** Keep what is being written, should the tablet be put away.
 * @param {App} app */
function listenToDrafts(app) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  app.root.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLTextAreaElement)) return;
    const visit = target.closest("[data-visit]")?.getAttribute("data-visit") ?? "";
    const text = target.value;
    app.model.held.drafts.set(visit, text);
    const left = document.getElementById("note-left");
    if (left) left.textContent = app.say("note_left", { n: NOTE_LENGTH - text.length });
    clearTimeout(timer);
    timer = setTimeout(() => {
      void keepDraft(visit, blankCpr(target.value)).catch(console.error);
    }, DRAFT_MS);
  });
}

/** Hear everything that is done on the page. @param {App} app @param {Pulse} pulse */
export function startActs(app, pulse) {
  listen(app, pulse);
  listenToDrafts(app);
}
