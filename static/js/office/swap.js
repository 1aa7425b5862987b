// Shows the page as it is now without loading it anew: only what stands in <main> is replaced. What
// listens on the document or on <main> goes on; "page:shown" tells everybody else.
import { startTables } from "./filter-table.js";
import { startToasts } from "./toast.js";

/** Boxes that scroll by themselves stay where they were. */
const SCROLLING = ".board-box, .tray-list";

/** Focus the link of a part of the page. @param {string} id @returns {void} */
export function toShown(id) {
  const link = document.querySelector(`[id="${CSS.escape(id)}"] a`);
  if (link instanceof HTMLElement) link.focus();
}

/** The page as the server shows it now; null where there is none to show. The browser makes it a
 * document of its own, in which no script runs. @returns {Promise<Document | null>} */
function fetched() {
  const { pathname, search } = globalThis.location;
  const asked = new XMLHttpRequest();
  asked.open("GET", `${pathname}${search}`);
  asked.setRequestHeader("Accept", "text/html");
  asked.responseType = "document";
  return new Promise((resolve) => {
    asked.addEventListener("loadend", () => {
      const isHere = asked.status === 200 && new URL(asked.responseURL).pathname === pathname;
      resolve(isHere ? asked.responseXML : null);
    });
    asked.send();
  });
}

/** @param {HTMLElement} content @param {Element} fresh @returns {void} */
function replace(content, fresh) {
  const before = [...content.querySelectorAll(SCROLLING)].map((one) => [
    one.scrollLeft,
    one.scrollTop,
  ]);
  content.replaceChildren(...fresh.childNodes);
  for (const [at, one] of content.querySelectorAll(SCROLLING).entries()) {
    const [left, top] = before[at] ?? [];
    one.scrollTo(left ?? 0, top ?? 0);
  }
}

/** Show the page as it is now, with the focus on a part of it; loaded anew where a job has begun
 * or the page cannot be had. @param {string} id @returns {Promise<void>} */
export async function showAnew(id) {
  const page = await fetched();
  const fresh = page?.getElementById("content");
  const content = document.getElementById("content");
  history.replaceState(history.state, "", `#${id}`);
  if (!page || !fresh || !content || fresh.querySelector("[data-job]")) {
    globalThis.location.reload();
    return;
  }
  replace(content, fresh);
  startTables(document);
  startToasts(document);
  content.dispatchEvent(new CustomEvent("page:shown"));
  toShown(id);
}
