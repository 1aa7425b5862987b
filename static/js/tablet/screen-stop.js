// One stop: how to get in, what to do there, what was done, and how it ended.
import { h, icon } from "../lib/dom.js";
import { isOver, rank } from "./overlay.js";
import { finish } from "./part-finish.js";
import { sessionCard } from "./part-session.js";
import { counters, notes, tasks } from "./part-work.js";
import { backLink, section, statePill } from "./parts.js";
import { clock, dayName } from "./time.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./model.js").Stop} Stop */
/** @typedef {import("./words.js").Word} Word */

/** @param {App} app @param {Stop} stop */
function steps(app, { visit }) {
  /** @type {[string, Word][]} */
  const all = [
    ["en_route", "en_route"],
    ["in_progress", "arrived"],
  ];
  const open = all.filter(([to]) => rank(to) > rank(visit.status) && !isOver(visit.status));
  if (open.length === 0) return null;
  const buttons = open.map(([to, word], at) =>
    h(
      "button",
      {
        type: "button", class: at === open.length - 1 && open.length === 1 ? "button primary" : "button",
        "data-act": "status", "data-to": to, "data-key": to,
      }, // prettier-ignore
      icon(to === "en_route" ? "car" : "map-pin"),
      h("span", {}, app.say(word)),
    ),
  );
  return h("div", { class: "row", "data-key": "steps" }, ...buttons);
}

/** @param {App} app @param {Stop} stop */
function head(app, stop) {
  const { visit, site } = stop;
  const when = `${clock(app.lang, visit.start)}–${clock(app.lang, visit.end)}`;
  const names = app.model.servicesOf(visit).map((service) => service.name[app.lang]);
  const moved = visit.moved_to && {
    team: visit.moved_to.team,
    day: dayName(app.lang, visit.moved_to.day),
  };
  return h(
    "div",
    { class: "stop-head", "data-key": "head" },
    h("h1", { tabindex: "-1" }, site?.name),
    h(
      "p",
      { class: "stop-when" },
      h("span", {}, `${dayName(app.lang, visit.day)} ${app.say("at", { time: when })}`),
      statePill(app, visit.status),
    ),
    h("p", { class: "soft" }, names.join(", ")),
    moved && h("p", { class: "notice" }, app.say("moved_to", moved)),
    steps(app, stop),
  );
}

/** @param {App} app @param {Stop} stop */
function place(app, { site }) {
  if (!site) return null;
  if (site.secret) return section(app, "address", h("p", {}, app.say("secret")));
  return section(
    app,
    "address",
    h("p", { class: "big" }, [site.address, site.area].filter(Boolean).join(", ")),
    site.access_notes && h("h3", {}, app.say("access")),
    site.access_notes && h("p", { class: "pre" }, site.access_notes),
  );
}

/** @param {App} app @param {Stop} stop */
function people(app, { site }) {
  if (!site?.contacts.length) return null;
  const lines = site.contacts.map(({ name, role, phone }) =>
    h(
      "li",
      {},
      h("span", {}, h("strong", {}, name), role && ` · ${role}`),
      phone &&
        h(
          "a",
          {
            class: "button",
            href: `tel:${phone.replace(/[^+\d]/g, "")}`,
            "aria-label": app.say("call", { name }),
          },
          icon("phone"),
          h("span", {}, phone),
        ),
    ),
  );
  return section(app, "contacts", h("ul", { class: "people" }, ...lines));
}

/** @param {App} app @param {Stop} stop */
function bring(app, { visit }) {
  const all = app.model.servicesOf(visit).flatMap((service) => service.bring);
  const names = [...new Set(all.map((name) => name[app.lang]))];
  if (names.length === 0) return null;
  return section(
    app,
    "bring",
    h("ul", { class: "plain" }, ...names.map((name) => h("li", {}, name))),
  );
}

/** @param {App} app @param {string} id @returns {Node[]} */
export function stopScreen(app, id) {
  const stop = app.model.stop(id);
  if (!stop) return [backLink(app), h("h1", { tabindex: "-1" }, app.say("gone"))];
  return [
    backLink(app),
    h(
      "article",
      { class: "stop", "data-key": id, "data-visit": id },
      head(app, stop),
      sessionCard(app, stop),
      h("div", { class: "side" }, place(app, stop), people(app, stop), bring(app, stop)),
      h("div", { class: "main" }, tasks(app, stop), counters(app, stop), notes(app, stop)),
      finish(app, stop),
    ),
  ];
}
