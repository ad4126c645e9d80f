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

/** Of a text the sentences with a highlight in them, and an ellipsis for what lies between: what is
 * asked about is in view, however long the story. Returns it with its highlights. */
export function excerpt(text, highlights = []) {
  let [at, short, skipped] = [0, "", false];
  const inside = [];
  for (const piece of text.match(/[^.!?\n]+[.!?]*[^\S\n]*|[.!?]+|\n+/gu) ?? []) {
    const [begin, end] = [at, at + [...piece].length];
    at = end;
    if (!highlights.some((one) => one.start < end && one.end > begin)) {
      skipped = true;
      continue;
    }
    if (skipped) short = `${short.trimEnd()}${short ? " " : ""}… `;
    skipped = false;
    const shift = [...short].length - begin;
    for (const one of highlights) {
      if (one.start >= begin && one.start < end) inside.push({ ...one, start: one.start + shift, end: one.end + shift });
    }
    short += piece;
  }
  return { text: skipped && short ? `${short.trimEnd()} …` : short.trimEnd(), highlights: inside };
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
