// Who receives votes: choose a person by name, then that person confirms with a tap of their own.
import { h, icon } from "../lib/dom.js";
import { namesOf } from "./session.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./wire.js").SessionBody} SessionBody */
/** @typedef {import("./wire.js").ReceiverBody} ReceiverBody */

/** The person who was chosen says so with an own tap. @param {App} app @param {ReceiverBody} one */
const confirmation = (app, { id, name }) =>
  h(
    "div",
    { class: "confirm", "data-key": `confirm-${id}` },
    h("p", { id: "hand-over" }, app.say("hand_over", { name })),
    h("button", { type: "button", class: "button primary huge", "data-act": "confirm",
      "data-staff": id, "aria-describedby": "hand-over", "data-key": "yes" },
      app.say("i_am", { name })),
    h("button", { type: "button", class: "button quiet", "data-act": "pick", "data-staff": "",
      "data-key": "no" }, app.say("cancel")),
  ); // prettier-ignore

/** @param {App} app @param {ReceiverBody} one */
function line(app, one) {
  const { id, name, why_not } = one;
  const isIn = app.naming.confirmed.includes(id);
  if (why_not) {
    return h("li", { class: "seat", "data-key": id }, h("span", {}, name),
      h("span", { class: "warn-text" }, icon("warning"), " ", why_not[app.lang])); // prettier-ignore
  }
  if (app.naming.pick === id) {
    return h("li", { class: "seat", "data-key": id }, confirmation(app, one));
  }
  return h(
    "li",
    { class: "seat", "data-key": id },
    h("button", { type: "button", class: "button person", "data-act": isIn ? "unconfirm" : "pick",
      "data-staff": id, "aria-pressed": String(isIn), "data-key": "person" },
      icon(isIn ? "circle-check" : "user"), h("span", {}, name),
      isIn && h("span", { class: "soft" }, app.say("confirmed"))),
  ); // prettier-ignore
}

/** The round's people first; everybody else who may step in behind a tap.
 * @param {App} app @param {SessionBody} session */
export function naming(app, session) {
  const members = session.receivers.filter(({ member }) => member);
  const others = session.receivers.filter(({ member, why_not }) => !member && why_not === null);
  const isIn = others.filter(({ id }) => app.naming.confirmed.includes(id));
  const shown = app.naming.showsOthers ? others : isIn;
  const names = namesOf(session, app.naming.confirmed);
  return [
    h("p", { class: "hint", "data-key": "how" }, app.say("naming_hint")),
    h("ul", { class: "seats", "data-key": "members" }, ...members.map((one) => line(app, one))),
    others.length > 0 && h("button", { type: "button", class: "button", "data-act": "others",
      "aria-expanded": String(app.naming.showsOthers), "data-key": "others" },
      icon(app.naming.showsOthers ? "chevron-up" : "chevron-down"), h("span", {}, app.say("others"))),
    shown.length > 0 && h("ul", { class: "seats", "data-key": "shown" }, ...shown.map((one) => line(app, one))),
    h("p", { class: "confirmed-line", role: "status", "data-key": "sum" },
      names.length ? app.say("confirmed_names", { names: names.join(", ") }) : app.say("confirmed_none")),
  ]; // prettier-ignore
}
