// Exchange a one-time code for the tablet's own token.
import { hasCpr } from "../lib/cpr.js";
import { keepEnrolment } from "./store.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./words.js").Word} Word */

/** @param {string} code @param {string} name @returns {Word | null} */
function problemOf(code, name) {
  if (!code) return "need_code";
  if (!name) return "need_name";
  return hasCpr(name) ? "name_cpr" : null;
}

/** @param {string} code @param {string} name @returns {Promise<Word | null>} what went wrong */
async function exchange(code, name) {
  const answer = await fetch("/api/v1/enrol", {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ code, device_name: name }),
  });
  if (answer.status === 429) return "too_often";
  if (answer.status >= 500) return "no_net";
  if (!answer.ok) return "bad_code";
  /** @type {unknown} */
  const made = await answer.json();
  await keepEnrolment(/** @type {import("./wire.js").EnrolAnswer} */ (made));
  return null;
}

/** @param {App} app @param {import("./pulse.js").Pulse} pulse @param {HTMLElement} form */
export async function enrol(app, pulse, form) {
  if (app.isBusy || !(form instanceof HTMLFormElement)) return;
  const [code = "", name = ""] = ["code", "device"].map((field) => {
    const input = form.elements.namedItem(field);
    return input instanceof HTMLInputElement ? input.value.trim() : "";
  });
  app.problem = problemOf(code, name);
  app.isBusy = !app.problem;
  app.draw();
  if (app.problem) return;
  // The browser may ask; a tablet that says no works all the same.
  void navigator.storage?.persist?.().catch(() => false);
  try {
    app.problem = await exchange(code, name);
  } catch {
    app.problem = "no_net";
  }
  app.isBusy = false;
  if (app.problem) app.draw();
  else await begin(app, pulse);
}

/** Show the tablet's new owner what is held, and fetch the round.
 * @param {App} app @param {import("./pulse.js").Pulse} pulse */
async function begin(app, pulse) {
  const wasWiped = app.end === "wiped";
  app.end = null;
  location.hash = "#/";
  if (wasWiped) {
    // With everything else the worker was dropped that keeps this page for later.
    location.reload();
    return;
  }
  await app.load();
  app.tell({ word: "enrolled", isProblem: false });
  pulse.now();
}
