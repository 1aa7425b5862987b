// Every piece of work that the server does not have yet, and why; and what it did not use.
import { h, icon } from "../lib/dom.js";
import { REASONS } from "./part-finish.js";
import { backLink } from "./parts.js";
import { VOTING } from "./session.js";
import { age } from "./time.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./overlay.js").Work} Work */
/** @typedef {import("./words.js").Word} Word */

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** @param {App} app @param {Work} work */
function taskText(app, { op }) {
  const visit = app.model.visits.get(op.target[1]);
  return visit?.tasks.find(({ id }) => id === op.args["task"])?.text[app.lang] ?? "";
}

/** @param {App} app @param {Work} work */
function statusText(app, { op: { args } }) {
  const reason = REASONS.find(([name]) => name === args["reason"])?.[1];
  const to = app.say(/** @type {Word} */ (args["to"]));
  return app.say("op_status", { what: reason ? `${to}, ${app.say(reason)}` : to });
}

/** @param {App} app @param {Work} work */
function countText(app, { op: { args, target } }) {
  const visit = app.model.visits.get(target[1]);
  const measure = String(args["measure"]);
  const counter = visit && app.model.counters(visit).find(({ id }) => id === measure);
  const n = Number(args["n"]);
  const what = VOTING.includes(measure)
    ? app.say(/** @type {Word} */ (`count_${measure}`))
    : (counter?.[app.lang] ?? "");
  return app.say("op_count", { what, n: n > 0 ? `+${n}` : String(n) });
}

/** @type {Readonly<Record<string, (app: App, work: Work) => string>>} */
const TEXTS = {
  "visit.status": statusText,
  "visit.check": (app, work) => app.say("op_check", { what: taskText(app, work) }),
  "visit.uncheck": (app, work) => app.say("op_uncheck", { what: taskText(app, work) }),
  "count.add": countText,
  "note.add": (app, { op }) => app.say("op_note", { what: String(op.args["text"]) }),
  "session.open": (app) => app.say("op_session_open"),
  "session.swap": (app) => app.say("op_session_swap"),
  "session.close": (app) => app.say("op_session_close"),
  "op.void": (app, { op }) =>
    app.say("op_void", { what: what(app, app.model.byOp.get(String(op.args["op"]))) }),
};

/** What was done, in words. @param {App} app @param {Work | undefined} work @returns {string} */
function what(app, work) {
  return (work && TEXTS[work.op.t]?.(app, work)) ?? "";
}

/** @param {App} app */
function why(app) {
  if (app.model.held.self?.refused) return app.say("why_refused");
  if (app.end === "offline") return app.say("why_offline");
  return app.say(app.end === "trouble" ? "why_trouble" : "why_waiting");
}

/** @param {App} app @param {Work} work @param {string} reason */
function line(app, work, reason) {
  const stop = app.model.stop(work.op.target[1]);
  const [word, n] = age(Date.now() - (work.op.at ?? Date.now()));
  return h(
    "li",
    { class: "unsent", "data-key": work.op.op },
    h("strong", {}, what(app, work)),
    h("span", {}, [stop?.site?.name, app.say(word, { n })].filter(Boolean).join(" · ")),
    h("span", { class: "soft" }, reason),
  );
}

/** @param {App} app @param {Work} work */
function refusedLine(app, work) {
  const { status = "failed", code = "" } = work.result ?? {};
  const why = app.wordOf(`why_${code}`, "why_unknown");
  if (why === "why_unknown")
    return line(app, work, app.say(/** @type {Word} */ (`st_${status}`), { code }));
  const kept = status === "conflict" ? ` ${app.say("kept_anyway")}` : "";
  return line(app, work, app.say(why) + kept);
}

/** Work of the last week that the server took but could not use. @param {App} app */
function toLookAt(app) {
  return app.model.held.acked.filter(
    ({ op, result }) =>
      ["conflict", "rejected", "failed"].includes(result?.status ?? "") &&
      (op.at ?? 0) > Date.now() - WEEK_MS,
  );
}

/** @param {App} app @returns {Node[]} */
function waiting(app) {
  const { outbox, aside } = app.model.held;
  if (outbox.length > 0) {
    return [h("ul", { class: "lines" }, ...outbox.map((work) => line(app, work, why(app))))];
  }
  return aside.length > 0 ? [] : [h("p", { class: "notice" }, app.say("unsent_none"))];
}

/** @param {App} app @returns {Node[]} */
export function unsentScreen(app) {
  const { outbox, aside } = app.model.held;
  const strange = toLookAt(app);
  const isSending = app.end === "sending";
  return [
    backLink(app),
    h("h1", { tabindex: "-1" }, app.say("unsent")),
    ...waiting(app),
    h(
      "div",
      { class: "row" },
      h(
        "button",
        { type: "button", class: "button primary", "data-act": "send" },
        icon("send"),
        h("span", {}, app.say(isSending ? "sending" : "send_now")),
      ),
      outbox.length + aside.length > 0 &&
        h(
          "button",
          { type: "button", class: "button", "data-act": "file" },
          icon("download"),
          h("span", {}, app.say("to_file")),
        ),
    ),
    ...(strange.length
      ? [
          h("h2", {}, app.say("look_at")),
          h("ul", { class: "lines" }, ...strange.map((work) => refusedLine(app, work))),
        ]
      : []),
  ];
}
