// The card: a story as others will see it.

import { make } from "./dom.js";
import { label } from "./labels.js";
import { scaleWords } from "./scale.js";
import { triadWords, triangle } from "./triad.js";

/** A card with its name, its text and its answers. */
export function card({ name, text, rows }) {
  return make(
    "article",
    { class: "card", "aria-label": label("web.card") },
    name ? make("h2", {}, name) : null,
    make("div", { class: "story" }, ...paragraphs(text)),
    rows.length ? make("dl", {}, ...rows.map(row)) : null,
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

function row({ label: question, value, poles, shares }) {
  return make("div", { class: "row" }, make("dt", {}, question), make("dd", {}, answer(value, poles, shares)));
}

function answer(value, poles, shares) {
  if (shares.length === 1) return bar(poles, shares[0]);
  if (shares.length === 3) {
    return make("div", { class: "triad-answer" }, triangle(shares).svg, make("span", {}, triadWords(shares, poles)));
  }
  return value;
}
