// The taps of a voting session: name people, confirm, open, swap, close.
import { shutText } from "./part-session.js";
import { fold, lack, tooShort } from "./session.js";

/** @typedef {import("./acts.js").Tap} Tap */
/** @typedef {import("./wire.js").OpKind} OpKind */
/** @typedef {import("./wire.js").SessionBody} SessionBody */

/** A person is chosen, or nobody any more. @param {Tap} tap */
function pick({ app, data }) {
  app.naming.pick = data["staff"] ?? "";
  app.draw();
  document.querySelector(".confirm .primary")?.scrollIntoView({ block: "nearest" });
}

/** The person who was chosen confirms. @param {Tap} tap */
function confirm({ app, data }) {
  const staff = data["staff"] ?? "";
  if (staff !== app.naming.pick) return;
  app.naming.confirmed = [...new Set([...app.naming.confirmed, staff])];
  app.naming.pick = "";
  app.draw();
}

/** @param {Tap} tap */
function unconfirm({ app, data }) {
  app.naming.confirmed = app.naming.confirmed.filter((id) => id !== data["staff"]);
  app.draw();
}

/** @param {Tap} tap */
function others({ app }) {
  app.naming.showsOthers = !app.naming.showsOthers;
  app.draw();
}

/** Both say that everybody has voted, before the session has lasted as long as it should.
 * @param {Tap} tap */
function early({ app }) {
  app.naming.isEarly = !app.naming.isEarly;
  app.draw();
}

/** Whether these people may open, swap or close it now; the server judges again.
 * @param {Tap["app"]} app @param {SessionBody} session @param {string} kind */
function may(app, session, kind) {
  const isOpening = kind === "open";
  const isAsked = kind === "close" && tooShort(session, app.now()) !== null;
  if (isAsked && !app.naming.isEarly) return false;
  if (fold(session.marks).state !== (isOpening ? "planned" : "open")) return false;
  return !lack(session, app.naming.confirmed) && !(isOpening && shutText(app, session));
}

/** Open, swap or close with those who confirmed; never with fewer than two.
 * @param {Tap} tap */
async function session({ app, data, visit }) {
  const kind = data["kind"] ?? "";
  const found = app.model.visits.get(visit)?.session;
  if (!found || !may(app, found, kind)) return;
  const { confirmed } = app.naming;
  const contact = app.model.held.self?.syncedAt ?? null;
  const args = { receivers: confirmed, confirmed, contact };
  if (await app.work(/** @type {OpKind} */ (`session.${kind}`), visit, args)) {
    app.forgetNames();
    location.replace(`#/session/${visit}`);
    app.draw();
  }
}

/** @type {Readonly<Record<string, (tap: Tap) => Promise<void> | void>>} */
export const SESSION_ACTS = { pick, confirm, unconfirm, others, early, session };
