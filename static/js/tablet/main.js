// Starts the tablet: show what is held, hear what is done, sync, keep the page for later.
import { startActs } from "./acts.js";
import { App } from "./app.js";
import { Pulse } from "./pulse.js";
import { startWorker } from "./worker.js";

const TICK_MS = 10_000;
const root = document.getElementById("app");
const live = document.getElementById("live");
const version = new URL(import.meta.url).pathname.split("/")[2] ?? "";

/** @param {HTMLElement} page @param {HTMLElement} words @returns {Promise<void>} */
async function start(page, words) {
  const others = new BroadcastChannel("outreach");
  const app = new App(page, words, () => {
    others.postMessage("changed");
    pulse.soon();
  });
  const pulse = new Pulse(version, (end) => {
    if (end === "sent" && app.model.held.outbox.length > 0) app.announce("all_sent");
    // That the tablet was emptied stays on the screen until it is enrolled again.
    if (app.end === "wiped" && !app.model.held.self) return;
    app.end = end;
    if (end === "sending") app.draw();
    else {
      others.postMessage("changed");
      void app.load().catch(console.error);
    }
  });
  const load = () => void app.load().catch(console.error);
  others.addEventListener("message", load);
  addEventListener("hashchange", () => app.draw());
  // A legal window may open or shut while somebody looks.
  setInterval(
    () => app.model.hasSessions && document.visibilityState === "visible" && app.draw(),
    TICK_MS,
  );
  if (!isSecureContext) {
    app.draw();
    app.tell({ word: "insecure", isProblem: true });
    return;
  }
  startActs(app, pulse);
  // Where the store cannot be read the page says so, and every later sync tries again.
  await app.load().catch(console.error);
  pulse.start();
  await startWorker(() => {
    app.isUpdateReady = true;
    app.draw();
  });
  await navigator.serviceWorker.ready;
  app.isPageKept = true;
  app.draw();
}

if (root && live) void start(root, live).catch(console.error);
