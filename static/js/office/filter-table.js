// Tables with data-sortable are sorted by their heads; a search box with data-filter-table hides
// the lines that lack one of its words.

/** Whether every word of the query stands in the text.
 * @param {string} text @param {string} query @returns {boolean} */
export function matches(text, query) {
  const low = text.toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => low.includes(word));
}

/** Order of two cells. Numbers use the page's own data-sort, or the text.
 * @param {string} a @param {string} b @param {string} as @param {string} language
 * @returns {number} */
export function compare(a, b, as, language) {
  if (as === "number") return (Number.parseFloat(a) || 0) - (Number.parseFloat(b) || 0);
  return a.localeCompare(b, language, { numeric: true });
}

/** @param {HTMLTableRowElement} row @param {number} column @returns {string} */
function valueOf(row, column) {
  const cell = row.cells[column];
  return cell?.dataset["sort"] ?? cell?.textContent.trim() ?? "";
}

/** @param {HTMLTableElement} table @param {HTMLTableCellElement} head @returns {void} */
function sortBy(table, head) {
  const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  const sign = order === "ascending" ? 1 : -1;
  const as = head.dataset["sortAs"] ?? "text";
  const language = document.documentElement.lang;
  const column = head.cellIndex;
  for (const other of table.querySelectorAll("thead [aria-sort]")) {
    other.removeAttribute("aria-sort");
  }
  head.setAttribute("aria-sort", order);
  for (const body of table.tBodies) {
    const rows = [...body.rows].sort(
      (a, b) => sign * compare(valueOf(a, column), valueOf(b, column), as, language),
    );
    body.append(...rows);
  }
}

/** @param {HTMLTableElement} table @returns {void} */
function startSorting(table) {
  for (const head of table.querySelectorAll("thead th[data-sort-as]")) {
    if (!(head instanceof HTMLTableCellElement)) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      sortBy(table, head);
    });
    head.append(button);
  }
}

/** @param {Document} page @param {HTMLTableElement} table @param {string} query @returns {void} */
function filter(page, table, query) {
  let shown = 0;
  for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
    row.hidden = !matches(row.textContent, query);
    if (!row.hidden) shown += 1;
  }
  const count = page.querySelector(`[data-filter-count="${table.id}"]`);
  if (!(count instanceof HTMLElement)) return;
  const text = (shown === 1 ? count.dataset["one"] : count.dataset["many"]) ?? "";
  count.textContent = query ? text.replace("{n}", String(shown)) : "";
}

/** @param {Document} page @param {HTMLInputElement} box @returns {void} */
function startFilter(page, box) {
  const table = page.getElementById(box.dataset["filterTable"] ?? "");
  if (!(table instanceof HTMLTableElement)) return;
  box.addEventListener("input", () => {
    filter(page, table, box.value.trim());
  });
  if (box.value) filter(page, table, box.value.trim());
}

/** Start the tables of a page. @param {Document} page @returns {void} */
export function startTables(page) {
  for (const table of page.querySelectorAll("table[data-sortable]")) {
    if (table instanceof HTMLTableElement) startSorting(table);
  }
  for (const box of page.querySelectorAll("input[data-filter-table]")) {
    if (box instanceof HTMLInputElement) startFilter(page, box);
  }
}
