// What a voting session's marks add up to, and what stands in the way of a tap. Pure; the fold is
// the same as the server's (outreach/voting/rules.py), and the server judges again.

/** @typedef {import("./wire.js").SessionBody} SessionBody */
/** @typedef {import("./wire.js").MarkBody} MarkBody */
/** @typedef {import("./wire.js").ReceiverBody} ReceiverBody */
/** @typedef {import("./words.js").Word} Word */
/** @typedef {{state: "planned" | "open" | "closed", openedAt: number | null,
 *   closedAt: number | null, openedBy: string[], closedBy: string[], here: string[],
 *   isDoubtful: boolean}} Standing */

export const VOTING = ["votes", "assisted", "spoiled", "refused"];
/** Longer without the server, or a clock farther off, and times are not sure. */
const LONGEST_MS = 48 * 3_600_000;
const FARTHEST_MS = 5 * 60_000;

/** @param {MarkBody} a @param {MarkBody} b */
const inOrder = (a, b) => a.at - b.at || (a.op < b.op ? -1 : 1);

/** @type {Standing} */
const PLANNED = {
  state: "planned", openedAt: null, closedAt: null, openedBy: [], closedBy: [], here: [], isDoubtful: false,
}; // prettier-ignore

/** The standing of a session from its marks, in any order and however often each comes.
 * @param {readonly MarkBody[]} marks @returns {Standing} */
export function fold(marks) {
  const known = [...new Map(marks.map((mark) => [mark.op, mark])).values()].sort(inOrder);
  const opening = known.find(({ kind }) => kind === "open");
  if (!opening) return PLANNED;
  const closing = known.filter(({ kind }) => kind === "close").at(-1);
  const ahead = closing ? known.slice(0, known.indexOf(closing)) : known;
  const last = ahead.filter(({ kind }) => kind !== "close").at(-1) ?? opening;
  /** @type {Standing} */
  const open = {
    ...PLANNED,
    state: "open",
    openedAt: opening.at,
    openedBy: opening.receivers,
    here: last.receivers,
    isDoubtful: opening.doubtful,
  };
  if (!closing) return open;
  const isDoubtful = opening.doubtful || closing.doubtful;
  return {
    ...open,
    state: "closed",
    closedAt: closing.at,
    closedBy: closing.receivers,
    isDoubtful,
  };
}

/** Why the tablet's time is not sure: by its clock's known error and the server's last word.
 * @param {{offset: number, syncedAt: number | null} | null} self @param {number} now corrected
 * @returns {Word | null} */
export function clockDoubt(self, now) {
  if (!self?.syncedAt) return "clock_never";
  if (now < self.syncedAt - FARTHEST_MS) return "clock_back";
  if (Math.abs(self.offset) >= FARTHEST_MS) return "clock_off";
  return now - self.syncedAt > LONGEST_MS ? "clock_old" : null;
}

/** Why a session may not be open now; null where it may.
 * @param {SessionBody} session @param {number} now @param {number} minute of the Danish day
 * @returns {"too_early" | "too_late" | "wrong_hour" | "no_window" | null} */
export function whyShut({ opens, shuts, hours }, now, minute) {
  if (opens === null || shuts === null) return "no_window";
  if (now < opens) return "too_early";
  if (now > shuts) return "too_late";
  return hours && (minute < hours[0] || minute > hours[1]) ? "wrong_hour" : null;
}

/** How many minutes a session has lasted, where it should last longer; null where it may close.
 * @param {SessionBody} session @param {number} now @returns {number | null} */
export function tooShort({ least, marks }, now) {
  const { openedAt } = fold(marks);
  const minutes = Math.max(0, Math.floor((now - (openedAt ?? now)) / 60_000));
  return openedAt !== null && minutes < least ? minutes : null;
}

/** What is missing before these people may receive votes together; null where nothing is.
 * @param {SessionBody} session @param {readonly string[]} ids confirmed @returns {Word | null} */
export function lack({ crew, receivers }, ids) {
  const here = receivers.filter(({ id, why_not }) => ids.includes(id) && why_not === null);
  if (here.length < Math.max(2, crew.min)) return "need_two";
  if (crew.max !== null && here.length > crew.max) return "too_many";
  const groups = here.flatMap((one) => one.groups);
  if (new Set(groups).size < groups.length) return "same_group";
  const isMet = crew.roles.every(({ role, min, max }) => {
    const n = here.filter((one) => one.role === role).length;
    return n >= min && (max === null || n <= max);
  });
  return isMet ? null : "wrong_roles";
}

/** The names behind ids, in the order of the list. @param {SessionBody} session
 * @param {readonly string[]} ids */
export const namesOf = ({ receivers }, ids) =>
  receivers.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
