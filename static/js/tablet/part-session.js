// The card of a voting session: how far it is, what the law allows, who may receive, what next.
import { h, icon } from "../lib/dom.js";
import { section } from "./parts.js";
import { VOTING, clockDoubt, fold, namesOf, whyShut } from "./session.js";
import { clock, clockAt, dayName, dayOf, minuteOf } from "./time.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./model.js").Stop} Stop */
/** @typedef {import("./wire.js").SessionBody} SessionBody */
/** @typedef {import("./words.js").Word} Word */

/** @type {Readonly<Record<string, string>>} */
const SIGNS = { planned: "clock", open: "vote", closed: "lock" };

/** @type {Readonly<Record<import("./session.js").Standing["state"], Word>>} */
const NEXT = { planned: "open_session", open: "go_on", closed: "see_summary" };

/** A moment with its day. @param {App} app @param {number} ms */
const moment = (app, ms) =>
  `${dayName(app.lang, dayOf(ms))} ${app.say("at", { time: clockAt(app.lang, ms) })}`;

/** An end of the window: a day, where it is the whole day. @param {App} app @param {number} ms
 * @param {number} whole the minute at which a day begins or ends */
const edge = (app, ms, whole) =>
  minuteOf(ms) === whole ? dayName(app.lang, dayOf(ms)) : moment(app, ms);

/** @param {App} app @param {SessionBody} session */
const ends = (app, { opens, shuts }) => ({
  from: edge(app, opens ?? 0, 0),
  to: edge(app, shuts ?? 0, 1439),
});

/** The legal window in words, with its paragraph. @param {App} app @param {SessionBody} session */
function windowText(app, session) {
  if (session.opens === null || session.shuts === null) return app.say("no_window");
  return app.say("window", { ...ends(app, session), cite: session.cite });
}

/** Why it may not be open now, as a sentence; null where it may.
 * @param {App} app @param {SessionBody} session */
export function shutText(app, session) {
  const now = app.now();
  const why = whyShut(session, now, minuteOf(now));
  if (why === null) return null;
  const [from = 0, to = 0] = session.hours ?? [];
  const hours = { from: clock(app.lang, from), to: clock(app.lang, to) };
  return app.say(why, {
    cite: session.cite,
    now: moment(app, now),
    ...(why === "wrong_hour" ? hours : ends(app, session)),
  });
}

/** Whether the time is sure; said plainly where it is not. @param {App} app */
export function clockNotice(app) {
  const doubt = clockDoubt(app.model.held.self, app.now());
  return (
    doubt &&
    h("p", { class: "notice warn", "data-key": "doubt" }, h("span", {}, icon("clock"), " ", app.say(doubt)))
  ); // prettier-ignore
}

/** State and since when, large. @param {App} app @param {SessionBody} session */
export function stateLine(app, session) {
  const { state, openedAt, closedAt } = fold(session.marks);
  const at = closedAt ?? openedAt;
  const word = /** @type {Word} */ (`session_${state}`);
  return h(
    "p",
    { class: "session-state", "data-state": state, "data-key": "state" },
    icon(SIGNS[state] ?? "clock"),
    h("span", {}, app.say(word), at ? ` ${app.say("at", { time: clockAt(app.lang, at) })}` : ""),
  );
}

/** The four figures, as words. @param {App} app @param {Stop} stop */
export const figures = (app, { visit }) =>
  h(
    "dl",
    { class: "figures", "data-key": "figures" },
    ...VOTING.map((measure) =>
      h("div", {}, h("dt", {}, app.say(/** @type {Word} */ (`count_${measure}`))),
        h("dd", {}, String(visit.counts[measure] ?? 0))),
    ),
  ); // prettier-ignore

/** What the server refused at this session, or took although it does not fit; what was counted is
 * kept. An opening that was refused is forgotten once the session is open.
 * @param {App} app @param {Stop} stop */
