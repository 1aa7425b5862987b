// Which screen is shown, and what stands around every screen.
import { h, icon } from "../lib/dom.js";
import { enrolScreen } from "./screen-enrol.js";
import { sessionScreen } from "./screen-session.js";
import { settingsScreen } from "./screen-settings.js";
import { stopScreen } from "./screen-stop.js";
import { todayScreen } from "./screen-today.js";
import { unsentScreen } from "./screen-unsent.js";
import { counted } from "./words.js";

/** @typedef {import("./app.js").App} App */

/** @returns {string[]} */
const path = () => location.hash.replace(/^#\/?/, "").split("/");

/** What makes one screen another. @param {App} app */
export function screenKey(app) {
  const { self } = app.model.held;
  return `${app.lang} ${self ? location.hash : ""} ${self?.refused ? "refused" : self?.device}`;
}

/** The screens by the first word of the address; every other one is the round.
 * @type {ReadonlyMap<string, (app: App, id: string, step: string) => Node[]>} */
const SCREENS = new Map([
  ["settings", settingsScreen],
  ["stop", stopScreen],
  ["session", sessionScreen],
]);

/** @param {App} app @returns {Node[]} */
function body(app) {
  const { self } = app.model.held;
  const [name = "", id = "", step = ""] = path();
  if (name === "unsent" && self) return unsentScreen(app);
  if (!self || name === "enrol") return enrolScreen(app);
  return (SCREENS.get(name) ?? todayScreen)(app, id, step);
}

/** Whether all is sent, always in the same corner. @param {App} app */
function chip(app) {
  const { outbox, self } = app.model.held;
  const n = outbox.length;
  const isRefused = Boolean(self?.refused);
  const state = isRefused ? "refused" : n ? "waiting" : "sent";
  const stem = isRefused ? "must_enrol" : "kept";
  const text = n || isRefused ? app.say(counted(stem, n), { n }) : app.say("all_sent");
  return h(
    "a",
    { class: "chip", href: "#/unsent", "data-state": state, "data-key": "chip" },
    icon({ refused: "warning", waiting: "hourglass", sent: "check" }[state]),
    h("span", {}, text),
  );
}

/** @param {App} app */
function header(app) {
  if (!app.model.held.self) return null;
  return h(
    "header",
    { class: "bar", "data-key": "bar" },
    h("a", { class: "brand", href: "#/" }, icon("route"), h("span", {}, app.say("app"))),
    chip(app),
    h(
      "a",
      { class: "round", href: "#/settings", "aria-label": app.say("settings") },
      icon("settings"),
    ),
  );
}

/** @param {App} app */
function update(app) {
  if (!app.isUpdateReady) return null;
  return h(
    "p",
    { class: "notice", "data-key": "update" },
    h("span", {}, app.say("update")),
    h("button", { type: "button", class: "button", "data-act": "update" }, app.say("use_update")),
  );
}

/** @param {App} app */
function refusal(app) {
  if (!app.model.held.self?.refused || path()[0] === "enrol") return null;
  return h(
    "p",
    { class: "notice alert", "data-key": "refused" },
    h("span", {}, app.say("refused")),
    h("a", { class: "button", href: "#/enrol" }, app.say("enrol_title")),
  );
}

/** Work of others that waits on this tablet. @param {App} app */
function aside(app) {
  if (["stop", "session"].includes(path()[0] ?? "")) return null;
  return app.model.held.aside.map(({ user, works }) =>
    h(
      "p",
      { class: "notice", "data-key": `aside-${user.id}` },
      app.say(counted("aside", works.length), { n: works.length, name: user.name }),
    ),
  );
}

/** What is said where the store cannot be read. @param {App} app */
function storeless(app) {
  if (app.hasStore) return null;
  return h(
    "p",
    { class: "notice alert", role: "alert", "data-key": "no-store" },
    h("span", {}, app.say("no_store")),
    h("button", { type: "button", class: "button", "data-act": "again" }, app.say("again")),
  );
}

/** @param {App} app */
function toast(app) {
  const shown = app.toast;
  if (!shown) return null;
  return h(
    "div",
    { class: shown.isProblem ? "toast problem" : "toast", "data-key": "toast" },
    icon(shown.isProblem ? "warning" : "check"),
    h("span", {}, app.say(shown.word)),
    shown.op &&
      h(
        "button",
        { type: "button", class: "button", "data-act": "undo", "data-op": shown.op },
        app.say("undo"),
      ),
  );
}

/** The whole page. @param {App} app */
export function screen(app) {
  const main = h(
    "main",
    { "data-key": screenKey(app) },
    storeless(app),
    update(app),
    refusal(app),
    aside(app),
    app.hasStore || app.model.held.self ? body(app) : h("h1", { tabindex: "-1" }, app.say("app")),
  );
  return h("div", {}, header(app), main, toast(app));
}
