// A reading ruler: a light band that follows the finger, the pointer or the focus.
// In: data-ruler="on" on the page. Out: one band; touches pass through it.
(() => {
  "use strict";
  document.documentElement.classList.add("has-script"); // shows what needs this script
  if (document.documentElement.dataset.ruler !== "on") return;
  const band = document.createElement("div");
  band.className = "ruler";
  band.setAttribute("aria-hidden", "true");
  document.body.append(band);
  const lie = (middle) => { band.style.setProperty("--middle", `${middle}px`); };
  addEventListener("pointermove", (event) => lie(event.clientY), { passive: true });
  addEventListener("pointerdown", (event) => lie(event.clientY), { passive: true });
  addEventListener("focusin", (event) => {
    const box = (event.target.closest("label") || event.target).getBoundingClientRect();
    lie(box.top + box.height / 2);
  });
  lie(innerHeight / 3);
})();
