// Passkeys: hands the page's question to the browser, and the browser's answer to the form.
// In: forms with data-passkey (get or create) and the question in their field "asked".
// Out: the form, sent with the answer in its field "credential". Nothing is kept.
(() => {
  "use strict";
  const known = window.PublicKeyCredential;
  if (!known?.parseRequestOptionsFromJSON || !known?.parseCreationOptionsFromJSON) return;

  async function answer(kind, asked) {
    if (kind === "create") {
      return navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON(asked) });
    }
    return navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON(asked) });
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const trouble = form.querySelector("[data-passkey-trouble]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      trouble.textContent = "";
      try {
        const asked = JSON.parse(form.elements.asked.value);
        const given = await answer(form.dataset.passkey, asked);
        form.elements.credential.value = JSON.stringify(given.toJSON());
        form.submit();
      } catch {
        trouble.textContent = trouble.dataset.passkeyTrouble;
      }
    });
  }
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = true;
})();
