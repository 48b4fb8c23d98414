// One child's run: welcome, one question a page, check, Send, thanks; and nothing left afterwards.
// In: a pack, a version, a language. Out: one sealed response handed to `keep`, or nothing at all; and
// what was written under "I need to talk" handed to `tell`, which seals it.
// Answers and words are in this module's memory while the run is on, and nowhere else.
import { asEntered, isLow, responseBytes } from "./answers.js";
import { entered, fillIn, pressedAnswer, sayQuestion, showFault, showProgress, watchEntering } from "./asking.js";
import { checkedSections } from "./checking.js";
import { asWorn, isDress, putBack, putOn, showPressed } from "./dressing.js";
import { watchIdle } from "./idle.js";
import { answersOnPath, onPath, path, progress } from "./routing.js";
import { draw, place, present, sayOtherwise } from "./screen.js";
import { readWave, sealResponse } from "./sealing.js";
import { faultsOf, messageBytes, showFaults, showFull, tidied, writeIn, written } from "./talking.js";
import { wording } from "./wording.js";

const MOST_MESSAGES = 3; // in one run, as in one browser on one day online
const COVERS = ["help", "still"]; // what is written stays behind these, and is forgotten behind others

export const beginRun = ({ pack, versionId, language, mount, keep, tell, ended }) => {
  const { pages, simple } = pack.versions.find(({ id }) => id === versionId);
  const before = { worn: asWorn(), title: document.title };
  let run = {
    answers: {}, language, worn: {}, now: "welcome", at: null, aside: null, toCheck: false,
    words: null, told: 0, sent: false,
  };

  const spoken = () => pack.languages[run.language];
  const version = () => spoken().versions[versionId];
  const pathNow = () => path(pages, run.answers);
  const placeOf = (met) => met.findIndex(({ id }) => id === run.at);

  // --- screens
  const dress = () => {
    putOn(spoken(), run.worn);
    showPressed(mount, run.language, run.worn);
  };

  const showQuestion = (given) => {
    const page = pages.find(({ id }) => id === run.at);
    const { words, screens } = spoken();
    const said = version().pages[page.id];
    draw(mount, screens.question);
    draw(place(mount, "asked"), said.html);
    place(mount, "skip").hidden = !page.question;
    place(mount, "low").hidden = !afterLow(page);
    if (page.question) fillQuestion(page, said, given ?? asEntered(run.answers[page.id]));
    const where = progress(pages, run.answers, page.id);
    present(mount, showProgress(mount, where, version().sections[page.section], words));
  };

  const fillQuestion = ({ id, question }, said, given) => {
    if (question.variants.length || Object.keys(said.piped).length) {
      sayQuestion(mount, wording(question, id, version().pages, answersOnPath(pages, run.answers)));
    }
    fillIn(mount, given);
    watchEntering(mount.querySelector(".screen"), spoken().words);
  };

  const afterLow = (page) => {
    const met = pathNow();
    const earlier = met[met.indexOf(page) - 1];
    return Boolean(earlier?.question) && isLow(earlier.question, run.answers[earlier.id]);
  };

  const showCheck = () => {
    draw(mount, spoken().screens.check);
    const answers = answersOnPath(pages, run.answers);
    const rows = { pages: pathNow(), simple, spoken: version(), words: spoken().words, answers };
    place(mount, "sections").append(...checkedSections(rows));
    present(mount);
  };

  const showReady = (html) => {
    draw(mount, html);
    present(mount);
  };

  const showTalk = (words) => {
    showReady(spoken().screens.talk);
    if (words) writeIn(mount, words);
  };

  const SCREENS = {
    welcome: () => showReady(version().welcome),
    question: showQuestion,
    check: showCheck,
    talk: showTalk,
  };

  const turnTo = (name, given) => {
    run.now = name;
    (SCREENS[name] ?? (() => showReady(spoken().screens[name])))(given);
    // behind this screen lie no answers any more, or words that are being written
    if (run.sent || (name === "help" && run.words)) sayOtherwise(mount);
    dress();
  };

  const formNow = () => {
    if (run.now === "question") return entered(mount);
    return run.now === "talk" ? written(mount) : undefined;
  };

  // --- going on and back
  const toQuestion = (id) => {
    run.at = id;
    turnTo("question");
  };

  const firstOpen = () => pathNow().find((page) => page.question && !(page.id in run.answers));

  const toCheckOrOpen = () => {
    const open = firstOpen();
    if (open) return toQuestion(open.id);
    run.toCheck = true;
    return turnTo("check");
  };

  const onward = () => {
    const met = pathNow();
    const next = met[placeOf(met) + 1];
    return run.toCheck || !next ? toCheckOrOpen() : toQuestion(next.id);
  };

  const backward = () => {
    const met = pathNow();
    const last = run.now === "check" ? met[met.length - 1] : met[placeOf(met) - 1];
    return last ? toQuestion(last.id) : turnTo("welcome");
  };

  // Whatever was pressed, an answer fit to be kept is kept first.
  const save = (pressed) => {
    const { question } = pages.find(({ id }) => id === run.at);
    if (!question) return true;
    const found = pressedAnswer(question, pressed, entered(mount));
    if (found.fault) return refuse(found);
    if (found.answer !== undefined) run.answers = { ...run.answers, [run.at]: found.answer };
    return true;
  };

  const refuse = (found) => {
    showFault(mount, found, spoken().words);
    sayLook();
    return false;
  };

  const sayLook = () => {
    const { look } = spoken().words;
    if (!document.title.startsWith(look)) document.title = `${look}: ${document.title}`;
  };

  // --- aside: help, talking, hiding, asking; and back to the same screen with what stood in it
  const aside = (name) => {
    run.aside ??= { now: run.now, form: formNow() };
    const words = run.now === "talk" ? written(mount) : run.words;
    run.words = COVERS.includes(name) ? words : null;
    turnTo(name);
  };

  const comeBack = () => {
    const { words } = run;
    run.words = null;
    if (words) return turnTo("talk", words);
    const { now, form } = run.aside;
    run.aside = null;
    return turnTo(now, form);
  };

  const talk = () => {
    const { words } = run; // from help, which was looked at while writing
    aside("talk");
    if (words) writeIn(mount, words);
  };

  const sendMessage = async () => {
    if (run.sending) return;
    const message = tidied(written(mount));
    const faults = faultsOf(message, pack.contact.longest);
    showFaults(mount, faults, spoken().words);
    if (Object.keys(faults).length) {
      sayLook();
      return;
    }
    run.sending = true;
    const sending = run;
    const kept = run.told < MOST_MESSAGES && (await tell(messageBytes(message)).catch(() => false));
    sending.sending = false;
    if (kept) sending.told += 1;
    if (run !== sending || run.now !== "talk") return; // deleted or covered meanwhile
    if (kept) turnTo("talked");
    else showFull(mount);
  };

  // --- the end
  const send = async () => {
    if (run.sending) return;
    run.sending = true;
    const sending = run;
    try {
      const bytes = responseBytes(versionId, onPath(pages, run.answers));
      const envelope = await sealResponse(bytes, readWave(pack.wave));
      if (run !== sending) return; // deleted meanwhile
      if (!(await keep(envelope))) throw new Error("no place is left");
      if (run !== sending) return;
      run.answers = {};
      run.aside = null;
      run.sent = true;
      turnTo("thanks");
    } catch {
      if (run === sending) sayTrouble();
    } finally {
      sending.sending = false;
    }
  };

  const sayTrouble = () => {
    const trouble = place(mount, "trouble");
    if (!trouble) return;
    trouble.hidden = false;
    trouble.focus();
  };

  const end = () => {
    if (!run) return;
    run.answers = {};
    run.words = null;
    run = null;
    mount.replaceChildren();
    stopIdle();
    removeEventListener("popstate", pressedBack);
    removeEventListener("pagehide", end);
    putBack(before.worn);
    document.title = before.title;
    ended();
  };

  // --- what was pressed
  const PRESSED = {
    welcome: { next: () => toQuestion(pathNow()[0].id) },
    question: {
      next: () => save("next") && onward(),
      skip: () => save("skip") && onward(),
      back: () => save("back") && backward(),
    },
    check: { send, back: backward },
    talk: { send: sendMessage },
    thanks: {},
  };
  const ANYWHERE = {
    help: () => aside("help"),
    hide: () => aside("hidden"),
    leave: () => (run.sent ? end() : aside("leave")),
    talk,
    back: comeBack,
    stop: end,
  };

  const changeDress = (button) => {
    if (button.name !== "language") {
      run.worn[button.name] = button.value;
      return dress();
    }
    run.language = button.value;
    return turnTo(run.now, formNow());
  };

  const submitted = (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (!run || !button) return;
    if (isDress(button)) changeDress(button);
    else if (button.name === "change") toQuestion(button.value);
    else (PRESSED[run.now]?.[button.value] ?? ANYWHERE[button.value])?.();
  };

  // The device's own Back goes back in the run, never out of it.
  const pressedBack = () => {
    history.pushState(null, "");
    if (run.aside) comeBack();
    else PRESSED[run.now]?.back?.();
  };

  const covered = (name) => () => ["thanks", "hidden"].includes(run.now) || aside(name);
  mount.onsubmit = submitted;
  history.pushState(null, "");
  addEventListener("popstate", pressedBack);
  addEventListener("pagehide", end);
  const stopIdle = watchIdle({ ask: covered("still"), hide: covered("hidden"), forget: end });
  turnTo("welcome");
  return end;
};
