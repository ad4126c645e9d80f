// Where the conversation is on the screen: what the bot says comes into view, unless the person is
// reading back; and the page keeps to what a keyboard on the screen leaves free.

import { alone, byId } from "./dom.js";
import { label } from "./labels.js";

const BURST = 600; // ms within which messages belong together
const FRAMES = 50; // ms in which a scroll is noticed
const GAP = 12; // px above the first of what is new
const SCREEN = 0.8; // of a screen, that is read on at once
const SEEN = 40; // px of a message that must be in view to be noticed

export class Scroll {
  constructor() {
    this.box = byId("scroll");
    this.log = byId("log");
    this.newer = byId("newer");
    this.changedAt = 0;
    this.actedAt = 0;
    this.movedAt = 0; // when the scroll began that is under way
    this.first = null; // of what the bot said last
    this.unseen = null; // of that, what is below the screen
    this.put = 0;
    this.newer.addEventListener("click", () => this.onwards());
    this.box.addEventListener("scroll", () => {
      this.movedAt ||= Date.now();
      this.point();
    });
    new ResizeObserver(() => this.following && this.show()).observe(this.box);
    this.log.addEventListener("animationend", () => (this.following ? this.show() : this.point()));
    this.following = true;
    this.box.addEventListener("scrollend", () => {
      this.following = this.undisturbed() || this.movedAt <= this.actedAt + FRAMES;
      this.movedAt = 0;
    });
    if (alone) window.visualViewport?.addEventListener("resize", () => this.fit());
  }

  /** Make a change to the conversation and show it, or point to it when the person is reading
   * elsewhere. Returns what the change returns. */
  keep(change) {
    const follow = this.following || this.undisturbed();
    const before = this.log.lastElementChild;
    const changed = change();
    if (!changed) return changed;
    const said = this.said(before);
    const alone = this.since(this.changedAt) > BURST || !this.first?.isConnected || said?.querySelector(".ending");
    if (said && alone) this.first = said;
    if (said) {
      this.unseen = this.log.lastElementChild;
      this.changedAt = Date.now();
    }
    if (follow) this.show();
    else this.point();
    return changed;
  }

  /** The first message of the bot after this one. */
  said(before) {
    let next = before?.isConnected ? before.nextElementSibling : this.log.lastElementChild;
    while (next && !next.matches(".bot")) next = next.nextElementSibling;
    return next;
  }

  /** To the end, but not past the first of what the bot said last. */
  show() {
    this.following = true;
    this.dock();
    const end = this.box.scrollHeight - this.box.clientHeight;
    const first = this.first?.isConnected ? this.top(this.first) - GAP : end;
    this.put = this.box.scrollTop = Math.max(0, Math.min(end, first));
    this.point();
  }

  /** Buttons stand still at the foot of the screen only where their question can be read above them. */
  dock() {
    const last = this.log.lastElementChild;
    const answers = last?.querySelector(".docked");
    if (!answers) return;
    const both = last.querySelector(".bubble").offsetHeight + answers.offsetHeight + GAP;
    answers.classList.toggle("loose", both > this.box.clientHeight);
  }

  /** Say that there is something new, for as long as it is out of sight; or that what is asked is
   * longer than the screen. */
  point() {
    const end = this.box.scrollTop + this.box.clientHeight;
    if (!this.unseen?.isConnected || this.top(this.unseen) + SEEN <= end) this.unseen = null;
    const last = this.log.lastElementChild;
    const still = last && !last.getAnimations().length; // what still moves is not where it will be
    const answers = !this.unseen && still ? last.querySelector(".answers") : null;
    const more = answers && this.top(answers) + needed(answers) > end + 2;
    this.newer.hidden = !(this.unseen || more);
    if (!this.newer.hidden) {
      const text = this.newer.firstElementChild;
      text.dataset.label = this.unseen ? "web.new_below" : "web.more_below";
      text.textContent = label(text.dataset.label);
      this.newer.style.setProperty("--dock", `${this.docked(last)}px`);
    }
  }

  /** How much of the foot of the screen is taken by buttons that stand still there. */
  docked(message) {
    const foot = message?.querySelector(".docked:not(.loose), .foot");
    const free = foot ? this.box.getBoundingClientRect().bottom - foot.getBoundingClientRect().top : 0;
    return foot && free <= foot.offsetHeight + 1 ? Math.max(0, free) : 0;
  }

  /** How far an element is from the beginning of the conversation. */
  top(element) {
    return element.getBoundingClientRect().top - this.box.getBoundingClientRect().top + this.box.scrollTop;
  }

  /** To what is new and out of sight, or on to the rest. */
  onwards() {
    if (this.unseen) {
      this.first = this.unseen;
      this.show();
    } else this.box.scrollBy(0, this.box.clientHeight * SCREEN);
  }

  since(moment) {
    return Date.now() - moment;
  }

  /** What comes now is new, and answers something the person did here; a scroll that was under way
   * at that moment does not end following. */
  fresh() {
    this.actedAt = Date.now();
    this.following = true;
    this.first = null;
  }

  /** Show the last message of the bot from its beginning. */
  last() {
    this.first = [...this.log.querySelectorAll(".bot")].at(-1) ?? null;
    this.show();
  }

  down() {
    this.first = null;
    this.show();
  }

  /** Whether the conversation is where it was put, or at its end. */
  undisturbed() {
    return this.atEnd() || Math.abs(this.box.scrollTop - this.put) < 4;
  }

  atEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 80;
  }

  fit() {
    const { height, offsetTop, scale } = window.visualViewport;
    if (scale !== 1) return;
    document.documentElement.style.setProperty("--height", `${height}px`);
    if (offsetTop) window.scrollTo(0, 0);
    if (this.following) this.show();
  }
}

/** How much of the answers to a question must be in view: what closes it, or the first of them. */
function needed(answers) {
  const closing = answers.matches(".docked:not(.loose)") ? answers : answers.querySelector(".foot");
  return closing?.offsetHeight ?? Math.min(answers.offsetHeight, SEEN);
}
