// What can be done under a question: buttons, ticks, a slider, a triangle.

import { make, newId } from "./dom.js";
import { changed, dwelling, settle, visibleFor, works } from "./dwell.js";
import { drawn, pictogram } from "./pictograms.js";
import { scale } from "./scale.js";
import { triad } from "./triad.js";

const FEW = 3;
const SHORT = 40; // characters of a button

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
  const looks = { several: kind?.kind === "choices", pictograms: drawn(buttons), explained: explained(row) };
  const making = (button) => choice(turn, button, looks, answer);
  const foot = make("div", { class: "foot" });
  const tiles = looks.several && looks.pictograms ? "tiles" : looks.explained.size ? "rows" : "";
  const list = make("div", { class: `choices ${tiles}` });
  group.parts = { make: making, list, foot };
  group.explained = looks.explained;
  group.tap = (button) => answer({ t: "tap", turn, button, label: "" }, group);
  if (place) {
    const confirm = (shares) => answer({ t: "place", turn, shares }, group);
    const cleared = () => changed(group, [...foot.querySelectorAll("[data-button]")]);
    group.append(place({ poles: kind.poles, shares: kind.shares, question, confirm, foot, cleared }));
  }
  fill(group, buttons);
  dwelling(group, row);
  return group;
}

/** What the text says of each button, by its label: paragraphs that begin with that label. Each is
 * shown on its button, so that nobody has to look for what belongs together. */
function explained({ text, buttons }) {
  const found = new Map();
  for (const paragraph of text.split("\n\n")) {
    const [first, ...rest] = paragraph.split("\n");
    const button = rest.length && buttons.find(({ label }) => first === `– ${label}`);
    if (button) found.set(button.label, rest.join("\n"));
  }
  return found;
}

/** The buttons of a group: what answers, and below it what closes the question. Where these are few
 * and nothing else, all of them stay in view. */
function fill(group, buttons) {
  const { make: made, list, foot } = group.parts;
  for (const button of buttons) {
    if (closes(button.id)) foot.prepend(made(button));
    else list.append(made(button));
  }
  if (list.children.length) group.append(list);
  if (foot.children.length) group.append(foot);
  const few = buttons.length <= FEW && buttons.every(({ label }) => label.length <= SHORT);
  group.classList.toggle("docked", few && !foot.querySelector(".done"));
}

/** Other ticks on the buttons of a question; what has the focus keeps it. What changed works only
 * after it could be seen, and so does the button that confirms all of it. */
export function tick(answers, { turn, buttons }) {
  if (!answers) return;
  answers.removeAttribute("data-busy");
  const { make: made, list, foot } = answers.parts;
  const old = new Map([...answers.querySelectorAll("[data-button]")].map((element) => [element.dataset.button, element]));
  const other = [];
  const now = buttons.map((button) => {
    const element = old.get(button.id);
    const fresh = made(button);
    if (!element) return fresh;
    old.delete(button.id);
    element.replaceChildren(...fresh.childNodes);
    for (const name of ["aria-labelledby", "aria-describedby"]) {
      if (fresh.hasAttribute(name)) element.setAttribute(name, fresh.getAttribute(name));
    }
    if (element.getAttribute("aria-pressed") === fresh.getAttribute("aria-pressed")) return element;
    element.setAttribute("aria-pressed", button.picked);
    other.push(element);
    return element;
  });
  changed(answers, [...other, ...now.filter(({ dataset }) => confirms(dataset.button))]);
  for (const element of old.values()) element.remove();
  for (const element of now) {
    const there = closes(element.dataset.button) ? foot : list;
    const place = now.filter(({ dataset }) => closes(dataset.button) === (there === foot)).indexOf(element);
    if (there.children[place] !== element) there.insertBefore(element, there.children[place] ?? null);
  }
  settle(answers);
}

const closes = (id) => confirms(id) || ["picked", "done", "skip"].includes(id);
const confirms = (id) => /^(confirm$|d:sure:)/.test(id);

function choice(turn, { id, label, picked }, { several, pictograms, explained: words }, answer) {
  const ticks = several && /^(o:|other$|d:c:)/.test(id);
  const primary = confirms(id) || ["picked", "done"].includes(id);
  const looks = id === "skip" ? "quiet" : primary ? "primary" : "";
  const [name, more] = [newId("name"), newId("more")];
  const means = words.get(label);
  return make(
    "button",
    {
      type: "button",
      class: `choice ${looks}`,
      "data-button": id,
      "aria-pressed": ticks ? String(picked) : null,
      "aria-labelledby": means && name,
      "aria-describedby": means && more,
      onclick: (event) => {
        const button = event.currentTarget;
        const sent = answer({ t: "tap", turn, button: id, label, keep: ticks }, button);
        if (sent && !ticks) button.classList.add("chosen");
      },
    },
    pictograms ? pictogram(id) : null,
    means ? make("span", {}, make("bdi", { id: name }, label), make("span", { class: "means", id: more }, means)) : make("bdi", {}, label),
  );
}
