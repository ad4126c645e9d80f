// The card: a story as others will see it.

import { make } from "./dom.js";
import { excerpt, marked, markedParagraphs } from "./highlights.js";
import { label } from "./labels.js";
import { scaleWords } from "./scale.js";
import { triadWords, triangle } from "./triad.js";

/** A card with its name, its text and its answers. */
export function card(shownCard, files) {
  const { name, text, rows, name_highlights: inName, highlights, name_step: named, text_step: told } = shownCard;
  return paper(
    name ? make("h2", {}, change(named, name), ...marked(name, inName)) : null,
    make("div", { class: "story" }, change(told, label("change.tell")), ...markedParagraphs(text, highlights)),
    attached(files),
    list(rows),
  );
}

/** What on a card may identify someone, in its sentences, with the words that would take its place. */
export function clues({ name, text, rows, name_highlights: inName, highlights }) {
  const told = excerpt(text, highlights);
  return paper(
    inName?.length ? make("h2", {}, ...marked(name, inName, true)) : null,
    told.text ? make("div", { class: "story" }, ...markedParagraphs(told.text, told.highlights, true)) : null,
    list(rows.filter((one) => one.highlights?.length), true),
  );
}

const paper = (...children) => make("article", { class: "card", "aria-label": label("web.card") }, ...children);

const list = (rows, proposing) =>
  rows.length ? make("dl", {}, ...rows.map((one) => row(one, proposing))) : null;

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

function row({ label: question, step, ...given }, proposing = false) {
  const shownAnswer = make("dd", {}, ...answer(given, proposing), change(step, question));
  return make("div", { class: "row" }, make("dt", {}, question), shownAnswer);
}

/** A button by which this part of the card can be changed; `live` lets it work. */
function change(step, what) {
  if (!step) return null;
  const name = `${label("web.edit")}: ${what}`;
  return make("button", { type: "button", class: "amend", "data-card": `c:${step}`, "aria-label": name, disabled: true });
}

/** Let what stands on a card be tapped: words that may identify someone or, on the card that is to
 * be agreed with, every part. `tap` answers with the id of a button. */
export function live(shownCard, proposing, tap) {
  for (const button of shownCard.querySelectorAll("[data-card]")) {
    const { card: id } = button.dataset;
    if (proposing && id.startsWith("c:")) continue;
    button.disabled = false;
    button.addEventListener("click", () => tap(id, button.getAttribute("aria-label") ?? ""));
  }
}

/** A card that is no longer asked about can only be read. */
export function still(message) {
  for (const button of message.querySelectorAll("[data-card]")) button.disabled = true;
}

function answer({ value, poles, shares, highlights }, proposing) {
  if (shares.length === 1) return [bar(poles, shares[0])];
  if (shares.length === 3) {
    const drawn = triangle(shares).svg;
    return [make("div", { class: "triad-answer" }, drawn, make("span", {}, triadWords(shares, poles)))];
  }
  return marked(value, highlights, proposing);
}
