// Preparing this tablet: fetches its pack, keeps it, and has the service worker keep the page.
// In: the form of one survey. Out: a tablet that works without a network, and the page for it.
import { keepPack } from "./store.js";

const trouble = document.getElementById("trouble");

const say = (sentence) => {
  trouble.textContent = sentence;
  trouble.hidden = false;
  trouble.focus();
};

const canWorkOffline = () =>
  isSecureContext && "serviceWorker" in navigator && "indexedDB" in window && Boolean(crypto.subtle);

const keepPage = async () => {
  await navigator.serviceWorker.register("/kiosk/worker.js", { scope: "/kiosk/" });
  await navigator.serviceWorker.ready;
};

const fetchPack = async (form) => {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  if (!isJson || (!answer.ok && answer.status !== 422)) throw new TypeError("no pack");
  return answer.json();
};

// The page first: places are made only for a tablet that can keep them.
const prepare = async (form) => {
  await keepPage();
  const pack = await fetchPack(form);
  if (pack.sentence) return say(pack.sentence);
  await keepPack(pack);
  if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
  return location.replace("/kiosk/");
};

for (const form of document.querySelectorAll("form.prepare")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!canWorkOffline()) return say(trouble.dataset.unfit);
    const button = form.querySelector("button[type=submit]");
    if (button.dataset.busy) return undefined;
    button.dataset.busy = "1";
    try {
      await prepare(form);
    } catch {
      say(trouble.dataset.lost);
    } finally {
      delete button.dataset.busy;
    }
    return undefined;
  });
}
