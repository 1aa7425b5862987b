// The service worker: registered once, asked for a newer version now and then, swapped on a tap.

const EVERY_MS = 15 * 60_000;
const WORKER = "/sw.js";

/** @type {ServiceWorkerRegistration | null} */
let registration = null;
let isWanted = false;

/** The address of the worker, in the form that Trusted Types want. @returns {string} */
function address() {
  const { trustedTypes } = /** @type {{trustedTypes?: TypePolicies}} */ (window);
  if (!trustedTypes) return WORKER;
  const policy = trustedTypes.createPolicy("outreach", {
    createScriptURL: (/** @type {string} */ url) => {
      if (url !== WORKER) throw new TypeError(url);
      return url;
    },
  });
  return /** @type {string} */ (policy.createScriptURL(WORKER));
}

/**
 * @typedef {object} TypePolicies the part of the Trusted Types that is used
 * @property {(name: string, rules: {createScriptURL: (url: string) => string}) =>
 *   {createScriptURL: (url: string) => unknown}} createPolicy
 */

/** @param {ServiceWorkerRegistration} found @param {() => void} ready */
function watch(found, ready) {
  const tell = () => found.waiting && navigator.serviceWorker.controller && ready();
  tell();
  found.addEventListener("updatefound", () => {
    found.installing?.addEventListener("statechange", tell);
  });
}

/** @param {() => void} ready called when a newer version waits @returns {Promise<void>} */
export async function startWorker(ready) {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (isWanted) location.reload();
    isWanted = false;
  });
  registration = await navigator.serviceWorker.register(address(), {
    scope: "/t/",
    updateViaCache: "none",
  });
  watch(registration, ready);
  let asked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - asked < EVERY_MS) return;
    asked = Date.now();
    void registration?.update().catch(() => undefined);
  });
}

/** Go over to the version that waits; the page loads once more. */
export function applyUpdate() {
  const waiting = registration?.waiting;
  isWanted = Boolean(waiting);
  if (waiting) waiting.postMessage("skip");
  else location.reload(); // another tab has let the new version in
}
