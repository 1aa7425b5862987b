// Menus made of <details data-menu> close on Escape and on a click elsewhere; <button data-toggle>
// opens and closes the part of the page whose id it names.

/** Close every open menu, except those that hold the node.
 * @param {Document} page @param {Node | null} except @returns {void} */
function closeMenus(page, except) {
  for (const menu of page.querySelectorAll("details[data-menu][open]")) {
    if (!except || !menu.contains(except)) menu.removeAttribute("open");
  }
}

/** @param {Document} page @param {KeyboardEvent} event @returns {void} */
function onKey(page, event) {
  if (event.key !== "Escape") return;
  const open = page.activeElement?.closest("details[data-menu][open]");
  closeMenus(page, null);
  open?.querySelector("summary")?.focus();
}

/** @param {Document} page @param {HTMLElement} button @returns {void} */
function toggle(page, button) {
  const part = page.getElementById(button.dataset["toggle"] ?? "");
  const open = part?.toggleAttribute("data-open") ?? false;
  button.setAttribute("aria-expanded", String(open));
}

/** Start the menus of a page. @param {Document} page @returns {void} */
export function startMenus(page) {
  page.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    closeMenus(page, event.target);
    const button = event.target.closest("[data-toggle]");
    if (button instanceof HTMLElement) toggle(page, button);
  });
  page.addEventListener("keydown", (event) => {
    onKey(page, event);
  });
}
