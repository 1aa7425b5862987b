// What is held, arranged for the screens: rows by kind, visits as they stand here, the round to
// show. Pure.
import { overlay } from "./overlay.js";
import { VOTING } from "./session.js";
import { dayOf } from "./time.js";

/** @typedef {import("./wire.js").VisitBody} VisitBody */
/** @typedef {import("./wire.js").RoundBody} RoundBody */
/** @typedef {import("./wire.js").SiteBody} SiteBody */
/** @typedef {import("./wire.js").ServiceBody} ServiceBody */
/** @typedef {import("./overlay.js").Work} Work */
/** @typedef {import("./store.js").Held} Held */
/** @typedef {{id: string, visit: VisitBody, site: SiteBody | undefined}} Stop */
/** @typedef {{id: string, da: string, en: string, total: number}} Counter */

/** @template T @param {Held} held @param {string} kind @returns {Map<string, T>} */
function rowsOf(held, kind) {
  const found = held.rows.filter((row) => row.k === kind);
  return new Map(
    found.map(({ id, body }) => [id, /** @type {T} */ (/** @type {unknown} */ (body))]),
  );
}

export class Model {
  /** @param {Held} held @param {number} now by this tablet's clock */
  constructor(held, now) {
    this.held = held;
    this.now = now + (held.self?.offset ?? 0);
    this.today = dayOf(this.now);
    /** @type {Map<string, RoundBody>} */
    this.rounds = rowsOf(held, "round");
    /** @type {Map<string, SiteBody>} */
    this.sites = rowsOf(held, "site");
    /** @type {Map<string, ServiceBody>} */
    this.services = rowsOf(held, "service");
    const works = [...held.acked, ...held.outbox];
    const byOp = new Map(works.map((work) => [work.op.op, work]));
    const pending = [...held.acked.filter((work) => work.unseen), ...held.outbox];
    /** @type {Map<string, Work[]>} */
    const byVisit = new Map();
    for (const work of pending) {
      const id = work.op.target[1];
      byVisit.set(id, [...(byVisit.get(id) ?? []), work]);
    }
    const by = held.self?.user.name ?? "";
    /** @type {Map<string, VisitBody>} */
    const bases = rowsOf(held, "visit");
    this.visits = new Map(
      [...bases].map(([id, base]) => {
        const mine = byVisit.get(id) ?? [];
        return [id, mine.length ? overlay(base, mine, (op) => byOp.get(op), by) : base];
      }),
    );
    this.byOp = byOp;
    this.hasSessions = [...this.visits.values()].some((visit) => visit.session);
  }

  /** The round of today or, where there is none, of the next day that has one. Should the clock
   * have run ahead of what is held, the last one: work on it must stay within reach. */
  round() {
    const days = this.#byDay();
    return days.find((round) => round.day >= this.today) ?? days.at(-1);
  }

  /** A round of every other day that is held, in order. @param {RoundBody | undefined} shown */
  otherDays(shown) {
    return this.#byDay().filter(
      ({ day }, at, all) => day !== shown?.day && day !== all[at - 1]?.day,
    );
  }

  #byDay() {
    return [...this.rounds.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
  }

  /** @param {string} id @returns {Stop | undefined} */
  stop(id) {
    const visit = this.visits.get(id);
    return visit && { id, visit, site: this.sites.get(visit.site) };
  }

  /** Every stop of a round's day, in order; somebody may be in two rounds of a day.
   * @param {RoundBody} round @returns {Stop[]} */
  stops(round) {
    const ids = [...this.rounds.values()]
      .filter(({ day }) => day === round.day)
      .sort((a, b) => a.start - b.start)
      .flatMap(({ visits }) => visits);
    return ids.map((id) => this.stop(id)).filter((stop) => stop !== undefined);
  }

  /** Visits that are under way here and are somebody else's by now. @returns {Stop[]} */
  moved() {
    const ids = [...this.visits].filter(([, visit]) => visit.round === null).map(([id]) => id);
    return ids.map((id) => this.stop(id)).filter((stop) => stop !== undefined);
  }

  /** @param {VisitBody} visit @returns {ServiceBody[]} */
  servicesOf(visit) {
    return visit.services
      .map((id) => this.services.get(id))
      .filter((service) => service !== undefined);
  }

  /** What is counted at a visit, each once, with its total; votes only where no session card counts
   * them. @param {VisitBody} visit @returns {Counter[]} */
  counters(visit) {
    /** @type {Map<string, Counter>} */
    const found = new Map();
    for (const { name, measures } of this.servicesOf(visit)) {
      for (const { id, name: of } of measures) {
        if (visit.session && VOTING.includes(id)) continue;
        const own = id.includes(".");
        /** @param {"da" | "en"} lang */
        const word = (lang) => (own ? `${name[lang]}: ${of[lang].toLowerCase()}` : of[lang]);
        found.set(id, { id, da: word("da"), en: word("en"), total: visit.counts[id] ?? 0 });
      }
    }
    // What all services share stands last.
    return [...found.values()].sort(
      (a, b) => Number(b.id.includes(".")) - Number(a.id.includes(".")),
    );
  }
}