export function refusals(app, { id, visit }) {
  const isPlanned = !visit.session || fold(visit.session.marks).state === "planned";
  const all = app.model.held.acked.filter(
    ({ op, result }) =>
      op.target[1] === id && op.t.startsWith("session.") &&
      (isPlanned || op.t !== "session.open") &&
      ["rejected", "conflict", "failed"].includes(result?.status ?? ""),
  ); // prettier-ignore
  return all.map(({ op, result }) =>
    h(
      "p",
      { class: "notice alert", "data-key": op.op },
      h("span", {}, app.say(result?.status === "conflict" ? "kept_mark" : "refused_mark", {
        what: app.say(/** @type {Word} */ (op.t.replace("session.", "op_session_"))),
        time: clockAt(app.lang, (op.at ?? 0) + (op.off ?? 0)),
        why: app.say(app.wordOf(`why_${result?.code ?? ""}`, "why_unknown")),
      })),
    ),
  ); // prettier-ignore
}

/** @param {App} app @param {SessionBody} session */
function receivers(app, session) {
  const mine = session.receivers.filter(({ member }) => member);
  const lines = mine.map(({ id, name, why_not }) =>
    h("li", { "data-key": id }, h("strong", {}, name),
      why_not && h("span", { class: "warn-text" }, icon("warning"), " ", why_not[app.lang])),
  ); // prettier-ignore
  return [
    h("h3", { "data-key": "who" }, app.say("receivers")),
    h("ul", { class: "seats", "data-key": "seats" }, ...lines),
  ];
}

/** Whether there is something to show, also where the opening was refused.
 * @param {import("./wire.js").VisitBody} visit */
export const isCounted = ({ counts }) => VOTING.some((measure) => counts[measure]);

/** What comes next, as one large button. @param {App} app @param {Stop} stop
 * @param {SessionBody} session */
function next(app, { id }, session) {
  const { state } = fold(session.marks);
  const shut = state === "planned" ? shutText(app, session) : null;
  const word = NEXT[state];
  if (shut) {
    return [
      h("p", { class: "notice warn", id: "shut", "data-key": "shut" }, shut),
      h("button", { type: "button", class: "button primary huge", "aria-disabled": "true",
        "aria-describedby": "shut", "data-key": "next" }, icon("vote"), app.say(word)),
    ]; // prettier-ignore
  }
  return [
    h("a", { class: "button primary huge", href: `#/session/${id}`, "data-key": "next" },
      icon("vote"), h("span", {}, app.say(word))),
  ]; // prettier-ignore
}

/** Who receives: the round's people, or those who are there.
 * @param {App} app @param {SessionBody} session */
function who(app, session) {
  const { state, openedBy, here } = fold(session.marks);
  if (state === "planned") return receivers(app, session);
  const names = namesOf(session, here.length ? here : openedBy).join(", ");
  return [h("p", { "data-key": "by" }, app.say("received_by", { names }))];
}

/** What is planned, in one line. @param {App} app @param {SessionBody} session */
function plan(app, session) {
  const [from, to] = session.doors;
  const planned = app.say("doors", { from: clock(app.lang, from), to: clock(app.lang, to) });
  const part = app.say("part", { part: session.part, parts: session.parts });
  const votes = app.say("expected", { n: session.expected });
  return [planned, votes, session.parts > 1 && part].filter(Boolean).join(" · ");
}

/** @param {App} app @param {Stop} stop */
export function sessionCard(app, stop) {
  const { session } = stop.visit;
  if (!session) return null;
  const { state, isDoubtful } = fold(session.marks);
  return section(
    app,
    "session",
    stateLine(app, session),
    state !== "closed" && clockNotice(app),
    isDoubtful && h("p", { class: "notice warn", "data-key": "unsure" }, app.say("mark_doubtful")),
    ...refusals(app, stop),
    h("p", { "data-key": "title" }, h("strong", {}, session.title), " · ", plan(app, session)),
    h("p", { class: "soft", "data-key": "window" }, windowText(app, session)),
    ...who(app, session),
    (state !== "planned" || isCounted(stop.visit)) && figures(app, stop),
    ...next(app, stop, session),
  ); // prettier-ignore
}
