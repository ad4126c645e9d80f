// What can be done under a question: buttons, ticks, a slider, a triangle.

import { make } from "./dom.js";
import { drawn, pictogram } from "./pictograms.js";
import { scale } from "./scale.js";
import { triad } from "./triad.js";

/** The answers to a question as an element, or null when it has none. `question` is the id of its
 * text; `answer(frame)` sends one. */
export function control(row, question, answer) {
  const { turn, buttons, control: kind } = row;
  const place = { scale, triad }[kind?.kind];
  if (!buttons.length && !place) return null;
  const group = make("div", { class: "answers", role: "group", "aria-labelledby": question });
  if (place) {
    const confirm = (shares) => answer({ t: "place", turn, shares });
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
  return group;
}

/** Other ticks on the buttons of a question; what has the focus keeps it. */
export function tick(answers, { turn, buttons }) {
  const list = answers?.querySelector(".choices");
  if (!list) return;
  answers.removeAttribute("data-busy");
  const old = new Map([...list.children].map((element) => [element.dataset.button, element]));
  const now = buttons.map((button) => {
    const element = old.get(button.id);
    const fresh = choice(turn, button, list.looks, list.answer);
    if (!element) return fresh;
    old.delete(button.id);
    element.replaceChildren(...fresh.childNodes);
    if (fresh.hasAttribute("aria-pressed")) element.setAttribute("aria-pressed", button.picked);
    return element;
  });
  for (const element of old.values()) element.remove();
  now.forEach((element, place) => {
    if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
  });
}

function choice(turn, { id, label, picked }, { several, pictograms }, answer) {
  const ticks = several && /^(o:|other$|d:c:)/.test(id);
  const looks = { skip: "quiet", picked: "primary", done: "primary" }[id] ?? "";
  return make(
    "button",
    {
      type: "button",
      class: `choice ${looks}`,
      "data-button": id,
      "aria-pressed": ticks ? String(picked) : null,
      onclick: (event) => {
        if (!ticks) event.currentTarget.classList.add("chosen");
        answer({ t: "tap", turn, button: id, label, keep: ticks });
      },
    },
    pictograms ? pictogram(id) : null,
    label,
  );
}
