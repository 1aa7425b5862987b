// A voting session on the whole screen: open it with two, count, swap, close it with two.
import { h, icon } from "../lib/dom.js";
import { naming } from "./part-naming.js";
import { clockNotice, figures, isCounted, refusals, shutText, stateLine } from "./part-session.js";
import { notes } from "./part-work.js";
import { VOTING, fold, lack, namesOf, tooShort } from "./session.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./model.js").Stop} Stop */
/** @typedef {import("./wire.js").SessionBody} SessionBody */
/** @typedef {import("./words.js").Word} Word */

/** @param {App} app @param {string} href @param {Word} word */
const back = (app, href, word) =>
  h(
    "a",
    { class: "back", href, "data-key": "back" },
    icon("chevron-left"),
    h("span", {}, app.say(word)),
  );

/** Ask before a session closes that has not lasted as long as the rules want.
 * @param {App} app @param {SessionBody} session */
function earliness(app, session) {
  const minutes = tooShort(session, app.now());
  if (minutes === null) return null;
  const { isEarly } = app.naming;
  const since = { n: minutes, time: app.clockAt(fold(session.marks).openedAt ?? 0) };
  return h(
    "section",
    { class: "card", "data-key": "early" },
    h("p", { class: "notice warn", id: "early" }, app.say("early", { ...since, least: session.least })),
    h("button", { type: "button", class: "button person", "data-act": "early",
      "aria-pressed": String(isEarly), "aria-describedby": "early", "data-key": "sure" },
      icon(isEarly ? "circle-check" : "users"), h("span", {}, app.say("all_voted"))),
  ); // prettier-ignore
}

/** What is still to be said before it opens, swaps or closes, as a sentence; null where nothing is.
 * @param {App} app @param {SessionBody} session @param {"open" | "swap" | "close"} kind */
function lacking(app, session, kind) {
  const shut = kind === "open" ? shutText(app, session) : null;
  if (shut) return shut;
  const missing = lack(session, app.naming.confirmed);
  if (missing) return app.say(missing, { n: Math.max(2, session.crew.min) });
  const isAsked = kind === "close" && tooShort(session, app.now()) !== null;
  return isAsked && !app.naming.isEarly ? app.say("say_all_voted") : null;
}

/** The button that opens, swaps or closes; it says what is missing.
 * @param {App} app @param {SessionBody} session @param {"open" | "swap" | "close"} kind */
function decide(app, session, kind) {
  const why = lacking(app, session, kind);
  const word = /** @type {Word} */ (`${kind}_session`);
  return [
    why && h("p", { class: "notice warn", id: "missing", "data-key": "missing" }, why),
    h("button", { type: "button", class: "button primary huge", "data-act": "session",
      "data-kind": kind, "data-key": "decide", "aria-disabled": why && "true",
      "aria-describedby": why && "missing" },
      icon(kind === "close" ? "lock" : kind === "swap" ? "users" : "vote"), h("span", {}, app.say(word))),
  ]; // prettier-ignore
}

/** @param {App} app @param {Stop} stop @param {SessionBody} session
 * @param {"open" | "swap" | "close"} kind */
const asking = (app, stop, session, kind) => [
  kind === "open"
    ? back(app, `#/stop/${stop.id}`, "back_to_stop")
    : back(app, `#/session/${stop.id}`, "back_to_session"),
  h("h1", { tabindex: "-1" }, app.say(/** @type {Word} */ (`${kind}_title`), { site: stop.site?.name ?? "" })),
  clockNotice(app),
  ...refusals(app, stop),
  (kind === "close" || (kind === "open" && isCounted(stop.visit))) && figures(app, stop),
  h("section", { class: "card", "data-key": "naming" }, ...naming(app, session)),
  kind === "close" && earliness(app, session),
  ...decide(app, session, kind),
]; // prettier-ignore

/** @param {App} app @param {Stop} stop @param {string} measure */
function tile(app, { visit }, measure) {
  const name = app.say(/** @type {Word} */ (`count_${measure}`));
  const total = visit.counts[measure] ?? 0;
  /** @param {"plus" | "minus"} word @param {number} n */
  const button = (word, n) =>
    h("button", { type: "button", class: `tile-${word}`, "data-act": "count", "data-measure": measure,
      "data-n": n, "data-key": word, "aria-label": app.say(word, { name }),
      disabled: n < 0 && total <= 0 }, icon(word)); // prettier-ignore
  return h(
    "li",
    { class: "tile", "data-measure": measure, "data-key": measure },
    h("h2", {}, name),
    h("p", { class: "soft" }, app.say(/** @type {Word} */ (`about_${measure}`))),
    h("output", { "aria-label": name }, String(total)),
    h("div", { class: "tile-buttons" }, button("minus", -1), button("plus", 1)),
  );
}

/** @param {App} app @param {Stop} stop @param {SessionBody} session */
const voting = (app, stop, session) => [
  back(app, `#/stop/${stop.id}`, "back_to_stop"),
  h("h1", { tabindex: "-1" }, stop.site?.name),
  h("div", { class: "session-head", "data-key": "head" },
    stateLine(app, session),
    h("p", {}, app.say("received_by", { names: namesOf(session, fold(session.marks).here).join(", ") }))),
  clockNotice(app),
  ...refusals(app, stop),
  h("ul", { class: "tiles", "data-key": "tiles" }, ...VOTING.map((measure) => tile(app, stop, measure))),
  h("div", { class: "row", "data-key": "ends" },
    h("a", { class: "button", href: `#/session/${stop.id}/swap` }, icon("users"), h("span", {}, app.say("swap"))),
    h("a", { class: "button primary", href: `#/session/${stop.id}/close` }, icon("lock"),
      h("span", {}, app.say("close_session")))),
  notes(app, stop),
]; // prettier-ignore

/** @param {App} app @param {Stop} stop @param {SessionBody} session */
function summary(app, stop, session) {
  const { openedBy, closedBy, openedAt, isDoubtful } = fold(session.marks);
  const opened = { names: namesOf(session, openedBy).join(", "), time: app.clockAt(openedAt ?? 0) };
  return [
    back(app, `#/stop/${stop.id}`, "back_to_stop"),
    h("h1", { tabindex: "-1" }, stop.site?.name),
    stateLine(app, session),
    isDoubtful && h("p", { class: "notice warn", "data-key": "unsure" }, app.say("mark_doubtful")),
    ...refusals(app, stop),
    h("section", { class: "card", "data-key": "sum" },
      h("h2", {}, app.say("summary")),
      figures(app, stop),
      h("p", {}, app.say("opened_by", opened)),
      h("p", {}, app.say("closed_by", { names: namesOf(session, closedBy).join(", ") })),
      h("p", { class: "soft" }, app.say("summary_hint"))),
    notes(app, stop),
  ]; // prettier-ignore
}

/** @param {App} app @param {Stop} stop @param {SessionBody} session @param {string} step */
function parts(app, stop, session, step) {
  const { state } = fold(session.marks);
  if (state === "planned") return asking(app, stop, session, "open");
  if (state === "closed") return summary(app, stop, session);
  if (step === "swap" || step === "close") return asking(app, stop, session, step);
  return voting(app, stop, session);
}

/** @param {App} app @param {string} id @param {string} step @returns {Node[]} */
export function sessionScreen(app, id, step) {
  const stop = app.model.stop(id);
  const session = stop?.visit.session;
  if (!stop || !session) return [back(app, "#/", "back"), h("h1", { tabindex: "-1" }, app.say("gone"))];
  return [h("article", { class: "session", "data-key": id, "data-visit": id }, ...parts(app, stop, session, step))];
} // prettier-ignore
