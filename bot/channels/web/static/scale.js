// A scale: a slider between two labels.

import { make, newId } from "./dom.js";
import { label } from "./labels.js";
import { placing } from "./place.js";

const STEP = 5;
const LEAP = 20;
const MIDDLE = 50;

/** A place on the scale in words. */
export function scaleWords(share, [low, high]) {
  if (share === MIDDLE) return label("web.slider_middle");
  const pole = share < MIDDLE ? low : high;
  const distance = Math.abs(share - MIDDLE);
  const key = distance >= 45 ? "web.slider_end" : distance >= 20 ? "web.slider_near" : "web.slider_bit";
  return label(key, { pole });
}

/** The slider for a question. `question` is the id of its text, `confirm(shares)` takes the answer;
 * for the others see `placing`. */
export function scale({ poles, shares, question, confirm, foot, cleared }) {
  const ids = poles.map(() => newId("pole"));
  const rail = make("span", { class: "rail" });
  const thumb = make("span", { class: "thumb" });
  const track = make("div", { class: "track", "aria-orientation": "horizontal" }, rail, thumb);
  const words = placing(track, {
    question,
    described: ids,
    middle: MIDDLE,
    told: ([share]) => scaleWords(share, poles),
    drawn,
    steered,
    pointed,
    shares,
    confirm,
    foot,
    cleared,
  });
  const ends = poles.map((pole, end) => make("span", { id: ids[end] }, pole));
  return make("div", { class: "scale" }, make("div", { class: "poles" }, ...ends), track, words);

  function drawn(place) {
    const share = place ? place.shares[0] : MIDDLE;
    thumb.style.setProperty("inset-inline-start", `calc((100% - 1.875rem) * ${share / 100})`);
  }

  function steered(key, place) {
    const onwards = mirrored() ? -STEP : STEP;
    const steps = {
      ArrowRight: onwards,
      ArrowLeft: -onwards,
      ArrowUp: STEP,
      ArrowDown: -STEP,
      PageUp: LEAP,
      PageDown: -LEAP,
      Home: -100,
      End: 100,
    };
    return key in steps ? at((place ? place.shares[0] : MIDDLE) + steps[key]) : undefined;
  }

  function pointed({ clientX }) {
    const { left, width } = rail.getBoundingClientRect();
    const along = ((clientX - left) / width) * 100;
    return at(mirrored() ? 100 - along : along);
  }

  function mirrored() {
    return getComputedStyle(track).direction === "rtl";
  }
}

function at(share) {
  return { shares: [Math.max(0, Math.min(100, Math.round(share)))] };
}
