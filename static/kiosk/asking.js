// One question on the screen: filled in, counted, and read again.
// In: a page of the path and what stands in its form. Out: elements in place; what was entered.
import { overLength, readAnswer } from "./answers.js";
import { SKIPPED } from "./routing.js";
import { place, write } from "./screen.js";
import { filled } from "./wording.js";

const answerInputs = (screen) => [...screen.querySelectorAll("input[name=answer]")];

export const entered = (screen) => ({
  picked: answerInputs(screen).filter((input) => input.checked).map((input) => input.value),
  text: screen.querySelector("textarea")?.value ?? "",
});

// What a press makes of what stands in a form: an answer, a fault, or neither on the way back.
export const pressedAnswer = (question, pressed, { picked, text }) => {
  if (pressed === "skip") return { answer: SKIPPED };
  const found = readAnswer(question, picked, text);
  if (found.answer !== undefined || found.fault || pressed === "back") return found;
  if (question.type === "text") return { answer: SKIPPED };
  return { fault: question.type === "choices" ? "some" : "one" };
};

export const fillIn = (screen, { picked, text }) => {
  for (const input of answerInputs(screen)) input.checked = picked.includes(input.value);
  const area = screen.querySelector("textarea");
  if (area) area.value = text;
};

export const sayQuestion = (screen, { text, hint }) => {
  const heading = screen.querySelector("h1 label") ?? screen.querySelector("h1");
  heading.textContent = text;
  const below = screen.querySelector("#hint");
  if (below) below.textContent = hint;
};

export const showProgress = (screen, { number, total, stones }, section, words) => {
  const text = number ? filled(words.question, { number: String(number), total: String(total) }) : words.next_part;
  write(screen, "progress", text);
  write(screen, "section", section);
  const marks = [...stones, "end"].map((state) => {
    const mark = document.createElement("span");
    mark.className = `stone stone-${state}`;
    return mark;
  });
  place(screen, "stones").replaceChildren(...marks);
  return text;
};

const FAULTS = {
  alone: (words) => [words.alone, words.choose],
  long: (words, over) => [filled(words.long, { over: String(over) }), words.shorten],
  one: (words) => [words.nothing, words.pick_one],
  some: (words) => [words.nothing, words.pick_some],
};

export const showFault = (screen, { fault, over }, words) => {
  const [title, advice] = FAULTS[fault](words, over);
  write(screen, "fault", title);
  const link = document.createElement("a");
  link.href = "#answer-1";
  link.textContent = advice;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    screen.querySelector("#answer-1").focus();
  });
  place(screen, "advice").replaceChildren(link);
  const notice = place(screen, "notice");
  notice.hidden = false;
  notice.focus();
};

// An answer that stands alone takes the others away; too many letters are said at once.
export const watchEntering = (screen, words) => {
  screen.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox" || !target.checked) return;
    for (const other of answerInputs(screen)) {
      const apart = "alone" in target.dataset || "alone" in other.dataset;
      if (other !== target && other.checked && apart) other.checked = false;
    }
  });
  const area = screen.querySelector("textarea");
  if (!area) return;
  const said = screen.querySelector("#too-long");
  area.addEventListener("input", () => {
    const over = overLength(area.value, Number(area.dataset.most));
    said.textContent = over ? filled(words.long, { over: String(over) }) : "";
  });
};
