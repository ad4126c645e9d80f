// What can be done under a question: buttons, ticks, a slider, a triangle.

import { make } from "./dom.js";
import { changed, dwelling, settle, visibleFor, works } from "./dwell.js";
import { drawn, pictogram } from "./pictograms.js";
import { scale } from "./scale.js";
import { triad } from "./triad.js";

/** The answers to a question as an element, or null when it has none. `question` is the id of its
 * text; `act(frame)` sends one, once the question was visible long enough. */
export function control(row, question, act) {
  const { turn, buttons, control: kind } = row;
  const place = { scale, triad }[kind?.kind];
  if (!buttons.length && !place) return null;
  const group = make("div", { class: "answers", role: "group", "aria-labelledby": question });
  const answer = (frame, button) => {
    if (!works(group, button)) return false;
    act({ ...frame, seen: visibleFor(group, button) });
    return true;
  };
  if (place) {
    const confirm = (shares) => answer({ t: "place", turn, shares }, group);
    group.append(place({ poles: kind.poles, shares: kind.shares, question, confirm }));
  }
  if (buttons.length) {
    const several = kind?.kind === "choices";
    const list = make("div", { class: place ? "choices beside" : "choices" });
    const looks = { several, pictograms: drawn(buttons) };
    list.append(...buttons.map((button) => choice(turn, button, looks, answer)));
    list.looks = looks;
    list.answer = answer;
    group.append(list);
  }
  dwelling(group, row);
  return group;
}

/** Other ticks on the buttons of a question; what has the focus keeps it. What changed works only
 * after it could be seen, and so does the button that confirms all of it. */
export function tick(answers, { turn, buttons }) {
  const list = answers?.querySelector(".choices");
  if (!list) return;
  answers.removeAttribute("data-busy");
  const old = new Map([...list.children].map((element) => [element.dataset.button, element]));
  const other = [];
  const now = buttons.map((button) => {
    const element = old.get(button.id);
    const fresh = choice(turn, button, list.looks, list.answer);
    if (!element) return fresh;
    old.delete(button.id);
    element.replaceChildren(...fresh.childNodes);
    if (element.getAttribute("aria-pressed") === fresh.getAttribute("aria-pressed")) return element;
    element.setAttribute("aria-pressed", button.picked);
    other.push(element);
    return element;
  });
  changed(answers, [...other, ...now.filter(({ dataset }) => confirms(dataset.button))]);
  for (const element of old.values()) element.remove();
  now.forEach((element, place) => {
    if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
  });
  settle(answers);
}

const confirms = (id) => /^(confirm$|d:sure:)/.test(id);

function choice(turn, { id, label, picked }, { several, pictograms }, answer) {
  const ticks = several && /^(o:|other$|d:c:)/.test(id);
  const primary = confirms(id) || ["picked", "done"].includes(id);
  const looks = id === "skip" ? "quiet" : primary ? "primary" : "";
  return make(
    "button",
    {
      type: "button",
      class: `choice ${looks}`,
      "data-button": id,
      "aria-pressed": ticks ? String(picked) : null,
      onclick: (event) => {
        const button = event.currentTarget;
        const sent = answer({ t: "tap", turn, button: id, label, keep: ticks }, button);
        if (sent && !ticks) button.classList.add("chosen");
      },
    },
    pictograms ? pictogram(id) : null,
    label,
  );
}
