// The first screen: a one-time code makes the tablet somebody's.
import { h } from "../lib/dom.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @returns {Node[]} */
export function enrolScreen(app) {
  const { self, outbox } = app.model.held;
  const waits = outbox.length > 0 && self ? self.user.name : null;
  const fields = [
    h("label", { for: "code" }, app.say("code")),
    h("input", {
      id: "code", name: "code", required: true, maxlength: 40, autocomplete: "one-time-code",
      autocapitalize: "characters", spellcheck: "false", "data-key": "code",
    }), // prettier-ignore
    h("label", { for: "device" }, app.say("device_name")),
    h("input", {
      id: "device", name: "device", required: true, maxlength: 60, autocomplete: "off",
      "aria-describedby": "device-hint", "data-key": "device",
    }), // prettier-ignore
    h("p", { class: "hint", id: "device-hint" }, app.say("device_hint")),
    h("p", { class: "error", role: "alert" }, app.problem && app.say(app.problem)),
    h(
      "button",
      { class: "button primary", type: "submit", "aria-disabled": app.isBusy && "true" },
      app.say(app.isBusy ? "enrolling" : "enrol"),
    ),
  ];
  const other = app.lang === "da" ? "en" : "da";
  return [
    h(
      "section",
      { class: "card enrol" },
      h("h1", { tabindex: "-1" }, app.say("enrol_title")),
      app.end === "wiped" && h("p", { class: "notice" }, app.say("wiped")),
      waits && h("p", { class: "notice" }, app.say("other_user", { name: waits })),
      h("p", {}, app.say("enrol_lead")),
      h("form", { "data-act": "enrol", novalidate: true }, ...fields),
    ),
    h(
      "p",
      { class: "center" },
      h(
        "button",
        { type: "button", class: "button", "data-act": "lang", "data-lang": other, lang: other },
        other === "da" ? "Dansk" : "English",
      ),
    ),
  ];
}
