// How a child's pages look: language, size, colours. Kept in the page for this run alone.
// In: the buttons of the "Look" panel. Out: attributes on <html>; the buttons show what is worn.

const WORN = ["size", "colours", "ruler", "motion"];
const root = document.documentElement;

export const putOn = ({ tag, direction }, worn) => {
  root.lang = tag;
  root.dir = direction;
  Object.assign(root.dataset, { look: "child" }, worn);
};

export const isDress = (button) => [...WORN, "language"].includes(button.name);

export const showPressed = (mount, language, worn) => {
  for (const button of mount.querySelectorAll("button[aria-pressed]")) {
    const value = button.name === "language" ? language : worn[button.name] ?? root.dataset[button.name];
    button.setAttribute("aria-pressed", String(button.value === value));
  }
};

// What to put back when the run is over.
export const asWorn = () => ({ lang: root.lang, dir: root.dir, data: { ...root.dataset } });

export const putBack = ({ lang, dir, data }) => {
  root.lang = lang;
  root.dir = dir;
  for (const name of Object.keys(root.dataset)) delete root.dataset[name];
  Object.assign(root.dataset, data);
};
