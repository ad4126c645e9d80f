// The card with who can help: what is most urgent on top, with a button to call.

import { make } from "./dom.js";
import { label } from "./labels.js";

const URGENT = ["113", "112"];

/** Let a message that names who can help begin with buttons to call; any other one stays as it is. */
export function callable(bubble) {
  const paragraphs = [...bubble.children];
  const urgent = URGENT.filter((number) => paragraphs.some((one) => one.querySelector(`a[href="tel:${number}"]`)));
  if (urgent.length < URGENT.length || paragraphs.length < URGENT.length) return;
  const call = (number) => make("a", { class: "choice primary call", href: `tel:${number}` }, label("web.call", { number }));
  const [intro] = paragraphs;
  if (!intro.querySelector("a")) bubble.append(intro);
  bubble.classList.add("helping");
  bubble.prepend(make("div", { class: "calls" }, ...urgent.map(call)));
}
