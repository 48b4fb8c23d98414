// The service worker of the tablet's page: keeps the page itself, so that it opens without a network.
// In: SHELL, which the server writes in front: a fingerprint and the addresses of the page's parts.
// Out: those parts from the cache. It sees no answer and sends nothing.
/* global SHELL */
const CACHE = `heard-kiosk-${SHELL.fingerprint}`;

addEventListener("install", (event) => {
  const parts = SHELL.parts.map((part) => new Request(part, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(parts)).then(() => self.skipWaiting()));
});

addEventListener("activate", (event) => {
  const forgetOthers = (names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(forgetOthers).then(() => self.clients.claim()));
});

addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const isPart = address.origin === location.origin && SHELL.parts.includes(address.pathname);
  if (event.request.method !== "GET" || !isPart) return;
  const kept = caches.open(CACHE).then((cache) => cache.match(address.pathname));
  event.respondWith(kept.then((part) => part || fetch(event.request)));
});
