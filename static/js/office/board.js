// Moves visits on the week board by dragging and by keys, and shows a first plan while the solver
// still searches. The menu way (the visit's own page) works without this file.
// Keys on a visit's link: Alt + arrow left or right = day, Alt + arrow up or down = earlier or
// later, Alt + Delete = out of the plan.

import { showAnew, toShown } from "./swap.js";

const ID = 36;
const DAY_MS = 86_400_000;

/** @typedef {{team: string, day: string, before: string | null}} Target */
/** @typedef {{target?: Target | null, steps?: number}} Wish */

/** The visit of a card; the second team's card of the same visit has a longer id.
 * @param {Element | null} card @returns {string} */
function visitOf(card) {
  return (card instanceof HTMLElement ? (card.dataset["visit"] ?? "") : "").slice(0, ID);
}

/** @param {string} first @param {number} column @returns {string} */
export function dayOf(first, column) {
  return new Date(Date.parse(first) + column * DAY_MS).toISOString().slice(0, 10);
}

/** The team and day of a cell. @param {HTMLElement} box @param {Element} cell
 * @returns {{team: string, day: string} | null} */
function placeOf(box, cell) {
  const row = cell.closest("tr[data-team]");
  if (!(row instanceof HTMLElement)) return null;
  const column = [...row.querySelectorAll("td")].findIndex((one) => one === cell);
  const first = box.dataset["first"] ?? "";
  return column < 0 ? null : { team: row.dataset["team"] ?? "", day: dayOf(first, column) };
}

/** Ask the server to move a visit, and show what the page says then.
 * @param {HTMLElement} box @param {string} visit @param {Wish} wish @returns {Promise<void>} */
async function move(box, visit, wish) {
  box.setAttribute("aria-busy", "true");
  await fetch(box.dataset["week"] ?? "", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRFToken": box.dataset["csrf"] ?? "",
    },
    body: JSON.stringify({ visit, ...wish }),
  }).catch(() => null);
  await showAnew(`visit-${visit}`); // where it was refused, the page says what is the matter
}

/** @type {Promise<void>} */
let last = Promise.resolve();

/** Move one visit after the other: each wish is read from the board that the one before left.
 * @param {string} visit @param {(box: HTMLElement) => Wish | null | undefined} wishFor
 * @returns {void} */
function moveNext(visit, wishFor) {
  last = last.then(async () => {
    const box = weekOf(document);
    const wish = box && wishFor(box);
    if (box && wish) await move(box, visit, wish);
  });
}

/** The board, where it may be changed. @param {Document} page @returns {HTMLElement | null} */
function weekOf(page) {
  const box = page.querySelector("[data-week]");
  return box instanceof HTMLElement && box.dataset["week"] ? box : null;
}

/** The card before which a dragged one would stand. @param {Element} cell @param {number} y
 * @returns {string | null} */
function cardBelow(cell, y) {
  for (const card of cell.querySelectorAll("[data-visit]")) {
    const area = card.getBoundingClientRect();
    if (y < area.top + area.height / 2) return visitOf(card);
  }
  return null;
}

/** Let the cards of the board be taken. @param {Document} page @returns {void} */
function makeDraggable(page) {
  for (const card of weekOf(page)?.querySelectorAll("[data-visit]") ?? []) {
    card.setAttribute("draggable", "true");
  }
}

/** What letting a card go at a place asks for. @param {HTMLElement} box @param {Element} target
 * @param {number} y @returns {Wish | null} */
function dropOf(box, target, y) {
  if (target.closest(".tray")) return { target: null };
  const cell = target.closest(".board-day");
  const place = cell && placeOf(box, cell);
  return cell && place ? { target: { ...place, before: cardBelow(cell, y) } } : null;
}

/** @param {HTMLElement} content @returns {void} */
function startDragging(content) {
  /** @type {string | null} */
  let held = null;
  content.addEventListener("dragstart", (event) => {
    const card =
      event.target instanceof Element && event.target.closest("[data-week] [data-visit]");
    if (!card) return;
    held = visitOf(card);
    event.dataTransfer?.setData("text/plain", held);
  });
  content.addEventListener("dragover", (event) => {
    if (held && event.target instanceof Element && event.target.closest(".board-day, .tray")) {
      event.preventDefault();
    }
  });
  content.addEventListener("drop", (event) => {
    const { target, clientY } = event;
    const box = weekOf(document);
    if (!held || !box || !(target instanceof Element)) return;
    event.preventDefault();
    const wish = dropOf(box, target, clientY);
    if (wish) moveNext(held, () => wish);
    held = null;
  });
  content.addEventListener("dragend", () => {
    held = null;
  });
}

/** What a key asks for. @param {HTMLElement} box @param {Element} card @param {string} key
 * @returns {Wish | null} */
function wishOf(box, card, key) {
  if (key === "ArrowUp") return { steps: -1 };
  if (key === "ArrowDown") return { steps: 1 };
  if (key === "Delete") return { target: null };
  const side = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const cells = [...(card.closest("tr")?.querySelectorAll("td") ?? [])];
  const cell =
    side === undefined ? undefined : cells[cells.findIndex((c) => c.contains(card)) + side];
  const place = cell && placeOf(box, cell);
  return place ? { target: { ...place, before: null } } : null;
}

/** @param {HTMLElement} content @returns {void} */
function startKeys(content) {
  content.addEventListener("keydown", (event) => {
    if (!event.altKey || !(event.target instanceof Element)) return;
    const card = event.target.closest("[data-week] .board [data-visit]");
    const box = weekOf(document);
    if (!card || !box || !wishOf(box, card, event.key)) return;
    event.preventDefault();
    const { id } = card;
    moveNext(visitOf(card), (now) => {
      const there = document.getElementById(id);
      return there && wishOf(now, there, event.key);
    });
  });
}

/** Load the page anew when the first plan of a running job stands in it.
 * @param {HTMLElement} box @returns {void} */
function startPreview(box) {
  const seen = Number(box.dataset["jobShown"]);
  box.addEventListener("job:told", (event) => {
    /** @type {unknown} */
    const job = event instanceof CustomEvent ? event.detail : null;
    const isOpen = job && typeof job === "object" && "state" in job && job.state === "running";
    if (isOpen && "shown" in job && Number(job.shown) > seen) globalThis.location.reload();
  });
}

const content = document.getElementById("content");
if (content && weekOf(document)) {
  makeDraggable(document);
  startDragging(content);
  startKeys(content);
  content.addEventListener("page:shown", () => {
    makeDraggable(document);
  });
}
const jobBox = document.querySelector("[data-job-shown]");
if (jobBox instanceof HTMLElement) startPreview(jobBox);
if (globalThis.location.hash.startsWith("#visit-")) toShown(globalThis.location.hash.slice(1));
