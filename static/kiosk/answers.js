// Answers: what stands in a form as an answer or a fault, and a whole response in its one form.
// In: a question and what was picked or written. Out: {answer}, {fault}, or {} when there is nothing;
// and bytes to seal, the same as questionnaires/responses.py makes.
import { utf8 } from "./bytes.js";

const NON_ANSWER = "x:";
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const HALVES = /\p{Surrogate}/gu; // of characters; no keyboard writes them

export const plain = (text) => text.replaceAll("\r\n", "\n").replace(CONTROLS, "").replace(HALVES, "");

export const overLength = (text, most) => Math.max(0, [...plain(text)].length - most);

const written = (question, picked, text) => {
  const over = overLength(text, question.max_length);
  if (picked.length) return { fault: "alone" };
  return over ? { fault: "long", over } : { answer: { t: text } };
};

const chosen = (question, picked) => {
  const alone = (value) => value.startsWith(NON_ANSWER) || question.exclusive.includes(value);
  if (picked.length > 1 && picked.some(alone)) return { fault: "alone" };
  const [first] = picked;
  if (first.startsWith(NON_ANSWER)) return { answer: { x: first.slice(NON_ANSWER.length) } };
  if (question.type === "ladder") return { answer: Number(first) };
  return { answer: question.options.filter((code) => picked.includes(code)) };
};

export const readAnswer = (question, picked, text) => {
  const words = plain(text);
  if (question.type === "text" && words.trim()) return written(question, picked, words);
  return picked.length ? chosen(question, picked) : {};
};

// What stands in a form for a stored answer: the values picked, and the text.
export const asEntered = (answer) => {
  if (answer === undefined || answer?.x === "skipped") return { picked: [], text: "" };
  if (Array.isArray(answer)) return { picked: answer, text: "" };
  if (typeof answer === "number") return { picked: [String(answer)], text: "" };
  if ("x" in answer) return { picked: [NON_ANSWER + answer.x], text: "" };
  return { picked: [], text: answer.t };
};

export const isLow = (question, answer) => {
  if (typeof answer === "number") return question.low.includes(answer);
  return Array.isArray(answer) && answer.some((code) => question.low.includes(code));
};

// Canonical JSON: keys sorted, no spaces. Ids are never numbers, so objects keep this order.
export const responseBytes = (questionnaire, answers) => {
  const sorted = Object.fromEntries(Object.keys(answers).sort().map((id) => [id, answers[id]]));
  return utf8(JSON.stringify({ a: sorted, m: "offline", q: questionnaire, v: 2 }));
};
