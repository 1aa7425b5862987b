// Settings: the language, and whose tablet it is.
import { h } from "../lib/dom.js";
import { backLink } from "./parts.js";

/** @typedef {import("./app.js").App} App */

const LANGS = [
  ["da", "Dansk"],
  ["en", "English"],
];

/** @param {App} app @returns {Node[]} */
export function settingsScreen(app) {
  const choices = LANGS.map(([lang = "", name = ""]) =>
    h(
      "button",
      {
        type: "button", class: "button", "data-act": "lang", "data-lang": lang, lang,
        "aria-pressed": String(app.lang === lang),
      }, // prettier-ignore
      name,
    ),
  );
  return [
    backLink(app),
    h("h1", { tabindex: "-1" }, app.say("settings")),
    h(
      "section",
      { class: "card" },
      h("h2", {}, app.say("language")),
      h("div", { class: "row" }, choices),
    ),
    h("p", {}, app.say("device_of", { name: app.model.held.self?.user.name ?? "" })),
  ];
}
