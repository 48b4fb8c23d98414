// Drawing a screen of a child's pages: ready HTML from the pack, put into the page without scripts.
// In: a place in the page and HTML. Out: the screen's form, its title said and its heading focused.

export const draw = (mount, html) => {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  mount.replaceChildren(...parsed.body.childNodes);
};

export const place = (root, name) => root.querySelector(`[data-place="${name}"]`);

export const write = (root, name, text) => {
  const found = place(root, name);
  found.textContent = text;
  found.hidden = !text;
};

export const element = (name, properties = {}, children = []) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// Say the screen's title and begin at its heading, for those who see it and those who hear it.
export const present = (mount, title) => {
  document.title = title ?? mount.querySelector(".screen").dataset.title;
  const heading = mount.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
};

// Texts that the screen has in a second form.
export const sayOtherwise = (root) => {
  for (const each of root.querySelectorAll("[data-otherwise]")) {
    each.textContent = each.dataset.otherwise;
    each.hidden = !each.dataset.otherwise;
  }
};
