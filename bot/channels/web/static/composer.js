// The text box: grows with its text, sends on Enter, keeps what is typed through a reload.

import { alone, byId, desktop } from "./dom.js";
import { label, plural } from "./labels.js";

const DRAFT = "vertelbot.draft";
const LONGEST = 6000; // of a story, as the server counts
const NEAR = 1000; // characters before the most, or a sixth of it: from there the page counts down

export class Composer {
  /** `send(text, ref)` sends a message, or with a ref another text for an earlier one. */
  constructor(send) {
    this.send = send;
    this.box = byId("message");
    this.ref = "";
    this.most = LONGEST;
    byId("composer").addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    byId("edit-cancel").addEventListener("click", () => this.stopEditing(true));
    this.box.addEventListener("input", () => (this.changed(), this.writing(true)));
    this.box.addEventListener("pointerdown", () => this.writing(true));
    byId("type").addEventListener("click", () => (this.writing(true), this.focus()));
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.value = sessionStorage.getItem(DRAFT) ?? "";
    this.changed();
    new ResizeObserver(() => this.box.offsetWidth !== this.wide && this.fit()).observe(this.box);
    if (alone && desktop()) this.focus();
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  /** Change an earlier message. */
  edit(ref, text) {
    if (!this.ref) this.before = this.box.value;
    this.ref = ref;
    this.was = [...text].length;
    this.box.value = text;
    byId("editing").hidden = false;
    this.changed();
    this.box.focus();
  }

  /** Words that were not taken stand in the box again, to make them shorter: as a new message, or
   * with a ref as the same one. What is typed meanwhile stays. */
  back(text, ref = "") {
    if (this.box.value.trim()) return;
    if (ref) this.edit(ref, text);
    else {
      this.box.value = text;
      this.changed();
      this.focus();
    }
    this.refuse();
  }

  stopEditing(back) {
    this.box.value = this.before ?? "";
    this.ref = "";
    this.before = "";
    byId("editing").hidden = true;
    this.changed();
    if (back) this.focus();
  }

  submit() {
    const text = this.box.value.trim();
    if (!text && !this.ref) return this.focus();
    if (this.refuse()) return this.focus();
    this.send(text, this.ref);
    byId("composer").classList.toggle("told", Boolean(this.telling));
    if (this.ref) this.stopEditing(true);
    else {
      this.box.value = "";
      this.changed();
    }
    this.focus();
  }

  /** Say that it is too long, and by how much. Whether it is. */
  refuse() {
    const over = this.length - this.limit;
    const form = plural(over);
    if (over > 0) this.note(label(`web.letters_over.${form}`, { n: over }));
    return over > 0;
  }

  get length() {
    return [...this.box.value.trim()].length;
  }

  /** The most characters that the open question takes; an edit has the room of what it replaces. */
  get limit() {
    if (!this.ref) return this.most;
    return this.telling ? Math.min(LONGEST, this.most + this.was) : LONGEST;
  }

  /** A question is open: how much it takes. Of a story that is what still fits. */
  asked(control) {
    const telling = control?.kind === "tell";
    if (telling && !this.telling) {
      this.writing(this.box.value !== "");
      byId("composer").classList.remove("told");
    }
    this.telling = telling;
    byId("composer").classList.toggle("telling", telling);
    this.box.placeholder = label(telling ? "web.placeholder_tell" : "web.placeholder");
    this.fit();
    this.most = ["tell", "text", "sentences"].includes(control?.kind) ? control.max : LONGEST;
    this.count();
  }

  /** A story may be typed or spoken; who types has room for it. */
  writing(on) {
    byId("composer").classList.toggle("writing", on);
  }

  /** How much still fits, when that is little. */
  count() {
    const left = this.limit - this.length;
    const counter = byId("counter");
    counter.hidden = left > (this.telling ? NEAR : Math.min(NEAR, this.limit / 6));
    counter.classList.toggle("over", left < 0);
    const n = Math.abs(left);
    const form = plural(n);
    const words = left < 0 ? label(`web.letters_over.${form}`, { n }) : label(`web.letters_left.${form}`, { n });
    counter.textContent = counter.hidden ? "" : words;
  }

  /** Say something about what is typed; empty takes it away. */
  note(text) {
    byId("note").textContent = text;
    byId("note").hidden = !text;
  }

  key(event) {
    if (event.key === "Escape" && this.ref) this.stopEditing(true);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  /** As high as its text, and as the question leaves room for. */
  fit() {
    this.wide = this.box.offsetWidth;
    this.box.style.setProperty("height", "auto");
    this.box.style.setProperty("height", `${this.box.scrollHeight}px`);
  }

  changed() {
    this.note("");
    byId("composer").classList.toggle("filled", this.box.value !== "");
    this.fit();
    this.count();
    byId("send").classList.toggle("ready", this.box.value.trim() !== "");
    try {
      sessionStorage.setItem(DRAFT, this.ref ? (this.before ?? "") : this.box.value);
    } catch {
      // Storage is off or full: the text lives as long as the page.
    }
  }
}
