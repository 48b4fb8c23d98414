// A page that stays open: on a shared tablet it asks whether anybody is there, then hides itself;
// on somebody's own device it asks before the sitting ends. It never sends an answer.
// In: data-ask and data-hide on the dialog, in seconds. Out: a fresh start of the idle time, or the
// calm page. Without this script the server ends the sitting by itself.
(() => {
  "use strict";
  const dialog = document.getElementById("staying");
  if (!dialog || !dialog.showModal) return;
  const ask = Number(dialog.dataset.ask) * 1000;
  const hide = Number(dialog.dataset.hide) * 1000;
  const token = dialog.querySelector("input[name=csrf_token]").value;
  const TELL_SERVER_EVERY = 240000; // milliseconds, while somebody is typing or moving
  let last = Date.now();
  let told = last;

  const post = (address) => {
    const body = new FormData();
    body.append("csrf_token", token);
    return fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  };

  const stillHere = () => {
    last = told = Date.now();
    if (dialog.open) dialog.close();
    post(dialog.dataset.still).catch(() => {}); // the next page tells it again
  };

  // What stands on the page is saved as Hide saves it, then hidden.
  const hideThis = () => {
    const form = document.getElementById("answer-form");
    if (!form) return post(dialog.dataset.hideAddress);
    const body = new FormData(form);
    body.append("go", "hide");
    return fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  };

  const goHidden = () => {
    document.body.classList.add("covered");
    hideThis()
      .then(({ status }) => location.replace(status < 500 ? dialog.dataset.hidden : "about:blank"))
      .catch(() => location.replace("about:blank"));
  };

  const moved = () => {
    if (dialog.open) return; // only its button says that somebody is there
    last = Date.now();
    if (last - told > TELL_SERVER_EVERY) stillHere();
  };
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
    addEventListener(kind, moved, { passive: true });
  }
  dialog.addEventListener("close", stillHere);

  const look = () => {
    const idle = Date.now() - last;
    if (hide && idle >= hide) { clearInterval(clock); goHidden(); }
    else if (idle >= ask && !dialog.open) dialog.showModal();
  };
  const clock = setInterval(look, 1000);
  addEventListener("visibilitychange", look); // a tablet that slept has missed its seconds
})();
