// What can be measured of a page as it stands in its window. Put into every page before it loads.
// In: least sizes, colours. Out: window.acceptance, whose functions tell faults in words.
window.acceptance = (() => {
  "use strict";
  const UNSEEN = ".hidden-words, .visually-hidden, .default-button, .skip-link, [hidden], dialog:not([open]), .chart";
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const BOXES = ".card, button, .tool, .next, .equal, .choice, .button, .tag, select, summary, td, th";
  const ANSWERS = ".cards .option, .tiles .option, .bands .option, .rows .option";
  const LINED = ".card, .next, .equal, .choice, .tick-box, input, textarea, select, .button";

  const visible = (element) => !element.closest(UNSEEN) && element.checkVisibility({ visibilityProperty: true });
  const round = (number) => Math.round(number * 10) / 10;
  const named = (element) => {
    const words = (element.getAttribute("aria-label") || element.textContent || "").trim();
    const kind = String(element.className.baseVal ?? element.className).trim().replace(/\s+/g, ".");
    return `${element.tagName.toLowerCase()}${kind && "."}${kind} "${words.replace(/\s+/g, " ").slice(0, 40)}"`;
  };

  const words = function* () {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const holder = text.parentElement;
      if (!text.textContent.trim() || !visible(holder)) continue;
      if (!holder.closest("script, textarea, option, svg")) yield [text, holder];
    }
  };

  // Words that leave the window, or the box that they stand in.
  const cut = () => {
    const wide = document.documentElement.scrollWidth;
    const faults = wide > innerWidth ? [`sideways: ${wide} in a window of ${innerWidth}`] : [];
    for (const [text, holder] of words()) {
      const range = document.createRange();
      range.selectNodeContents(text);
      if (holder.closest("[tabindex='0'], pre")) continue; // can be scrolled by keyboard
      const box = holder.closest(BOXES)?.getBoundingClientRect();
      for (const rect of range.getClientRects()) {
        const [left, right] = [rect.left + scrollX, rect.right + scrollX];
        if (!rect.width) continue;
        if (left < -1 || right > innerWidth + 1) faults.push(`cut at ${round(right)}: ${named(holder)}`);
        else if (box && (rect.left < box.left - 1 || rect.right > box.right + 1)) faults.push(`beside its box: ${named(holder)}`);
        else if (box && (rect.top < box.top - 3 || rect.bottom > box.bottom + 3)) faults.push(`above or below its box: ${named(holder)}`);
        else continue;
        break;
      }
    }
    return faults;
  };

  const inSentence = (element) => element.matches("a, .link") && getComputedStyle(element).display === "inline"
    && element.parentElement.textContent.trim() !== element.textContent.trim();
  const area = (element) => {
    const option = element.closest("label.option");
    const rect = (option || element).getBoundingClientRect();
    const label = !option && element.matches("[type=checkbox], [type=radio]") && element.labels[0];
    if (!label) return rect;
    const more = label.getBoundingClientRect();
    const [left, top] = [Math.min(rect.left, more.left), Math.min(rect.top, more.top)];
    return new DOMRect(left, top, Math.max(rect.right, more.right) - left, Math.max(rect.bottom, more.bottom) - top);
  };
  const targets = () => [...document.querySelectorAll(CONTROLS)]
    .filter((element) => visible(element) && !inSentence(element))
    .map((element) => [element.closest("label.option") || element, area(element)])
    .filter(([, rect]) => rect.width && rect.height);

  // Everything that can be pressed is large enough, apart from the others, and the tools in a row.
  const pressed = ({ target, answer, gap }) => {
    const faults = [];
    const found = targets();
    found.forEach(([element, rect], place) => {
      const least = element.matches(ANSWERS) && innerWidth >= 768 ? answer : target;
      if (rect.height < least - 0.5) faults.push(`${round(rect.height)} high instead of ${least}: ${named(element)}`);
      if (rect.width < target - 0.5) faults.push(`${round(rect.width)} wide instead of ${target}: ${named(element)}`);
      for (const [other, next] of found.slice(place + 1)) {
        if (element.contains(other) || other.contains(element)) continue;
        const across = Math.max(rect.left, next.left) - Math.min(rect.right, next.right);
        const down = Math.max(rect.top, next.top) - Math.min(rect.bottom, next.bottom);
        const apart = Math.max(across, down);
        if (apart < gap - 0.5) faults.push(`${round(apart)} apart: ${named(element)} and ${named(other)}`);
      }
    });
    const tools = [...document.querySelectorAll(".tools .tool")].filter(visible);
    const rows = new Set(tools.map((tool) => Math.round(tool.getBoundingClientRect().y)));
    return rows.size > 1 ? [...faults, `tools in ${rows.size} rows`] : faults;
  };

  // The guideline's distances between letters, words and lines.
  const spacing = new CSSStyleSheet();
  spacing.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }");
  const spaced = () => {
    document.adoptedStyleSheets = [spacing];
    const faults = cut();
    document.adoptedStyleSheets = [];
    return faults;
  };

  const luminance = (colour) => {
    const linear = colour.map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const parts = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
  const contrast = (one, other) => {
    const [dark, light] = [luminance(parts(one)), luminance(parts(other))].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const clear = (colour) => parts(colour)[3] === 0;
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!clear(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };

  // Words of 7 to 1 and lines of 3 to 1, in each choice of colours.
  const contrasts = (choices) => {
    const worn = document.documentElement.dataset.colours;
    const faults = [];
    for (const colours of choices) {
      if (colours) document.documentElement.dataset.colours = colours;
      const seen = new Set();
      const judge = (kind, element, colour, behind, least) => {
        if (seen.has(kind + colour + behind)) return;
        seen.add(kind + colour + behind);
        const found = contrast(colour, behind);
        if (found < least) faults.push(`${kind} ${round(found)} to 1 in ${colours || "these colours"}: ${named(element)}`);
      };
      for (const [, holder] of words()) judge("words", holder, getComputedStyle(holder).color, ground(holder), 7);
      for (const element of document.querySelectorAll(LINED)) {
        const style = getComputedStyle(element);
        if (!visible(element) || style.borderTopStyle === "none" || clear(style.borderTopColor)) continue;
        if (parseFloat(style.opacity) > 0.5) judge("line", element, style.borderTopColor, ground(element.parentElement), 3);
      }
    }
    if (worn) document.documentElement.dataset.colours = worn;
    return faults;
  };

  const moving = () => {
    const { dataset } = document.documentElement;
    const worn = dataset.motion;
    if (worn) dataset.motion = "off";
    const found = [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
    });
    if (worn) dataset.motion = worn;
    return found.map(named);
  };

  // What comes first stands where the language begins.
  const mirrored = (language) => {
    const page = document.documentElement;
    const faults = page.lang === language ? [] : [`language ${page.lang}`];
    const toLeft = page.dir === "rtl";
    if (toLeft !== (language === "ar")) faults.push(`direction ${page.dir}`);
    const inOrder = (elements, kind) => {
      for (let place = 1; place < elements.length; place += 1) {
        const [one, next] = [elements[place - 1], elements[place]].map((element) => element.getBoundingClientRect());
        if (Math.abs(one.top + one.height / 2 - next.top - next.height / 2) > 8) continue; // in another row
        if (one.left < next.left === toLeft) faults.push(`${kind} not mirrored: ${named(elements[place])}`);
      }
    };
    const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);
    inOrder(all(".tools .tool"), "tools");
    inOrder(all(".cards .option, .tiles .option, .rungs .option, .tokens .option"), "answers");
    inOrder(all(".foot-row > button, .foot-row > a").reverse(), "buttons");
    inOrder(all(".desk-navigation a"), "navigation");
    return faults;
  };

  const zoomable = () => {
    const meta = document.querySelector("meta[name=viewport]")?.content || "";
    return /user-scalable|maximum-scale/.test(meta) || !/width=device-width/.test(meta) ? [meta || "no viewport"] : [];
  };

  return { cut, pressed, spaced, contrasts, moving, mirrored, zoomable };
})();
