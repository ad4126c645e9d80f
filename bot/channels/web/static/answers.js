// What was chosen, as the person sees it back: words, a place on a bar, a place in a triangle.

import { bar, paragraphs } from "./card.js";
import { make } from "./dom.js";
import { triadWords, triangle } from "./triad.js";

/** An answer that came as words, drawn when its question (a `control`, or null) was a drawing. */
export function chosenAnswer(text, control) {
  if (control?.kind === "scale") return onScale(text, control.poles) ?? paragraphs(text);
  if (control?.kind === "triad") return inTriangle(text, control.poles) ?? paragraphs(text);
  return paragraphs(text);
}

/** `low ○○○●○ high` */
function onScale(text, poles) {
  const dots = /[○●]{2,}/u.exec(text)?.[0] ?? "";
  const place = dots.indexOf("●");
  return place < 0 ? null : [bar(poles, Math.round((place / (dots.length - 1)) * 100))];
}

/** `first 20 %, third 80 %` */
function inTriangle(text, poles) {
  const shares = poles.map((pole) => {
    const at = text.indexOf(`${pole} `);
    return at < 0 ? 0 : (parseInt(text.slice(at + pole.length + 1), 10) || 0);
  });
  if (shares.reduce((sum, share) => sum + share, 0) !== 100) return null;
  return [
    make("div", { class: "triad-answer" }, triangle(shares).svg, make("span", {}, triadWords(shares, poles))),
  ];
}
