// The card: a story as others will see it.

import { make } from "./dom.js";
import { marked, markedParagraphs } from "./highlights.js";
import { label } from "./labels.js";
import { scaleWords } from "./scale.js";
import { triadWords, triangle } from "./triad.js";

/** A card with its name, its text and its answers; with `proposing` also the words that would take
 * the place of those that may identify someone. */
export function card({ name, text, rows, name_highlights: inName, highlights }, proposing = false) {
  return make(
    "article",
    { class: "card", "aria-label": label("web.card") },
    name ? make("h2", {}, ...marked(name, inName, proposing)) : null,
    make("div", { class: "story" }, ...markedParagraphs(text, highlights, proposing)),
    rows.length ? make("dl", {}, ...rows.map((one) => row(one, proposing))) : null,
  );
}

/** A text as paragraphs; single line breaks stay. `inside` makes what stands in one. */
export function paragraphs(text, inside = (piece) => [piece]) {
  return text.split(/\n{2,}/).map((piece) => make("p", { dir: "auto" }, ...inside(piece)));
}

/** A place on a scale as a bar between its two labels. */
export function bar(poles, share) {
  const dot = make("span", { class: "dot" });
  dot.style.setProperty("inset-inline-start", `${share}%`);
  return make(
    "div",
    { class: "bar-answer", role: "img", "aria-label": scaleWords(share, poles) },
    make("span", { class: "end" }, poles[0]),
    make("span", { class: "line" }, dot),
    make("span", { class: "end" }, poles[1]),
  );
}

function row({ label: question, ...given }, proposing) {
  return make("div", { class: "row" }, make("dt", {}, question), make("dd", {}, ...answer(given, proposing)));
}

function answer({ value, poles, shares, highlights }, proposing) {
  if (shares.length === 1) return [bar(poles, shares[0])];
  if (shares.length === 3) {
    const drawn = triangle(shares).svg;
    return [make("div", { class: "triad-answer" }, drawn, make("span", {}, triadWords(shares, poles)))];
  }
  return marked(value, highlights, proposing);
}
