// The conversation on the screen: rows in, messages out. Every row counts once; of all questions
// only the one that is open has buttons.

import { aloud } from "./aloud.js";
import { chosenAnswer } from "./answers.js";
import { attachment } from "./attach.js";
import { attached, card, clues, live, paragraphs, still } from "./card.js";
import { byId, home, make, newId, root } from "./dom.js";
import { inDutch } from "./dutch.js";
import { ending } from "./ending.js";
import { fold } from "./fold.js";
import { callable } from "./help.js";
import { label } from "./labels.js";
import { linked } from "./links.js";
import { control, tick } from "./questions.js";

const DONE = "o:done"; // to be ready needs no button where the screen can be cleared

export class Log {
  /** `act(frame, stays)` sends what the person does, and whether it stays at its question;
   * `edit(ref, text)` begins changing a message; `waits(id)` says whether something is not sent yet;
   * `empty()` leaves nothing on this screen. */
  constructor({ act, edit, empty, waits }) {
    this.element = byId("log");
    this.act = act;
    this.edit = edit;
    this.empty = empty;
    this.waits = waits;
    this.begin();
    this.painted = [...this.element.querySelectorAll("[data-painted]")];
  }

  clear() {
    this.element.replaceChildren();
    this.painted = [];
    this.begin();
  }

  begin() {
    this.seen = new Set();
    this.opening = []; // what is shown before it is written: rows with ids below 0
    this.own = new Map();
    this.words = new Map(); // what was typed, by message
    this.live = [];
    this.last = 0;
    this.turn = 0;
    this.control = null;
    this.kept = false;
    this.code = "";
    this.dutch = []; // parts that are in Dutch, in the chat of another language
  }

  /** Show a row. Returns false for one that is there already. */
  row(row) {
    if (this.seen.has(row.id)) return false;
    this.seen.add(row.id);
    this.last = Math.max(this.last, row.id);
    if (row.id > 0) this.unpaint();
    if (row.id > 0 && this.opening.length && this.written(row)) return false;
    if (row.op === "say") this.say(row);
    else if (row.op === "mark") this.mark(row);
    else if (row.op === "tick") this.tick(row);
    else if (row.op === "echo") this.echo(row);
    else if (row.op === "document") this.document(row);
    return true;
  }

  /** What the person just typed, until the server has it. */
  pending(id, text, content) {
    this.own.get(id)?.remove();
    const message = this.bubble(content ? "" : id, text, content);
    message.classList.add("pending");
    message.append(waiting());
    this.own.set(id, message);
    this.words.set(id, text);
    this.element.append(message);
    fold(message);
  }

  /** The server will not take this message. */
  refused(id) {
    const message = this.own.get(id);
    if (!message?.classList.contains("pending")) return;
    message.classList.add("refused");
    message.append(make("p", { class: "fate" }, label("web.not_sent")));
  }

  /** Take a message that was not taken off the screen; its words. */
  takeBack(id) {
    const message = this.own.get(id);
    if (!message?.classList.contains("pending")) return "";
    message.remove();
    this.own.delete(id);
    return this.words.get(id);
  }

  /** The words of this message did not fit: it does not look as if they were kept. */
  unkept(ref) {
    const message = this.own.get(ref);
    message?.querySelector(".fate")?.remove();
    message?.append(make("p", { class: "fate" }, label("web.not_kept")));
    message?.classList.add("refused");
  }

