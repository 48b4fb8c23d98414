// Quick leave, for people on their own phone or computer: Esc three times.
// In: the keyboard. Out: a covered page at once, the sitting ended, and a calm page in its place.
(() => {
  "use strict";
  const WITHIN = 1500; // milliseconds between the first press and the third
  let presses = [];

  const leave = async () => {
    document.body.classList.add("covered");
    document.title = "Home";
    const form = document.getElementById("answer-form") || document.getElementById("leave-form");
    if (form) {
      const body = new FormData(form);
      body.append("go", "leave");
      const left = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).then(
        ({ status }) => status < 500, // a server or proxy that fails has ended nothing
        () => false,
      );
      if (!left) {
        location.replace("about:blank");
        return;
      }
    }
    location.replace("/away");
  };

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = Date.now();
    presses = [...presses.filter((then) => now - then < WITHIN), now];
    if (presses.length >= 3) leave();
  });
})();
