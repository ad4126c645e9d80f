// A triangle between three labels: a dot is dragged, tapped or steered by keys to where it fits. It
// starts without a dot and can be cleared again.

import { draw, make, newId } from "./dom.js";
import { label } from "./labels.js";

const CORNERS = [
  [50, 0],
  [0, 86.6],
  [100, 86.6],
];
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
 * answer. */
export function triad({ poles, shares, question, confirm }) {
  let place = null;
  let point = null;
  const ids = poles.map(() => newId("pole"));
  const help = newId("help");
  const { svg, put: drawDot } = triangle(null);
  const area = make(
    "div",
    {
      class: "triangle",
      role: "slider",
      tabindex: 0,
      "aria-roledescription": label("web.triangle"),
      "aria-labelledby": question,
      "aria-describedby": [...ids, help].join(" "),
      onkeydown: key,
      onpointerdown: grab,
    },
    svg,
  );
  const words = make("p", { class: "words", "aria-hidden": "true" });
  const clear = make(
    "button",
    { type: "button", class: "choice quiet", onclick: () => (put(null), area.focus()) },
    label("web.clear"),
  );
  const done = make("button", { type: "button", class: "choice primary", onclick: take }, label("web.confirm"));
  put(shares.length ? shares : null);
  return make(
    "div",
    { class: "triad" },
    ...poles.map((pole, corner) => make("span", { id: ids[corner], class: `pole pole-${corner}` }, pole)),
    area,
    words,
    make("p", { id: help, class: "hidden" }, label("web.triangle_help")),
    make("div", { class: "after" }, clear, done),
  );

  function put(chosen) {
    place = chosen;
    point = chosen === null ? null : spot(chosen);
    const text = chosen === null ? label("web.slider_unanswered") : triadWords(chosen, poles);
    area.setAttribute("aria-valuetext", text);
    if (chosen === null) area.removeAttribute("aria-valuenow");
    else area.setAttribute("aria-valuenow", chosen[0]);
    words.textContent = text;
    words.classList.toggle("unanswered", chosen === null);
    drawDot(chosen);
    done.disabled = chosen === null;
    clear.hidden = chosen === null;
  }

  /** Put the dot at a point of the drawing; steps by key add up without rounding. */
  function putAt(x, y) {
    const shares = sharesAt(x, y);
    put(shares);
    if (shares.every((share) => share > 0)) point = [x, y];
  }

  function take() {
    if (place !== null) confirm(place);
  }

  function key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const [x, y] = point ?? spot([34, 33, 33]);
    const moves = {
      ArrowRight: [x + STEP, y],
      ArrowLeft: [x - STEP, y],
      ArrowUp: [x, y - STEP],
      ArrowDown: [x, y + STEP],
    };
    const corners = { Home: 0, End: 2, PageUp: 0, PageDown: 1, 1: 0, 2: 1, 3: 2 };
    if (event.key in moves) putAt(...moves[event.key]);
    else if (event.key in corners) put([0, 1, 2].map((i) => (i === corners[event.key] ? 100 : 0)));
    else if (event.key === " " || event.key === "0") put([34, 33, 33]);
    else if (event.key === "Delete" || event.key === "Backspace") put(null);
    else if (event.key === "Enter") take();
    else return;
    event.preventDefault();
  }

  function grab(event) {
    if (event.button) return;
    area.setPointerCapture(event.pointerId);
    area.focus({ preventScroll: true });
    move(event);
    area.onpointermove = move;
    area.onpointerup = area.onpointercancel = () => (area.onpointermove = null);
  }

  function move(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    putAt(at.x, at.y);
  }
}
