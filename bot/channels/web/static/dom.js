// Making elements and finding them, the way every other module does it.

/** What the chat is in: its own page, or a part of another page that keeps its styles to itself. */
export const root = document.querySelector("[data-chat]")?.shadowRoot ?? document;
export const alone = root === document;

/** The chat itself, and what says its language. */
export const home = root.querySelector(".chat") ?? document.body;
export const stage = alone ? document.documentElement : home;

/** The element with this id. */
export const byId = (id) => root.getElementById(id);

/** A new element: properties by name, `class`, `data-…`, `aria-…` and `role` as attributes, `on…`
 * as listeners; children are elements or texts, and nothing for null. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** A new SVG element. */
export function draw(tag, properties = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

let made = 0;

/** An id that no other element of this page has. */
export const newId = (word) => `${word}-${(made += 1)}`;

/** Whether the person has a mouse and a keyboard rather than a touch screen. */
export const desktop = () => matchMedia("(hover: hover) and (pointer: fine)").matches;
