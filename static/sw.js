// Keeps the tablet's page and files so that they open without a network. The server puts one line
// before this: `const BUILD = {version, shell}`. It never touches /api/, where the data is.

const PREFIX = "outreach-";
const CACHE = PREFIX + BUILD.version;
const SHELL = "/t/";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** Fetch one file past the browser's own cache; half a shell is no shell.
 * @param {Cache} cache @param {string} url @returns {Promise<void>} */
async function keep(cache, url) {
  const answer = await fetch(url, { cache: "reload", credentials: "omit" });
  if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
  await cache.put(url, answer);
}

/** @returns {Promise<void>} */
async function install() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(BUILD.shell.map((url) => keep(cache, url)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** @returns {Promise<void>} */
async function tidy() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** @param {string} url @param {Request} request @returns {Promise<Response>} */
async function answer(url, request) {
  const kept = await caches.match(url, { cacheName: CACHE });
  return kept ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(tidy()));
worker.addEventListener("message", (event) => {
  if (event.data === "skip") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") {
    if (url.pathname.startsWith(SHELL)) event.respondWith(answer(SHELL, request));
  } else if (BUILD.shell.includes(url.pathname)) {
    event.respondWith(answer(url.pathname, request));
  }
});
