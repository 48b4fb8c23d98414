// The answers of a run in words, section by section, each with a button to change it.
// In: a version, its words, the answers. Out: elements for the check screen.
import { element } from "./screen.js";
import { filled, wording } from "./wording.js";

const inWords = (answer, said, words) => {
  if (answer === undefined || answer.x === "skipped") return words.skipped;
  if (Array.isArray(answer)) return answer.map((code) => said.labels[code]).join(words.comma);
  if (typeof answer === "number") return filled(words.out_of_ten, { value: String(answer) });
  return "x" in answer ? said.non_answers[answer.x] : answer.t;
};

const row = (page, spoken, words, answers) => {
  const { text } = wording(page.question, page.id, spoken.pages, answers);
  const change = element("button", { className: "link", name: "change", value: page.id }, [
    words.change,
    element("span", { className: "hidden-words", textContent: `: ${text}` }),
  ]);
  return element("div", { className: "checked-row" }, [
    element("dt", { textContent: text }),
    element("dd", { className: "given", dir: "auto", textContent: inWords(answers[page.id], spoken.pages[page.id], words) }),
    element("dd", { className: "change" }, [change]),
  ]);
};

export const checkedSections = ({ pages, simple, spoken, words, answers }) =>
  spoken.sections.flatMap((title, number) => {
    const rows = pages
      .filter((page) => page.question && page.section === number)
      .map((page) => row(page, spoken, words, answers));
    if (!rows.length) return [];
    const summary = element("summary", {}, [element("h2", { textContent: title })]);
    return [element("details", { className: "checked", open: !simple }, [summary, element("dl", {}, rows)])];
  });
