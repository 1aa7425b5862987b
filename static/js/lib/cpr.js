// Civil registration (CPR) numbers are refused before they are stored; the same shape as on the
// server: DDMMYY-SSSS in any width and with any dash, replacement numbers add 60 to the day.

const BETWEEN = "\\s{0,3}[-\\u2010-\\u2015\\u2212._]{0,2}\\s{0,3}";
const DAY = "(?:0[1-9]|[12]\\d|3[01]|6[1-9]|[78]\\d|9[01])";
const MONTH = "(?:0[1-9]|1[0-2])";
const SHAPE = new RegExp(`(?<!\\d)${DAY}${MONTH}\\d{2}${BETWEEN}\\d{4}(?!\\d)`, "u");

/** Whether a text holds what looks like a CPR number. @param {string} text */
export function hasCpr(text) {
  return SHAPE.test(text.normalize("NFKC").replace(/[\p{Cf}\p{Mn}\p{Me}]/gu, ""));
}