  say(row) {
    if (row.turn && row.turn !== this.turn) {
      this.quiet(() => true);
      this.turn = row.turn;
      this.control = null;
    }
    const painted = this.repaint(row);
    const text = painted?.querySelector(".bubble").id ?? newId("text");
    const message = painted ?? make(
      "div",
      { class: "message bot", tabindex: -1, "data-turn": row.turn },
      make("span", { class: "hidden" }, `${label("web.bot")}: `),
      make("div", { class: "bubble", id: text }, ...(row.kept ? withCode(row.text) : paragraphs(row.text, linked))),
      shownWith(row),
    );
    if (!row.kept && !painted) callable(message.querySelector(".bubble"));
    this.kept ||= row.kept;
    if (row.kept) this.code = message.querySelector(".code")?.textContent ?? "";
    const last = row.kept && row.buttons.some(({ id }) => id === DONE);
    const closes = last || row.control?.kind === "ending";
    if (closes || row.turn) this.element.querySelector(".ending")?.remove();
    if (closes) message.append(ending(this.code, this.empty, last));
    if (row.refused) this.unkept(row.refused);
    if (row.turn && row.control) this.control = row.control;
    const asked = last ? { ...row, buttons: row.buttons.filter(({ id }) => id !== DONE) } : row;
    const answers = control(asked, text, (frame) => this.answer(message, frame));
    if (answers) {
      this.quiet(() => true); // one question at a time
      put(message, answers);
      below(message, answers.explained);
      const shownCard = message.querySelector(".card");
      if (shownCard) live(shownCard, row.control.kind === "clues", answers.tap);
      this.live.push({ message, turn: row.turn, labels: row.buttons.map(({ label }) => label) });
    }
    if (row.dutch) this.dutch = [...new Set([...this.dutch, ...row.dutch])];
    inDutch(message, row.dutch);
    if (row.turn) message.querySelector(".bubble").after(aloud(message));
    if (!painted) this.put(message);
    if (row.id < 0) this.opening.push({ row, message });
  }

  /** The message that the server painted for a row before there was a script: it is taken over as
   * it is, so that nothing moves and nothing is said twice. When it says something else, what was
   * painted goes. */
  repaint(row) {
    const next = this.painted.shift();
    if (!next) return null;
    const painted = [...next.querySelectorAll(".bubble p")].map((one) => one.textContent);
    if (next.dataset.painted === String(row.id) && painted.join("\n\n") === row.text) return next;
    next.remove();
    this.unpaint();
    return null;
  }

  unpaint() {
    for (const message of this.painted.splice(0)) message.remove();
  }

  /** Whether a row is on the screen already, as the next one of the opening. When it is another
   * one, what is left of the opening goes. */
  written(row) {
    const [next] = this.opening;
    if (JSON.stringify({ ...next.row, id: 0 }) === JSON.stringify({ ...row, id: 0 })) {
      this.opening.shift();
      return true;
    }
    const gone = this.opening.map(({ message }) => message);
    this.live = this.live.filter(({ message }) => !gone.includes(message));
    for (const message of gone) message.remove();
    this.opening = [];
    return false;
  }

  /** Send an answer; its buttons wait. When nothing comes of it they work again. */
  answer(message, frame) {
    const answers = message.querySelector(".answers");
    if (answers.hasAttribute("data-busy")) return;
    answers.toggleAttribute("data-busy", true);
    const { keep, ...sent } = frame;
    answers.append(waiting());
    const id = this.act(sent, keep);
    this.release(answers, id, keep ? 600 : 4000);
  }

  /** Let buttons work again after a while, once what was tapped is no longer waiting. */
  release(answers, id, wait) {
    setTimeout(() => {
      if (this.waits(id)) return this.release(answers, id, wait);
      answers.removeAttribute("data-busy");
      answers.querySelector(".wait")?.remove();
    }, wait);
  }

  mark({ turn, chosen }) {
    const asked = [...this.element.querySelectorAll(`.bot[data-turn="${turn}"]`)].at(-1);
    this.quiet((other) => other.turn === turn);
    if (asked?.querySelector(".card mark s")) asked.querySelector(".card").remove();
    const typed = asked && ownAfter(asked);
    if (!chosen || typed) return;
    const bubble = this.bubble("", chosen, chosenAnswer(chosen, this.control));
    inDutch(bubble, this.dutch);
    this.put(bubble);
  }

  tick(row) {
    for (const { message, turn } of this.live) {
      if (turn !== row.turn) continue;
      tick(message.querySelector(".answers"), row);
      inDutch(message, this.dutch);
    }
  }

