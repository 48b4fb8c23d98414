// Which pages a respondent meets, and which answers leave the form: questionnaires/routing.py again.
// In: the pages of a version and the answers so far. Out: the path, and the answers on it.
import { holds } from "./conditions.js";

export const SKIPPED = Object.freeze({ x: "skipped" });

// A condition sees only answers to questions that are themselves on the path.
export const path = (pages, answers) => {
  const met = [];
  const seen = {};
  for (const page of pages) {
    if (page.when && !holds(page.when, seen)) continue;
    met.push(page);
    if (page.question && page.id in answers) seen[page.id] = answers[page.id];
  }
  return met;
};

export const answersOnPath = (pages, answers) =>
  Object.fromEntries(path(pages, answers).filter((page) => page.id in answers).map((page) => [page.id, answers[page.id]]));

// One answer for exactly the questions on the path, skipped where nothing was answered.
export const onPath = (pages, answers) =>
  Object.fromEntries(
    path(pages, answers)
      .filter((page) => page.question)
      .map((page) => [page.id, answers[page.id] ?? SKIPPED]),
  );

// Where a page stands: the number of its question, and one stone per section on the path.
export const progress = (pages, answers, pageId) => {
  const met = path(pages, answers);
  const asked = met.filter((page) => page.question);
  const here = met.find((page) => page.id === pageId);
  const sections = [...new Set(met.map((page) => page.section))];
  const place = sections.indexOf(here.section);
  return {
    number: here.question ? asked.indexOf(here) + 1 : null,
    total: asked.length,
    stones: sections.map((_, at) => (at === place ? "here" : at < place ? "done" : "to-come")),
  };
};
