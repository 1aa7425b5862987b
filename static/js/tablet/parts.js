// Small pieces that several screens share.
import { h, icon } from "../lib/dom.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./words.js").Word} Word */

/** @type {Readonly<Record<string, string>>} */
const SIGNS = {
  done: "circle-check",
  partial: "circle-check",
  no_access: "x",
  no_show: "x",
  cancelled: "x",
  en_route: "car",
  in_progress: "play",
};

/** The state of a visit as a word with a sign. @param {App} app @param {string} status */
export function statePill(app, status) {
  const sign = SIGNS[status];
  const word = /** @type {import("./words.js").Word} */ (status);
  return h(
    "span",
    { class: "pill", "data-status": status },
    sign ? icon(sign) : null,
    h("span", {}, app.say(word)),
  );
}

/** A card with its heading. @param {App} app @param {Word} word
 * @param {...import("../lib/dom.js").Child} children */
export const section = (app, word, ...children) =>
  h("section", { class: "card", "data-key": word }, h("h2", {}, app.say(word)), ...children);

/** @param {App} app */
export const backLink = (app) =>
  h("a", { class: "back", href: "#/" }, icon("chevron-left"), h("span", {}, app.say("back")));
