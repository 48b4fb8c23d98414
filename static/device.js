// Tries a tablet before a child has it. In: the list of checks. Out: yes or no beside each.
(async () => {
  "use strict";
  const words = document.getElementById("words").dataset;
  const say = (check, fine) => {
    document.querySelector(`[data-check="${check}"] .outcome`).textContent = fine ? words.yes : words.no;
  };
  say("script", true);
  say("width", innerWidth >= 700);
  const began = performance.now();
  try {
    await fetch("/static/icons/heard.svg", { cache: "no-store" });
    say("network", performance.now() - began < 2000);
  } catch {
    say("network", false);
  }
  const caches_ = "caches" in window ? await caches.keys() : [];
  const databases = indexedDB.databases ? await indexedDB.databases() : [];
  say("clean", localStorage.length + sessionStorage.length + caches_.length + databases.length === 0);
})();
