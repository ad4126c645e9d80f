// The card: a story as others will see it.

import { make } from "./dom.js";
import { marked, markedParagraphs } from "./highlights.js";
import { label } from "./labels.js";
import { scaleWords } from "./scale.js";
import { triadWords, triangle } from "./triad.js";

/** A card with its name, its text and its answers; with `proposing` also the words that would take
 * the place of those that may identify someone. */
export function card({ name, text, rows, name_highlights: inName, highlights }, files, proposing = false) {
  return make(
    "article",
    { class: "card", "aria-label": label("web.card") },
    name ? make("h2", {}, ...marked(name, inName, proposing)) : null,
    make("div", { class: "story" }, ...markedParagraphs(text, highlights, proposing)),
    attached(files),
    rows.length ? make("dl", {}, ...rows.map((one) => row(one, proposing))) : null,
  );
}

/** Photos and recordings as they stand with a story; they come from the server, which gives them to
 * their teller only. */
export function attached(files) {
  return files?.length ? make("div", { class: "with-story" }, ...files.map(shown)) : null;
}

/** A photo or a recording; one that is no longer there is not shown. */
export function shown({ kind, blob, src = `/file/${blob}` }) {
  const onerror = ({ currentTarget }) => currentTarget.remove();
  const name = label(`card_${kind}`);
  return kind === "photo"
    ? make("img", { class: "picture", src, alt: name, onerror })
    : make("audio", { controls: true, src, preload: "metadata", "aria-label": name, onerror });
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
