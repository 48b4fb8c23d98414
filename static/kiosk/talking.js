// "I need to talk" on the tablet: what was written, what is to be mended, and its bytes for sealing.
// In: the screen and its three boxes. Out: a message exactly as surveys/contact/message.py has it, or
// faults by field. What is written is in the boxes and in the run's memory, and nowhere else.
import { plain } from "./answers.js";
import { utf8 } from "./bytes.js";
import { element, place } from "./screen.js";

const FIELDS = ["name", "reach", "words"];
const NEEDED = ["name", "reach"];
const ENDS = /^\p{White_Space}+|\p{White_Space}+$/gu;

const box = (screen, name) => screen.querySelector(`textarea[name=${name}]`);

// As it stands in the boxes; nothing where there are none.
export const written = (screen) =>
  Object.fromEntries(FIELDS.map((name) => [name, box(screen, name)?.value ?? ""]));

export const writeIn = (screen, words) => {
  for (const name of FIELDS) if (box(screen, name)) box(screen, name).value = words[name];
};

export const tidied = (words) => Object.fromEntries(FIELDS.map((name) => [name, plain(words[name]).replace(ENDS, "")]));

// The name of each fault by field, in the order of the page. Lengths are counted as the server counts.
export const faultsOf = (message, longest) => {
  const fault = (name) => {
    if (NEEDED.includes(name) && !message[name]) return `no_${name}`;
    return [...message[name]].length > longest[name] ? "too_long" : "";
  };
  return Object.fromEntries(FIELDS.map((name) => [name, fault(name)]).filter(([, found]) => found));
};

export const messageBytes = ({ name, reach, words }) => utf8(JSON.stringify({ name, reach, words }));

const said = (field, text) => {
  field.before(element("p", { className: "talk-fault", id: `fault-${field.id}`, textContent: text }));
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", [`fault-${field.id}`, field.dataset.hint].filter(Boolean).join(" "));
};

const unsaid = (field) => {
  field.dataset.hint ??= field.getAttribute("aria-describedby") ?? "";
  field.parentNode.querySelector(".talk-fault")?.remove();
  field.removeAttribute("aria-invalid");
  if (field.dataset.hint) field.setAttribute("aria-describedby", field.dataset.hint);
  else field.removeAttribute("aria-describedby");
};

const linkTo = (field, text) => {
  const link = element("a", { href: `#${field.id}`, textContent: text });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    field.focus();
  });
  return element("p", {}, [link]);
};

export const showFaults = (screen, faults, words) => {
  for (const name of FIELDS) unsaid(box(screen, name));
  const found = Object.entries(faults).map(([name, fault]) => [box(screen, name), words[fault]]);
  for (const [field, text] of found) said(field, text);
  const notice = place(screen, "notice");
  notice.replaceChildren(...found.map(([field, text]) => linkTo(field, text)));
  notice.hidden = !found.length;
  if (found.length) notice.focus();
};

// No message can be kept here: whom to ring, and every word stays where it was written.
export const showFull = (screen) => {
  place(screen, "before").hidden = true;
  place(screen, "full").hidden = false;
  screen.querySelector("#full-notice").focus();
};
