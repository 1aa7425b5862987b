// What the tablet says, in either language.
import { da } from "./words-da.js";
import { en } from "./words-en.js";
import { daSession } from "./words-session-da.js";
import { enSession } from "./words-session-en.js";

/** @typedef {keyof typeof WORDS.da} Word */
/** @typedef {"da" | "en"} Lang */

export const WORDS = { da: { ...da, ...daSession }, en: { ...en, ...enSession } };

/** @param {string} lang @returns {Lang} */
export const langOf = (lang) => (lang === "en" ? "en" : "da");

/** A word, or another where there is none of that name. @param {string} word @param {Word} other */
export const wordOr = (word, other) =>
  Object.hasOwn(WORDS.da, word) ? /** @type {Word} */ (word) : other;

/** A text with its blanks filled in.
 * @param {Lang} lang @param {Word} word @param {Record<string, string | number>} [fill] */
export function say(lang, word, fill = {}) {
  return WORDS[lang][word].replace(/\{(\w+)\}/g, (_, /** @type {string} */ name) =>
    String(fill[name] ?? ""),
  );
}

/** The form of a word for a number. @param {"kept" | "must_enrol" | "missing" | "aside"} stem
 * @param {number} n @returns {Word} */
export const counted = (stem, n) => /** @type {Word} */ (`${stem}_${n === 1 ? "one" : "other"}`);
