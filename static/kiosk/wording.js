// The wording of a question for one respondent: variants, and earlier answers named in the text.
// In: a page's conditions, its words in one language, answers on the path. Out: text and hint.
import { holds } from "./conditions.js";

const PLACE = /\{([a-z][a-z0-9_]*)\}/g;

export const filled = (text, words) =>
  text.replace(PLACE, (whole, name) => (Object.hasOwn(words, name) ? words[name] : whole));

const piped = (said, pages, answers) =>
  Object.fromEntries(
    Object.entries(said.piped).map(([name, otherwise]) => {
      const answer = answers[name];
      const label = Array.isArray(answer) ? pages[name].labels[answer[0]] : undefined;
      return [name, label ?? otherwise];
    }),
  );

// `pages` are the words of every page of the version, by id.
export const wording = (question, id, pages, answers) => {
  const said = pages[id];
  const words = piped(said, pages, answers);
  const which = question.variants.findIndex((when) => holds(when, answers));
  const text = which < 0 ? said.text : said.variants[which];
  return { text: filled(text, words), hint: filled(said.hint, words) };
};
