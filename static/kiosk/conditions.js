// Whether a condition holds, for the closed list of operators of questionnaires/conditions.py.
// In: a condition and the answers so far, as JSON. Out: true or false; nothing is ever evaluated.

const isNonAnswer = (answer) => typeof answer === "object" && !Array.isArray(answer) && "x" in answer;

export const wasAnswered = (answer) => answer !== undefined && !isNonAnswer(answer);

const OF_CODES = {
  is: (wanted, codes) => codes.some((code) => wanted.includes(code)),
  is_not: (wanted, codes) => codes.length > 0 && !codes.some((code) => wanted.includes(code)),
};
const OF_NUMBERS = {
  at_least: (bound, value) => value >= bound,
  at_most: (bound, value) => value <= bound,
};
const JOINS = {
  all: (parts, answers) => parts.every((part) => holds(part, answers)),
  any: (parts, answers) => parts.some((part) => holds(part, answers)),
  not: (part, answers) => !holds(part, answers),
};

const test = (operator, wanted, answer) => {
  if (operator === "answered") return wanted === wasAnswered(answer);
  if (operator in OF_CODES) return Array.isArray(answer) && OF_CODES[operator](wanted, answer);
  if (operator in OF_NUMBERS) return typeof answer === "number" && OF_NUMBERS[operator](wanted, answer);
  throw new TypeError("unknown operator");
};

export const holds = (condition, answers) => {
  const { question, ...rest } = condition;
  const [[operator, wanted], ...others] = Object.entries(rest);
  if (others.length) throw new TypeError("a condition has exactly one form");
  if (question === undefined) return JOINS[operator](wanted, answers);
  return test(operator, wanted, answers[question]);
};
