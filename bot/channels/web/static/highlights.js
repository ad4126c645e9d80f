// Words on a card that may identify someone, marked; with `proposing` also what would take their
// place. Places in a text are counted in whole letters (code points), as the server does.

import { make } from "./dom.js";
import { label } from "./labels.js";

/** A text as nodes, its highlights marked. */
export function marked(text, highlights = [], proposing = false) {
  const letters = [...text];
  const nodes = [];
  let at = 0;
  for (const { start, end, instead, clue } of highlights) {
    const words = letters.slice(start, end).join("");
    nodes.push(letters.slice(at, start).join(""), mark(words, instead, proposing, clue));
    at = end;
  }
  return [...nodes, letters.slice(at).join("")].filter((node) => node !== "");
}

/** A text as paragraphs, its highlights marked. */
export function markedParagraphs(text, highlights = [], proposing = false) {
  const paragraphs = [];
  let at = 0;
  for (const piece of text.split(/(\n{2,})/)) {
    const begin = at;
    at += [...piece].length;
    if (/^\n*$/.test(piece)) continue;
    const inside = highlights
      .filter(({ start, end }) => start >= begin && end <= at)
      .map((one) => ({ ...one, start: one.start - begin, end: one.end - begin }));
    paragraphs.push(make("p", { dir: "auto" }, ...marked(piece, inside, proposing)));
  }
  return paragraphs;
}

/** Words, marked; on the card that is asked about a tap on them puts the others in their place. */
function mark(words, instead, proposing, clue) {
  const said = proposing ? label("web.clue", { instead }) : label("web.clue_stays");
  return make(
    "mark",
    {},
    make(
      "button",
      { type: "button", class: "word", "data-card": `w:${clue}`, disabled: true },
      proposing ? make("s", {}, words) : words,
      make("span", { class: "hidden" }, ` (${said}) `),
      proposing ? make("span", { class: "instead", "aria-hidden": "true" }, instead) : null,
    ),
  );
}
