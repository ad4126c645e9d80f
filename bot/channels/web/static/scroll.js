// Where the conversation is on the screen: new messages come into view, unless the person is reading
// back; and the page keeps to what a keyboard on the screen leaves free.

import { byId } from "./dom.js";

const BURST = 600; // ms within which messages belong together

export class Scroll {
  constructor() {
    this.box = byId("scroll");
    this.newer = byId("newer");
    this.changedAt = 0;
    this.first = null;
    this.put = 0;
    this.newer.addEventListener("click", () => this.down());
    this.box.addEventListener("scroll", () => this.atEnd() && (this.newer.hidden = true));
    new ResizeObserver(() => this.following && this.show()).observe(this.box);
    this.following = true;
    this.box.addEventListener("scrollend", () => (this.following = this.undisturbed()));
    window.visualViewport?.addEventListener("resize", () => this.fit());
  }

  /** Make a change to the conversation and show it, or point to it when the person is reading
   * elsewhere. Of many new messages the first comes into view. Returns what the change returns. */
  keep(change) {
    const follow = this.following || this.undisturbed();
    const before = byId("log").lastElementChild;
    const changed = change();
    if (!changed) return changed;
    if (Date.now() - this.changedAt > BURST || !this.first?.isConnected) {
      this.first = before?.isConnected ? before.nextElementSibling : byId("log").lastElementChild;
    }
    this.changedAt = Date.now();
    if (follow) this.show();
    else this.newer.hidden = false;
    return changed;
  }

  /** To the end, but not past the first of what is new. */
  show() {
    this.following = true;
    this.newer.hidden = true;
    const end = this.box.scrollHeight - this.box.clientHeight;
    const first = this.first?.isConnected ? this.first.offsetTop - 12 : end;
    this.put = this.box.scrollTop = Math.max(0, Math.min(end, first));
  }

  /** What comes now is new, and answers something the person did here. */
  fresh() {
    this.following = true;
    this.first = null;
  }

  /** Show the last message from its beginning. */
  last() {
    this.first = byId("log").lastElementChild;
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
