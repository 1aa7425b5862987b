// Moves visits on the week board by dragging and by keys, and shows a first plan while the solver
// still searches. The menu way (the visit's own page) works without this file.
// Keys on a visit's link: Alt + arrow left or right = day, Alt + arrow up or down = earlier or
// later, Alt + Delete = out of the plan.

const ID = 36;
const DAY_MS = 86_400_000;

/** @typedef {{team: string, day: string, before: string | null}} Target */

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

/** @param {HTMLElement} box @param {string} visit @param {{target?: Target | null, steps?: number}} wish
 * @returns {Promise<void>} */
async function move(box, visit, wish) {
  box.setAttribute("aria-busy", "true");
  const answer = await fetch(box.dataset["week"] ?? "", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRFToken": box.dataset["csrf"] ?? "",
    },
    body: JSON.stringify({ visit, ...wish }),
  }).catch(() => null);
  if (!answer?.ok) {
    box.removeAttribute("aria-busy");
    globalThis.location.reload(); // the server's page says what is the matter
    return;
  }
  globalThis.location.hash = `visit-${visit}`;
  globalThis.location.reload();
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

/** @param {HTMLElement} box @returns {void} */
function startDragging(box) {
  /** @type {string | null} */
  let held = null;
  for (const card of box.querySelectorAll("[data-visit]")) card.setAttribute("draggable", "true");
  box.addEventListener("dragstart", (event) => {
    if (!(event.target instanceof Element)) return;
    held = visitOf(event.target.closest("[data-visit]"));
    event.dataTransfer?.setData("text/plain", held);
  });
  box.addEventListener("dragover", (event) => {
    if (held && event.target instanceof Element && event.target.closest(".board-day, .tray")) {
      event.preventDefault();
    }
  });
  box.addEventListener("drop", (event) => {
    if (!held || !(event.target instanceof Element)) return;
    event.preventDefault();
    const visit = held;
    held = null;
    if (event.target.closest(".tray")) {
      void move(box, visit, { target: null });
      return;
    }
    const cell = event.target.closest(".board-day");
    const place = cell && placeOf(box, cell);
    if (!cell || !place) return;
    void move(box, visit, { target: { ...place, before: cardBelow(cell, event.clientY) } });
  });
  box.addEventListener("dragend", () => {
    held = null;
  });
}

/** What a key asks for. @param {HTMLElement} box @param {Element} card @param {string} key
 * @returns {{target?: Target | null, steps?: number} | null} */
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

/** @param {HTMLElement} box @returns {void} */
function startKeys(box) {
  box.addEventListener("keydown", (event) => {
    if (!event.altKey || !(event.target instanceof Element)) return;
    const card = event.target.closest(".board [data-visit]");
    const wish = card && wishOf(box, card, event.key);
    if (!card || !wish) return;
    event.preventDefault();
    void move(box, visitOf(card), wish);
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

const week = document.querySelector("[data-week]");
if (week instanceof HTMLElement && week.dataset["week"]) {
  startDragging(week);
  startKeys(week);
}
const jobBox = document.querySelector("[data-job-shown]");
if (jobBox instanceof HTMLElement) startPreview(jobBox);
const moved = globalThis.location.hash.startsWith("#visit-")
  ? document.querySelector(`[id="${CSS.escape(globalThis.location.hash.slice(1))}"] a`)
  : null;
if (moved instanceof HTMLElement) moved.focus();
