// Small comforts on a respondent's page; everything works without them.
// In: the page. Out: a count of letters, answers that stand alone, a page that is covered the moment
// Hide or Leave is pressed, and nothing lost when the network or the server fails between two pages.
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

  // A page that refuses takes the place of this one. The browser never posts the form itself: it would
  // keep every word of it in its profile, so that it can show the page of the answer again.
  const takeTheirs = (page) => {
    const theirs = page.getElementById("answer-form");
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
  const tryAgain = (button) => {
    again = setTimeout(() => form.requestSubmit(button), covers(button) ? AGAIN_COVERED : AGAIN);
  };
  const offline = () => document.getElementById("offline");
  const showNotice = (notice) => {
    document.getElementById("refused")?.remove();
    offline().hidden = notice !== offline();
    if (notice !== offline()) offline().before(notice);
    if (!document.activeElement?.matches("textarea")) notice.focus(); // else somebody is writing on
  };
  const sayOffline = (button) => {
    tryAgain(button);
    if (!covers(button)) showNotice(offline()); // nothing is shown again before the way is clear
  };

  const isTyped = () => [...form.querySelectorAll("textarea")].some((text) => text.value.trim());
  const made = (name, properties) => Object.assign(document.createElement(name), properties);
  const saidBy = ({ href, textContent }, className) => {
    const words = textContent.trim();
    if (!href) return made("p", { className, textContent: words });
    const said = made("p", { className });
    said.append(made("a", { href, textContent: words }));
    return said;
  };
  // What a page without a form says is said here: what was typed stands below, to be sent again or copied.
  const sayWhy = (page) => {
    const { lang, dir } = page.documentElement;
    const notice = made("div", { id: "refused", className: "notice", tabIndex: -1, lang, dir });
    notice.setAttribute("role", "alert");
    const parts = [["h1", "notice-title"], [".lead", ""], ["#unsaved-note", ""], ["a.next", ""]];
    for (const [name, kind] of parts) {
      const found = page.querySelector(`main ${name}`);
      if (found && (isTyped() || found.id !== "unsaved-note")) notice.append(saidBy(found, kind));
    }
    showNotice(notice);
  };

  // Whoever stands between, such as a proxy while the server starts anew, answers with pages of its own.
  const isOurs = (page) => Boolean(page?.documentElement?.dataset.look);
  const heed = ({ response: page, responseURL, status }, button) => {
    const failed = status >= 500;
    if (!isOurs(page) || (failed && covers(button))) sayOffline(button);
    else if (covers(button)) location.replace("/away"); // its sitting is over: nothing of it comes back
    else if (takeTheirs(page)) return;
    else if (status < 400 && !isTyped()) location.assign(responseURL); // led on to another page
    else {
      if (failed) tryAgain(button);
      sayWhy(page);
    }
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
      else heed(answer, button);
    } catch {
      sayOffline(button);
    } finally {
      sending = false;
    }
  });
})();