  /** What was typed, or without a ref the button that was chosen outside the questions. */
  echo({ ref, text, kind, blob }) {
    if (kind) return this.attached(ref, text, kind, blob);
    if (!ref) this.quiet(({ labels }) => labels.includes(text));
    const known = this.own.get(ref);
    const message = this.bubble(ref, text);
    if (known && !known.classList.contains("pending")) {
      message.append(make("p", { class: "fate" }, label("web.edited")));
    }
    if (known) {
      known.replaceWith(message);
      fold(message);
    } else this.put(message);
    if (!ref) return;
    this.own.set(ref, message);
    this.words.set(ref, text);
  }

  /** A recording or photo that was sent, to be heard or seen as long as it is there. */
  attached(ref, text, kind, blob) {
    const known = this.own.get(ref);
    if (known) known.classList.remove("pending", "refused");
    else this.own.set(ref, this.bubble("", text, attachment(kind, text, blob && `/file/${blob}`)));
    known?.remove();
    this.put(this.own.get(ref));
  }

  /** A file for the person: a text is made in the page and never was at an address; a recording or
   * picture comes from the server, to its teller only. */
  document({ name, media_type: type, text, blob }) {
    const href = blob ? `/file/${blob}` : URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    const link = make("a", { class: "file", href, download: name }, name);
    this.put(make("div", { class: "message bot" }, make("div", { class: "bubble" }, link)));
  }

  /** Take the buttons from questions that are no longer open. */
  quiet(done) {
    const closing = this.live.filter(done);
    this.live = this.live.filter((other) => !closing.includes(other));
    for (const { message } of closing) {
      const answers = message.querySelector(".answers");
      if (answers.contains(root.activeElement)) this.refocus = true;
      answers.remove();
      for (const said of message.querySelectorAll(".below")) said.classList.remove("below");
      still(message);
    }
  }

  /** A message goes after all that is settled, before what is still on its way. */
  put(message) {
    message.classList.toggle("new", home.classList.contains("live"));
    const pending = this.element.querySelector(".pending:not(.refused)");
    this.element.insertBefore(message, pending);
    if (message.matches(".own")) fold(message);
  }

  bubble(ref, text, content = paragraphs(text)) {
    const change = ref && !text.startsWith("/")
      ? make("button", {
          type: "button",
          class: "change",
          "aria-label": label("web.edit"),
          title: label("web.edit"),
          onclick: () => this.edit(ref, text),
        })
      : null;
    return make(
      "div",
      { class: "message own" },
      make("span", { class: "hidden" }, `${label("web.you")}: `),
      change,
      make("div", { class: "bubble" }, ...content),
    );
  }
}

/** The card that a message is about, or what is attached to it. */
function shownWith({ control: kind, files }) {
  if (!kind?.card) return attached(files);
  return kind.kind === "clues" ? clues(kind.card) : card(kind.card, files);
}

/** Let a message have these answers, in the place of those that were painted; the focus stays. */
function put(message, answers) {
  const painted = message.querySelector(".answers");
  if (!painted) return message.append(answers);
  const { button } = painted.contains(root.activeElement) ? root.activeElement.dataset : {};
  painted.replaceWith(answers);
  if (button) answers.querySelector(`[data-button="${CSS.escape(button)}"]`)?.focus();
}

/** What stands on the buttons of a message is not said a second time above them. */
function below(message, explained) {
  const said = [...explained].map(([name, means]) => `– ${name}\n${means}`);
  for (const paragraph of message.querySelectorAll(".bubble p")) {
    paragraph.classList.toggle("below", said.includes(paragraph.textContent));
  }
}

/** A text in which a line of five words stands out, to write it down. */
function withCode(text) {
  const lines = text.split("\n");
  const place = lines.findIndex((line) => /^\p{L}+([ -]\p{L}+){4}$/u.test(line.trim()));
  if (place < 0) return paragraphs(text);
  return [
    ...paragraphs(lines.slice(0, place).join("\n")),
    make("p", { class: "code", translate: "no" }, lines[place].trim()),
    ...paragraphs(lines.slice(place + 1).join("\n")),
  ];
}

/** Says of what is not sent yet that it waits; seen only without a connection. */
const waiting = () => make("p", { class: "wait" }, label("web.waiting"));

function ownAfter(message) {
  for (let next = message.nextElementSibling; next; next = next.nextElementSibling) {
    if (next.matches(".own:not(.pending)")) return true;
  }
  return false;
}
