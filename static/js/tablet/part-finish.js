// How a visit ends. It is not done while a mandatory task is open.
import { h, icon } from "../lib/dom.js";
import { rank, unanswered } from "./overlay.js";
import { section } from "./parts.js";
import { fold } from "./session.js";
import { counted } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./model.js").Stop} Stop */
/** @typedef {import("./words.js").Word} Word */

/** Wire word and shown word of every reason. @type {[string, Word][]} */
export const REASONS = [
  ["closed", "closed"],
  ["outbreak", "outbreak"],
  ["no_host", "no_host"],
  ["refused", "refused_us"],
  ["unsafe", "unsafe"],
  ["other", "other"],
];

/** @param {App} app */
function reasons(app) {
  const buttons = REASONS.map(([reason, word]) =>
    h(
      "button",
      { type: "button", class: "button", "data-act": "reason", "data-reason": reason },
      app.say(word),
    ),
  );
  return h(
    "div",
    { class: "reasons", role: "group", "aria-labelledby": "why", "data-key": "reasons" },
    h("h3", { id: "why", tabindex: "-1" }, app.say("why")),
    h("div", { class: "row" }, ...buttons),
    h(
      "button",
      { type: "button", class: "button quiet", "data-act": "reason", "data-reason": "" },
      app.say("cancel"),
    ),
  );
}

/** @param {App} app @param {Stop} stop @param {string} to @param {string} sign */
function endButton(app, { visit }, to, sign) {
  const isShut = to === "done" && unanswered(visit).length > 0;
  return (
    rank(to) > rank(visit.status) &&
    h(
      "button",
      {
        type: "button", class: to === "done" ? "button primary" : "button", "data-key": to,
        "data-to": to, "data-act": to === "no_access" ? "no-access" : "status",
        "aria-disabled": isShut && "true", "aria-describedby": isShut && "missing",
      }, // prettier-ignore
      icon(sign),
      h("span", {}, app.say(/** @type {Word} */ (to))),
    )
  );
}

/** A visit with a voting session is done when that is closed. @param {App} app @param {Stop} stop */
export function finish(app, stop) {
  const { session } = stop.visit;
  const state = session && fold(session.marks).state;
  if (state === "open") return section(app, "finish", h("p", {}, app.say("close_first")));
  return ending(app, stop, state !== "planned");
}

/** @param {App} app @param {Stop} stop @param {boolean} mayBeDone */
function ending(app, stop, mayBeDone) {
  const { id, visit } = stop;
  const missing = unanswered(visit).length;
  const reason = REASONS.find(([name]) => name === visit.reason)?.[1];
  const canEnd = rank(visit.status) < rank("done");
  return section(
    app,
    "finish",
    rank(visit.status) > 2 && h("p", { class: "big", "data-key": "ended" },
      [app.say(/** @type {Word} */ (visit.status)), reason && app.say(reason)].filter(Boolean).join(": ")),
    canEnd && mayBeDone && missing > 0 &&
      h("p", { class: "hint", id: "missing" }, app.say(counted("missing", missing), { n: missing })),
    app.choosing === id
      ? reasons(app)
      : h("div", { class: "row", "data-key": "ends" },
          mayBeDone && endButton(app, stop, "done", "circle-check"),
          mayBeDone && endButton(app, stop, "partial", "check"),
          endButton(app, stop, "no_access", "x")),
  ); // prettier-ignore
}
