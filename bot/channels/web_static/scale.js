// A scale: a slider between two labels. It starts with no place at all, shows no number, and can be
// cleared again.

import { make, newId } from "./dom.js";
import { label } from "./labels.js";

const STEP = 5;
const LEAP = 20;

/** A place on the scale in words. */
export function scaleWords(share, [low, high]) {
  if (share === 50) return label("web.slider_middle");
  const pole = share < 50 ? low : high;
  const distance = Math.abs(share - 50);
  const key = distance >= 45 ? "web.slider_end" : distance >= 20 ? "web.slider_near" : "web.slider_bit";
  return label(key, { pole });
}

/** The slider for a question. `question` is the id of its text, `confirm(shares)` takes the answer. */
export function scale({ poles, shares, question, confirm }) {
  let place = null;
  const [low, high] = [newId("pole"), newId("pole")];
  const thumb = make("span", { class: "thumb" });
  const track = make(
    "div",
    {
      class: "track",
      role: "slider",
      tabindex: 0,
      "aria-labelledby": question,
      "aria-describedby": `${low} ${high}`,
      "aria-orientation": "horizontal",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      onkeydown: key,
      onpointerdown: grab,
    },
    make("span", { class: "rail" }),
    thumb,
  );
  const clear = make(
    "button",
    { type: "button", class: "choice quiet", onclick: () => put(null, true) },
    label("web.clear"),
  );
  const done = make(
    "button",
    { type: "button", class: "choice primary", onclick: take },
    label("web.confirm"),
  );
  const words = make("p", { class: "words", "aria-hidden": "true" });
  put(shares.length ? shares[0] : null);
  return make(
    "div",
    { class: "scale" },
    make("div", { class: "poles" }, make("span", { id: low }, poles[0]), make("span", { id: high }, poles[1])),
    track,
    words,
    make("div", { class: "after" }, clear, done),
  );

  function put(share, back = false) {
    place = share === null ? null : Math.max(0, Math.min(100, Math.round(share)));
    const answered = place !== null;
    track.classList.toggle("answered", answered);
    words.textContent = answered ? scaleWords(place, poles) : label("web.slider_unanswered");
    words.classList.toggle("unanswered", !answered);
    track.setAttribute("aria-valuetext", words.textContent);
    if (answered) track.setAttribute("aria-valuenow", place);
    else track.removeAttribute("aria-valuenow");
    thumb.style.setProperty("inset-inline-start", `calc((100% - 1.875rem) * ${(place ?? 50) / 100})`);
    done.disabled = !answered;
    clear.hidden = !answered;
    if (back) track.focus();
  }

  function take() {
    if (place !== null) confirm([place]);
  }

  function key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const onwards = getComputedStyle(track).direction === "rtl" ? -STEP : STEP;
    const moves = {
      ArrowRight: onwards,
      ArrowLeft: -onwards,
      ArrowUp: STEP,
      ArrowDown: -STEP,
      PageUp: LEAP,
      PageDown: -LEAP,
    };
    if (event.key in moves) put((place ?? 50) + moves[event.key]);
    else if (event.key === "Home") put(0);
    else if (event.key === "End") put(100);
    else if (event.key === "Delete" || event.key === "Backspace") put(null);
    else if (event.key === "Enter") take();
    else return;
    event.preventDefault();
  }

  function grab(event) {
    if (event.button) return;
    track.setPointerCapture(event.pointerId);
    track.focus({ preventScroll: true });
    move(event);
    track.onpointermove = move;
    track.onpointerup = track.onpointercancel = () => (track.onpointermove = null);
  }

  function move(event) {
    const box = track.querySelector(".rail").getBoundingClientRect();
    const along = ((event.clientX - box.left) / box.width) * 100;
    put(getComputedStyle(track).direction === "rtl" ? 100 - along : along);
  }
}
