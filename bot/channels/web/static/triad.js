// A triangle between three labels: a dot where it fits best.

import { draw, make, newId } from "./dom.js";
import { label } from "./labels.js";
import { placing } from "./place.js";

const CORNERS = [
  [50, 0],
  [0, 86.6],
  [100, 86.6],
];
const CENTRE = [34, 33, 33];
const STEP = 5;

/** Where a place is in the drawing, 100 wide and 86.6 high. */
export function spot(shares) {
  const along = (axis) => shares.reduce((sum, share, i) => sum + (share / 100) * CORNERS[i][axis], 0);
  return [along(0), along(1)];
}

/** The place of a point in the drawing: three whole shares of 100. A point outside the triangle
 * counts as the nearest one inside. */
export function sharesAt(x, y) {
  const first = 1 - y / 86.6;
  const third = (x - 50 * first) / 100;
  let shares = [first, 1 - first - third, third];
  if (shares.some((share) => share < 0)) shares = nearest(x, y);
  const whole = shares.map((share) => Math.round(share * 100));
  whole[whole.indexOf(Math.max(...whole))] += 100 - whole.reduce((sum, share) => sum + share, 0);
  return whole;
}

function nearest(x, y) {
  let best = null;
  for (const [from, to] of [[0, 1], [1, 2], [2, 0]]) {
    const [ax, ay] = CORNERS[from];
    const [bx, by] = [CORNERS[to][0] - ax, CORNERS[to][1] - ay];
    const along = Math.max(0, Math.min(1, ((x - ax) * bx + (y - ay) * by) / (bx * bx + by * by)));
    const distance = Math.hypot(x - ax - along * bx, y - ay - along * by);
    if (best === null || distance < best.distance) best = { distance, from, to, along };
  }
  const shares = [0, 0, 0];
  shares[best.from] = 1 - best.along;
  shares[best.to] += best.along;
  return shares;
}

/** A place in words. */
export function triadWords(shares, poles) {
  const order = [0, 1, 2].sort((a, b) => shares[b] - shares[a]);
  const [first, second, third] = order.map((corner) => poles[corner]);
  const [most, more, least] = order.map((corner) => shares[corner]);
  if (most >= 95) return label("web.slider_end", { pole: first });
  if (most - least <= 12) return label("web.slider_middle");
  if (least <= 10 && most - more <= 12) return label("web.triangle_between", { first, second });
  if (least <= 10) return label("web.triangle_mostly", { first, second });
  return label("web.triangle_order", { first, second, third });
}

/** The drawing of a triangle; with a place, a dot in it. */
export function triangle(shares) {
  const dot = draw("circle", { class: "dot", r: 5 });
  const svg = draw(
    "svg",
    { viewBox: "-8 -8 116 102.6", "aria-hidden": "true" },
    draw("path", { class: "area", d: "M50 0 0 86.6 100 86.6Z" }),
    draw("path", { class: "lines", d: "M50 57.7V86.6M50 57.7 25 43.3M50 57.7 75 43.3" }),
    dot,
  );
  const put = (place) => {
    svg.classList.toggle("answered", place !== null);
    if (place === null) return;
    const [x, y] = spot(place);
    dot.setAttribute("cx", x);
    dot.setAttribute("cy", y);
  };
  put(shares);
  return { svg, put };
}

/** The triangle for a question. `question` is the id of its text, `confirm(shares)` takes the
 * answer; for the others see `placing`. */
export function triad({ poles, shares, question, confirm, foot, cleared }) {
  const ids = poles.map(() => newId("pole"));
  const help = newId("help");
  const { svg, put } = triangle(null);
  const area = make("div", { class: "triangle", "aria-roledescription": label("web.triangle") }, svg);
  const words = placing(area, {
    question,
    described: [...ids, help],
    middle: CENTRE[0],
    told: (chosen) => triadWords(chosen, poles),
    drawn: (place) => put(place && place.shares),
    steered,
    pointed: ({ clientX, clientY }) => {
      const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
      return at(x, y);
    },
    shares,
    confirm,
    foot,
    cleared,
  });
  const corners = poles.map((pole, corner) => make("span", { id: ids[corner], class: `pole pole-${corner}` }, pole));
  const hint = make("p", { id: help, class: "hidden" }, label("web.triangle_help"));
  return make("div", { class: "triad" }, ...corners, area, words, hint);
}

/** The place of a point in the drawing; steps by key add up without rounding. */
function at(x, y) {
  const shares = sharesAt(x, y);
  return { shares, point: shares.every((share) => share > 0) ? [x, y] : spot(shares) };
}

function steered(key, place) {
  const [x, y] = place ? (place.point ?? spot(place.shares)) : spot(CENTRE);
  const steps = { ArrowRight: [STEP, 0], ArrowLeft: [-STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  const corners = { Home: 0, End: 2, PageUp: 0, PageDown: 1, 1: 0, 2: 1, 3: 2 };
  if (key in steps) return at(x + steps[key][0], y + steps[key][1]);
  if (key in corners) return { shares: [0, 1, 2].map((corner) => (corner === corners[key] ? 100 : 0)) };
  return key === " " || key === "0" ? { shares: CENTRE } : undefined;
}
