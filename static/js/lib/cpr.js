// Civil registration (CPR) numbers are refused before they are stored; the same shape as on the
// server: DDMMYY-SSSS in any width and with any dash, replacement numbers add 60 to the day.

const BETWEEN = "\\s{0,3}[-\\u2010-\\u2015\\u2212._]{0,2}\\s{0,3}";
const DAY = "(?:0[1-9]|[12]\\p{Nd}|3[01]|6[1-9]|[78]\\p{Nd}|9[01])";
const MONTH = "(?:0[1-9]|1[0-2])";
const DIGITS = `${DAY}${MONTH}\\p{Nd}{2}${BETWEEN}\\p{Nd}{4}`;
const SHAPE = new RegExp(`(?<!\\p{Nd})${DIGITS}(?!\\p{Nd})`, "gu");

/** What is seen of a text: one width, no invisible marks. @param {string} text */
function seen(text) {
  return text.normalize("NFKC").replace(/[\p{Cf}\p{Mn}\p{Me}]/gu, "");
}

/** Whether a text holds what looks like a CPR number. @param {string} text */
export function hasCpr(text) {
  return seen(text).search(SHAPE) >= 0;
}

/** The text with the digits of what looks like a CPR number replaced. @param {string} text */
export function blankCpr(text) {
  return hasCpr(text) ? seen(text).replace(SHAPE, "######-####") : text;
}
