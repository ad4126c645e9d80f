// What a scale and a triangle share: a place that is empty at first, told in words and never in
// numbers, dragged, steered by keys, cleared again and confirmed.

import { make } from "./dom.js";
import { label } from "./labels.js";

/** Make `element` a slider. A place is an object with `shares`, or null. `question` is the id of its
 * text, `described` are those of what else belongs to it; `middle` is the number of a place that is
 * not chosen, which some readers want; `told(shares)` is a place in words, `drawn(place)` shows it,
 * `steered(key, place)` is where a key leads (undefined: nowhere), `pointed(event)` where a finger
 * is. `confirm(shares)` takes the answer. Its buttons come into `foot`, where clearing takes the
 * place of skipping; `cleared()` hears of that. Returns the words. */
export function placing(element, { question, described, middle, told, drawn, steered, pointed, shares, confirm, foot, cleared }) {
  let place = null;
  const words = make("p", { class: "words", "aria-hidden": "true" });
  const clear = make("button", { type: "button", class: "choice quiet", onclick: empty }, label("web.clear"));
  const done = make("button", { type: "button", class: "choice primary done", onclick: take }, label("web.confirm"));
  for (const [name, value] of Object.entries({
    role: "slider",
    tabindex: 0,
    "aria-labelledby": question,
    "aria-describedby": described.join(" "),
    "aria-valuemin": 0,
    "aria-valuemax": 100,
  })) {
    element.setAttribute(name, value);
  }
  element.addEventListener("keydown", key);
  element.addEventListener("pointerdown", grab);
  put(shares.length ? { shares } : null);
  foot.append(clear, done);
  return words;

  function put(chosen) {
    place = chosen;
    words.textContent = place ? told(place.shares) : label("web.slider_unanswered");
    words.classList.toggle("unanswered", !place);
    element.classList.toggle("answered", Boolean(place));
    element.setAttribute("aria-valuetext", words.textContent);
    element.setAttribute("aria-valuenow", place ? place.shares[0] : middle);
    done.disabled = !place;
    clear.hidden = !place;
    foot.classList.toggle("placed", Boolean(place));
    drawn(place);
  }

  function empty() {
    put(null);
    cleared();
    element.focus();
  }

  function take() {
    if (place) confirm(place.shares);
  }

  function key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") take();
    else if (event.key === "Delete" || event.key === "Backspace") empty();
    else {
      const there = steered(event.key, place);
      if (!there) return;
      put(there);
    }
    event.preventDefault();
  }

  function grab(event) {
    if (event.button) return;
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    const move = (at) => put(pointed(at));
    move(event);
    element.onpointermove = move;
    element.onpointerup = element.onpointercancel = () => (element.onpointermove = null);
  }
}
