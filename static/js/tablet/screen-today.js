// The round: the next stop as one big card, the rest as a list.
import { h, icon } from "../lib/dom.js";
import { isOver } from "./overlay.js";
import { statePill } from "./parts.js";
import { clock, clockAt, dayName, dayOf } from "./time.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./model.js").Stop} Stop */
/** @typedef {import("./wire.js").RoundBody} RoundBody */

/** @param {App} app @param {Stop} stop */
const times = (app, { visit }) => `${clock(app.lang, visit.start)}–${clock(app.lang, visit.end)}`;

/** @param {App} app @param {Stop} stop */
const services = (app, { visit }) =>
  app.model
    .servicesOf(visit)
    .map((service) => service.name[app.lang])
    .join(", ");

/** @param {App} app @param {Stop} stop */
function where(app, { site }) {
  if (site?.secret) return app.say("secret");
  return [site?.address, site?.area].filter(Boolean).join(", ");
}

/** @param {App} app @param {Stop} stop */
function nextCard(app, stop) {
  return h(
    "a",
    { class: "card next", href: `#/stop/${stop.id}`, "data-key": `next-${stop.id}` },
    h(
      "span",
      { class: "next-top" },
      h("span", { class: "eyebrow" }, app.say("next_stop")),
      statePill(app, stop.visit.status),
    ),
    h("span", { class: "next-time" }, times(app, stop)),
    h("strong", { class: "next-name" }, stop.site?.name),
    h("span", {}, where(app, stop)),
    h("span", { class: "soft" }, services(app, stop)),
    h("span", { class: "next-open" }, app.say("open"), icon("chevron-right")),
  );
}

/** @param {App} app @param {Stop} stop */
function line(app, stop) {
  return h(
    "li",
    { "data-key": stop.id },
    h(
      "a",
      { class: "line", href: `#/stop/${stop.id}` },
      h("span", { class: "line-time" }, times(app, stop)),
      h(
        "span",
        { class: "line-name" },
        h("strong", {}, stop.site?.name),
        h("span", { class: "soft" }, stop.site?.secret ? "" : where(app, stop)),
      ),
      statePill(app, stop.visit.status),
    ),
  );
}

/** @param {App} app @param {string} title @param {Stop[]} stops */
function list(app, title, stops) {
  if (stops.length === 0) return null;
  return h(
    "section",
    { "data-key": title },
    h("h2", {}, title),
    h("ol", { class: "lines" }, ...stops.map((stop) => line(app, stop))),
  );
}

/** When the rows were last the server's. @param {App} app */
function ready(app) {
  const at = app.model.held.self?.syncedAt;
  if (!at || !app.isPageKept) {
    const isTrying = app.end === "sending" || app.end === null || Boolean(at);
    return h(
      "p",
      { class: "ready" },
      icon("hourglass"),
      app.say(isTrying ? "fetching" : "not_ready"),
    );
  }
  const time = clockAt(app.lang, at);
  const day = dayOf(at);
  const text =
    day === app.model.today
      ? app.say("ready", { time })
      : app.say("ready_day", { day: dayName(app.lang, day), time });
  return h("p", { class: "ready" }, icon("circle-check"), h("span", {}, text));
}

/** @param {App} app @param {RoundBody} round */
function crew(app, round) {
  const parts = [
    dayName(app.lang, round.day),
    app.say("team", { team: round.team }),
    round.members.join(", "),
    round.vehicle,
    `${clock(app.lang, round.start)}–${clock(app.lang, round.end)}`,
  ];
  return h("p", { class: "soft crew" }, parts.filter(Boolean).join(" · "));
}

/** @param {App} app @param {RoundBody | undefined} round */
function title(app, round) {
  if (!round) return app.say("no_round");
  if (round.day === app.model.today) return app.say("round_today");
  const day = dayName(app.lang, round.day);
  return app.say(round.day > app.model.today ? "round_next" : "round_of", { day });
}

/** @param {App} app @returns {Node[]} */
export function todayScreen(app) {
  const round = app.model.round();
  const stops = round ? app.model.stops(round) : [];
  const next = stops.find(({ visit }) => !isOver(visit.status));
  const isFetched = Boolean(app.model.held.self?.syncedAt);
  const parts = [
    h("h1", { tabindex: "-1" }, isFetched ? title(app, round) : app.say("today")),
    round && crew(app, round),
    ready(app),
    next && nextCard(app, next),
    stops.length > 0 && !next && h("p", { class: "notice" }, app.say("all_visited")),
    list(app, app.say("rest"), stops.filter((stop) => stop !== next)),
    list(app, app.say("moved"), app.model.moved()),
    ...app.model.otherDays(round).map((other) =>
      list(app, app.say("round_of", { day: dayName(app.lang, other.day) }), app.model.stops(other))),
  ]; // prettier-ignore
  return parts.filter((part) => part instanceof Node);
}
