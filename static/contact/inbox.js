// The inbox: a key file is chosen and unlocked here, and messages open here, in this page alone.
// In: the file, the passphrase, sealed bytes from the server. Out: words on the page; and sealed
// notes. The key and the words are forgotten after a while without a press, and with the page.
import { PURPOSE } from "../kiosk/envelope.js";
import { fromBase64, KeyFileDamaged, readKeyFile, unlockKeyFile, WrongPassphrase } from "./keyfile.js";
import { fieldsOf, open, sealNote } from "./opening.js";
import { NotLoggedIn, post, postAndLook } from "./posting.js";

const WHY_NOT = { 409: "quicker", 422: "replaced", 424: "unkept" }; // by what the server said to a note; else "lost"
const FORGET = 10 * 60 * 1000; // milliseconds without a press
const CLOCK = 5 * 1000;
const page = document.getElementById("inbox");
const said = (name) => page.dataset[name];
const keys = JSON.parse(document.getElementById("public-keys").textContent);
const unlocking = document.getElementById("unlocking");
const unlocked = document.getElementById("unlocked");
const trouble = document.getElementById("trouble");
let key = null;
let last = Date.now();

const tell = (words) => {
  trouble.textContent = words;
  trouble.hidden = !words;
  if (words) trouble.focus();
};

const tellWhy = (error) => tell(said(error instanceof NotLoggedIn ? "out" : "lost"));

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

// A message from before the keys were replaced and the note on it are for different keys: whichever
// opens is shown, and of the other it is said that it does not.
const showOpened = async ({ message, note }, card) => {
  const words = await wordsOf(fromBase64(message), card).catch(() => null);
  const done = await noteOf(note, card).catch(() => null);
  if (!words && !done) return tell(said("shut"));
  for (const name of ["name", "reach", "words"]) show(card, name, words ? words[name] : "");
  show(card, "note", done ?? "");
  const partly = card.querySelector(".message__partly");
  partly.textContent = words ? said("noteShut") : said("onlyNote");
  partly.hidden = words !== null && done !== null;
  const opened = card.querySelector(".message__opened");
  opened.hidden = false;
  opened.focus();
};

const openMessage = async (card) => {
  tell("");
  try {
    const { status, values } = await post(card.dataset.open);
    if (status !== 200) return tell(said("lost"));
    await showOpened(values, card);
  } catch (error) {
    tellWhy(error);
  }
};

const recount = () => {
  for (const section of page.querySelectorAll("section")) {
    const count = section.querySelectorAll(".message").length;
    const heading = section.querySelector("h2");
    heading.textContent = heading.textContent.replace(/\d+$/, count);
    section.querySelector(".empty").hidden = count > 0;
  }
};

// A card goes where it belongs by now, with whatever is open or written on it.
const move = (card, state, words) => {
  const place = card.querySelector(".message__state");
  place.textContent = words;
  document.getElementById(`state-${state}`).closest("section").append(card);
  recount();
  place.focus();
};

const takeOn = async (card) => {
  tell("");
  try {
    const inbox = await postAndLook(card.querySelector(".message__take").action);
    const now = inbox.querySelector(`.message[data-id="${card.dataset.id}"]`);
    card.querySelector(".message__take")?.remove();
    move(card, now.dataset.state, now.querySelector(".message__state").textContent);
  } catch (error) {
    tellWhy(error);
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
    if (status !== 200) return tell(said(WHY_NOT[status] || "lost"));
    card.querySelector(".message__work").hidden = true;
    show(card, "note", note.value.trim());
    note.value = "";
    move(card, "done", said("done"));
  } catch (error) {
    tellWhy(error);
  }
};

unlocking.addEventListener("submit", unlockKey);
document.getElementById("forget").addEventListener("click", () => {
  forget();
  unlocking.querySelector("input[type=file]").focus();
});
page.addEventListener("submit", (event) => {
  if (!event.target.matches(".message__take")) return;
  event.preventDefault(); // a page that is left forgets the key and every word
  takeOn(event.target.closest(".message"));
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
