// Listen: reads a page aloud, text by text, and outlines the one that is being read.
// In: a press of the button, and the texts of the page with data-clip. Out: sound, and a class on
// what is read. Nothing is fetched before the press, nothing is ever chosen or sent. The voice of
// the device reads when clips are missing, but only one that reads without a network.
{
const listen = () => {
  "use strict";
  const button = document.getElementById("listen");
  if (!button) return;
  const label = button.querySelector("span");
  const note = document.getElementById("listen-note");
  const clips = button.dataset.clips;
  const words = label.textContent;
  const parts = [...document.querySelectorAll("main [data-clip]")];
  const complete = parts.length > 0 && parts.every((part) => part.dataset.clip);
  const page = document.documentElement;
  const sound = new Audio();
  let voice = null;
  let turn = 0; // of whatever was begun in an earlier turn, nothing counts any more
  let reading = false;
  let speaking = null; // kept, or some browsers forget to tell when it has ended

  // A language with a region, such as Dari, is not read by the voice of its neighbour.
  const speaks = (candidate) => {
    const tag = candidate.lang.replace("_", "-").toLowerCase();
    const wanted = page.lang.toLowerCase();
    return tag === wanted || (!wanted.includes("-") && tag.split("-")[0] === wanted);
  };
  const findVoice = () => {
    if (complete || !parts.length || !("speechSynthesis" in window)) return;
    const local = speechSynthesis.getVoices().filter((one) => one.localService === true && speaks(one));
    voice = local.find((one) => /-GB$/i.test(one.lang)) || local[0] || null;
  };
  const show = () => {
    findVoice();
    button.hidden = !complete && !voice;
  };

  const place = (part) => part.closest(".card, button, select, h1, h2, h3, li, p, a, legend") || part;
  const onPage = (part) => place(part).getClientRects().length > 0;
  const outline = (part) => {
    for (const other of document.querySelectorAll(".being-read")) other.classList.remove("being-read");
    if (!part) return;
    const still = page.dataset.motion === "off" || matchMedia("(prefers-reduced-motion: reduce)").matches;
    place(part).classList.add("being-read");
    place(part).scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  };

  const play = (part) => new Promise((done, failed) => {
    sound.onended = done;
    sound.onerror = failed;
    sound.src = clips + part.dataset.clip;
    sound.play().catch(failed);
  });
  const speak = (part) => new Promise((done, failed) => {
    speaking = new SpeechSynthesisUtterance(part.dataset.say || part.textContent);
    speaking.voice = voice;
    speaking.lang = voice.lang;
    speaking.rate = 0.9;
    speaking.onend = done;
    speaking.onerror = failed;
    speechSynthesis.speak(speaking);
  });
  const fetchAhead = (part) => {
    if (!complete || !part) return;
    const next = new Audio();
    next.preload = "auto";
    next.src = clips + part.dataset.clip;
  };

  const stop = () => {
    if (!reading) return;
    turn += 1;
    reading = false;
    sound.pause();
    if (voice) speechSynthesis.cancel();
    outline(null);
    label.textContent = words;
  };
  const read = async () => {
    const mine = ++turn;
    const shown = parts.filter(onPage);
    reading = true;
    note.textContent = "";
    label.textContent = button.dataset.stop;
    for (const [at, part] of shown.entries()) {
      outline(part);
      try {
        const heard = complete ? play(part) : speak(part);
        fetchAhead(shown[at + 1]);
        await heard;
      } catch {
        if (mine === turn) note.textContent = button.dataset.lost;
        if (mine === turn) stop();
        return;
      }
      if (mine !== turn) return;
    }
    stop();
  };

  button.addEventListener("click", () => { if (reading) stop(); else read(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
  document.addEventListener("submit", stop);
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
  addEventListener("pagehide", stop);
  if ("speechSynthesis" in window) speechSynthesis.addEventListener?.("voiceschanged", show);
  show();
};
listen();
document.addEventListener("renewed", listen); // a refused form was put in anew, and its button with it
}
