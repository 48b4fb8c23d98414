// Small comforts on a respondent's page; everything works without them.
// In: the page. Out: a count of letters, answers that stand alone, a page that is covered the moment
// Hide or Leave is pressed, and nothing lost when the network fails between two pages.
(() => {
  "use strict";
  const PATIENCE = 20000; // milliseconds before a request counts as failed
  const AGAIN = 15000; // until a page that could not be sent is sent again
  const AGAIN_COVERED = 3000;

  // A page kept by the browser must not come back with somebody's answers.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // Browsers that know autofocus have moved the focus by then.
  addEventListener("load", () => {
    const notice = document.getElementById("notice");
    if (notice && document.activeElement !== notice) notice.focus();
  });

  document.addEventListener("keydown", (event) => {
    const panel = document.querySelector("details.tool-panel[open]");
    if (event.key !== "Escape" || !panel) return;
    panel.open = false;
    panel.querySelector("summary").focus();
  });

  const form = document.getElementById("answer-form");
  if (!form) return;

  const count = () => {
    const text = form.querySelector("textarea[data-most]");
    const tooLong = document.getElementById("too-long");
    if (!text || !tooLong) return;
    const over = [...text.value].length - Number(text.dataset.most);
    tooLong.textContent = over > 0 ? `${tooLong.dataset.words} ${over}.` : "";
  };
  form.addEventListener("input", count);
  count();

  form.addEventListener("change", (event) => {
    const picked = event.target;
    if (picked.type !== "checkbox" || !picked.checked) return;
    const alone = "alone" in picked.dataset;
    for (const other of form.querySelectorAll("input[type=checkbox]:checked")) {
      if (other !== picked && (alone || "alone" in other.dataset)) other.checked = false;
    }
  });

  const submitAsUsual = (button) => {
    if (button) {
      const pressed = document.createElement("input");
      pressed.type = "hidden";
      pressed.name = button.name;
      pressed.value = button.value;
      form.append(pressed);
    }
    form.submit();
  };

  // A page that refuses takes the place of this one. Had the browser posted the form itself, it would
  // keep every word of it in its profile, so that it can show that page again.
  const takeTheirs = (page) => {
    const theirs = page && page.getElementById("answer-form");
    if (!theirs) return false;
    for (const { name, value } of page.documentElement.attributes) {
      if (name !== "class") document.documentElement.setAttribute(name, value);
    }
    document.title = page.title;
    form.replaceChildren(...theirs.childNodes);
    document.dispatchEvent(new Event("renewed"));
    count();
    scrollTo(0, 0);
    document.getElementById("notice")?.focus();
    return true;
  };

  // As a document, because no string may become one here: see the Content-Security-Policy.
  const post = (body) => new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "document";
    request.timeout = PATIENCE;
    request.onload = () => done(request);
    request.onerror = request.ontimeout = failed;
    request.send(body);
  });

  const covers = (button) => Boolean(button) && ["hide", "leave"].includes(button.value);
  let again = 0;
  const sayOffline = (button) => {
    again = setTimeout(() => form.requestSubmit(button), covers(button) ? AGAIN_COVERED : AGAIN);
    if (covers(button)) return; // nothing is shown again before the way is clear
    const offline = document.getElementById("offline");
    offline.hidden = false;
    offline.focus();
  };

  let sending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    clearTimeout(again);
    const button = event.submitter;
    if (covers(button)) document.body.classList.add("covered");
    const body = new FormData(form);
    if (button && button.name) body.append(button.name, button.value);
    try {
      const answer = await post(body);
      const address = answer.getResponseHeader("Heard-To");
      if (address && covers(button)) location.replace(address);
      else if (address) location.assign(address);
      else if (covers(button) || !takeTheirs(answer.response)) submitAsUsual(button);
    } catch {
      sayOffline(button);
    } finally {
      sending = false;
    }
  });
})();
