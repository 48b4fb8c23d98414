// The inbox: a key file is chosen and unlocked here, and messages open here, in this page alone.
// In: the file, the passphrase, sealed bytes from the server. Out: words on the page; and sealed
// notes. The key and the words are forgotten after a while without a press, and with the page.
import { PURPOSE } from "../kiosk/envelope.js";
import { fromBase64, KeyFileDamaged, readKeyFile, unlockKeyFile, WrongPassphrase } from "./keyfile.js";
import { fieldsOf, open, sealNote } from "./opening.js";

const FORGET = 10 * 60 * 1000; // milliseconds without a press
const CLOCK = 5 * 1000;
const page = document.getElementById("inbox");
const said = (name) => page.dataset[name];
const keys = JSON.parse(document.getElementById("public-keys").textContent);
const unlocking = document.getElementById("unlocking");
const unlocked = document.getElementById("unlocked");
const trouble = document.getElementById("trouble");
const token = document.querySelector("input[name=csrf_token]").value;
let key = null;
let last = Date.now();

const tell = (words) => {
  trouble.textContent = words;
  trouble.hidden = !words;
  if (words) trouble.focus();
};

const post = async (address, values = {}) => {
  const body = new URLSearchParams({ csrf_token: token, ...values });
  const answer = await fetch(address, { method: "POST", body, redirect: "error", cache: "no-store" });
  return { status: answer.status, values: answer.ok ? await answer.json() : {} };
};

const show = (card, name, text) => {
  const place = card.querySelector(`[data-words=${name}]`);
  place.textContent = text;
  place.closest(".message__part").hidden = !text;
};

const forgetWords = () => {
  for (const card of page.querySelectorAll(".message")) {
    for (const place of card.querySelectorAll("[data-words]")) place.textContent = "";
    card.querySelector(".message__opened").hidden = true;
    const note = card.querySelector("textarea");
    if (note) note.value = "";
  }
};

const allow = (isOpen) => {
  unlocking.hidden = isOpen;
  unlocked.hidden = !isOpen;
  for (const button of page.querySelectorAll(".message__open")) button.disabled = !isOpen;
};

const forget = () => {
  if (key) key.seed.fill(0);
  key = null;
  unlocking.reset(); // a passphrase that opened nothing, and the file
  forgetWords();
  allow(false);
};

const whyNot = (error) => {
  if (error instanceof WrongPassphrase) return said("wrong");
  return error instanceof KeyFileDamaged ? said("damaged") : said("unfit");
};

const unlockKey = async (event) => {
  event.preventDefault();
  const [file] = unlocking.querySelector("input[type=file]").files;
  const passphrase = unlocking.querySelector("input[type=password]");
  if (!file) return tell(said("choose"));
  tell("");
  unlocking.querySelector("[role=status]").textContent = said("patience");
  try {
    const found = await unlockKeyFile(await readKeyFile(await file.text()), passphrase.value);
    if (found.purpose !== PURPOSE.contact) throw new KeyFileDamaged("a key for something else");
    key = found;
    last = Date.now();
    unlocking.reset();
    allow(true);
    unlocked.focus();
  } catch (error) {
    tell(whyNot(error));
  } finally {
    unlocking.querySelector("[role=status]").textContent = "";
  }
};

const wordsOf = async (bytes, card) => {
  const found = JSON.parse(new TextDecoder().decode(await open(bytes, key, await fieldsOf(card.dataset.id, "request"))));
  return { name: String(found.name), reach: String(found.reach), words: String(found.words) };
};

const noteOf = async (text, card) =>
  text ? new TextDecoder().decode(await open(fromBase64(text), key, await fieldsOf(card.dataset.id, "note"))) : "";

const openMessage = async (card) => {
  tell("");
  let answer;
  try {
    answer = await post(card.dataset.open);
  } catch {
    return tell(said("lost"));
  }
  if (answer.status !== 200) return tell(said("lost"));
  try {
    const words = await wordsOf(fromBase64(answer.values.message), card);
    for (const [name, text] of Object.entries(words)) show(card, name, text);
    show(card, "note", await noteOf(answer.values.note, card));
    const opened = card.querySelector(".message__opened");
    opened.hidden = false;
    opened.focus();
  } catch {
    tell(said("shut"));
  }
};

const keepNote = async (card) => {
  const note = card.querySelector("textarea");
  if (!note.value.trim()) {
    note.focus();
    return tell(said("empty"));
  }
  tell("");
  try {
    const sealed = await sealNote(note.value.trim(), card.dataset.id, keys, Number(page.dataset.bound));
    const text = btoa(Array.from(sealed, (byte) => String.fromCharCode(byte)).join(""));
    const { status } = await post(card.dataset.done, { note: text });
    if (status !== 200) return tell(said(status === 409 ? "quicker" : "lost"));
    card.classList.add("message--done");
    card.querySelector(".message__work").hidden = true;
    card.querySelector(".message__state").textContent = said("done");
    show(card, "note", note.value.trim());
    note.value = "";
    card.querySelector(".message__opened").focus();
  } catch {
    tell(said("lost"));
  }
};

unlocking.addEventListener("submit", unlockKey);
document.getElementById("forget").addEventListener("click", () => {
  forget();
  unlocking.querySelector("input[type=file]").focus();
});
page.addEventListener("click", (event) => {
  const card = event.target.closest(".message");
  if (event.target.closest(".message__open")) openMessage(card);
  if (event.target.closest(".message__done")) keepNote(card);
});
for (const sign of ["pointerdown", "keydown", "input"]) addEventListener(sign, () => { last = Date.now(); }, true);
setInterval(() => { if (Date.now() - last > FORGET) forget(); }, CLOCK);
addEventListener("pagehide", forget);
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
document.documentElement.classList.add("has-script");
if (!globalThis.crypto || !crypto.subtle) tell(said("unfit"));
allow(false);
