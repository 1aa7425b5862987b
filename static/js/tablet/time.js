// Days and times as they are in Denmark, by the server's clock, whatever the tablet's own says.

const ZONE = "Europe/Copenhagen";
/** @typedef {import("./words.js").Lang} Lang */

/** The Danish date of a moment, as an ISO date. @param {number} ms */
export function dayOf(ms) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short" }).format(ms);
}

/** Minutes of a day as a clock: 8.05 or 08:05. @param {Lang} lang @param {number} minutes */
export function clock(lang, minutes) {
  const hours = Math.floor(minutes / 60) % 24;
  const rest = String(minutes % 60).padStart(2, "0");
  return lang === "da" ? `${hours}.${rest}` : `${String(hours).padStart(2, "0")}:${rest}`;
}

/** The minute of the Danish day in which a moment lies. @param {number} ms */
export function minuteOf(ms) {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, timeStyle: "short" }).format(ms);
  const [hours = "0", minutes = "0"] = parts.split(":");
  return Number(hours) * 60 + Number(minutes);
}

/** A moment as a clock in Denmark. @param {Lang} lang @param {number} ms */
export const clockAt = (lang, ms) => clock(lang, minuteOf(ms));

/** "tirsdag d. 24. november" or "Tuesday 24 November". @param {Lang} lang @param {string} iso */
export function dayName(lang, iso) {
  const at = new Date(`${iso}T12:00:00Z`);
  const locale = lang === "da" ? "da-DK" : "en-GB";
  /** @param {Intl.DateTimeFormatOptions} part */
  const say = (part) => new Intl.DateTimeFormat(locale, { ...part, timeZone: "UTC" }).format(at);
  const weekday = say({ weekday: "long" });
  const date = `${at.getUTCDate()}${lang === "da" ? "." : ""} ${say({ month: "long" })}`;
  return lang === "da" ? `${weekday} d. ${date}` : `${weekday} ${date}`;
}

/** How long ago something was. @param {number} ms
 * @returns {["age_now" | "age_min" | "age_hours" | "age_days", number]} */
export function age(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return ["age_now", 0];
  if (minutes < 60) return ["age_min", minutes];
  if (minutes < 48 * 60) return ["age_hours", Math.floor(minutes / 60)];
  return ["age_days", Math.floor(minutes / 1440)];
}
