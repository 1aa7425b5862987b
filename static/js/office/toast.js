// Messages after something was done. They are put in once more, so that screen readers say them;
// one with "undo" leaves when undoing is no longer possible, unless somebody is about to use it.

const UNDO_MS = 10_000;
const DONE_MS = 8_000;
const ANNOUNCE_MS = 150;

/** How long a message stays; null: until it is closed.
 * @param {string | undefined} kind @returns {number | null} */
export function lifeOf(kind) {
  if (kind === "undo") return UNDO_MS;
  return kind === "done" ? DONE_MS : null;
}

/** Remove the message, or ask again in a second while it has focus or the pointer.
 * @param {HTMLElement} toast @returns {void} */
function leave(toast) {
  if (toast.matches(":hover, :focus-within")) {
    setTimeout(leave, 1000, toast);
    return;
  }
  toast.remove();
}

/** @param {HTMLElement} toast @returns {void} */
function startToast(toast) {
  const close = toast.querySelector("[data-close]");
  if (close instanceof HTMLElement) {
    close.hidden = false;
    close.addEventListener("click", () => {
      toast.remove();
    });
  }
  const life = lifeOf(toast.dataset["toast"]);
  if (life !== null) setTimeout(leave, life, toast);
}

/** Start the messages of a page. @param {Document} page @returns {void} */
export function startToasts(page) {
  for (const list of page.querySelectorAll("[data-toasts]")) {
    const toasts = [...list.children].filter((child) => child instanceof HTMLElement);
    list.replaceChildren();
    setTimeout(() => {
      list.replaceChildren(...toasts);
      toasts.forEach(startToast);
    }, ANNOUNCE_MS);
  }
}
