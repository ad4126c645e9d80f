// The connection with the server. What a person does is kept until the server says that it is
// safe, and sent again after every interruption; the server recognises what it has. One thing goes
// out at a time, so that the order of a story is never lost.

import { desk } from "./desk.js";
import { home } from "./dom.js";

/** The address of a rehearsal; empty where people really tell. */
export const rehearsal = home.dataset.rehearsal ?? "";

const UNSENT = `vertelbot.unsent${rehearsal}.`;
const OURS = `${UNSENT}${home.dataset.teller ?? ""}.`;
const MINE = `${OURS}${Date.now()}.${Math.random()}`;
const KEPT = (home.dataset.draftDays ?? 0) * 24 * 3600_000; // ms, as long as an unfinished story
const PATIENCE = 9000; // ms without an answer after which a connection counts as dead
const QUIET = 25000; // ms between two signs of life

export class Link {
  /** `hello()` makes the first frame, `onframe(frame)` takes every other one, `onstate(open)` hears
   * whether there is a connection. */
  constructor({ hello, onframe, onstate }) {
    this.hello = hello;
    this.onframe = onframe;
    this.onstate = onstate;
    this.lasting = !desk && !rehearsal; // not where one screen is for everybody
    this.unsent = stored(this.lasting);
    this.store();
    this.address = rehearsal;
    this.attempt = 0;
    this.open = false;
    this.over = false;
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => this.drop());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    setInterval(() => this.beat(), 3000);
    this.connect();
  }

  /** Send something a person did; it gets an id of its own. Returns the id. */
  send(frame) {
    const id = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");
    this.unsent.push({ ...frame, id });
    this.store();
    if (this.unsent.length === 1) this.next();
    return id;
  }

  /** Forget everything and stay away. */
  end() {
    this.over = true;
    this.unsent = [];
    this.passing();
    sessionStorage.clear();
    this.socket?.close();
  }

  /** Leave this conversation for one at another address. */
  move(address) {
    const before = this.socket;
    this.address = address;
    this.open = false;
    this.unsent = [];
    this.store();
    this.connect();
    before.close();
  }

  connect() {
    clearTimeout(this.timer);
    if (this.over) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.address}/ws`);
    this.socket = socket;
    this.heard = Date.now();
    this.asked = null;
    socket.onopen = () => socket.send(JSON.stringify(this.hello()));
    socket.onmessage = (message) => this.socket === socket && this.receive(JSON.parse(message.data));
    socket.onclose = () => this.socket === socket && this.lost();
  }

  receive(frame) {
    this.heard = Date.now();
    this.asked = null;
    if (frame.t === "ack") this.settle(frame.id);
    else if (frame.t === "error" && frame.id) this.refused(frame);
    else if (frame.t === "live") this.live();
    if (frame.t !== "pong") this.onframe(frame);
  }

  /** The page is up to date: what was not confirmed goes out (again). */
  live() {
    this.open = true;
    this.attempt = 0;
    this.onstate(true);
    this.next();
  }

  lost() {
    if (this.over) return;
    clearTimeout(this.timer);
    this.open = false;
    this.onstate(false);
    const wait = Math.min(15000, 300 * 1.7 ** this.attempt) * (0.75 + Math.random() / 2);
    this.attempt += 1;
    this.timer = setTimeout(() => this.connect(), wait);
  }

  /** Do not wait for the next attempt. */
  hurry() {
    if (this.over) return;
    if (this.socket.readyState > WebSocket.OPEN) this.connect();
    else this.ask();
  }

  beat() {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const silent = Date.now() - this.heard;
    const expecting = this.asked !== null || this.unsent.length > 0 || !this.open;
    if (expecting && silent > PATIENCE) this.drop();
    else if (silent > QUIET) this.ask();
  }

  /** This connection is dead, whatever the browser thinks of it. */
  drop() {
    const socket = this.socket;
    this.socket = { readyState: WebSocket.CLOSED, close() {} };
    socket.close();
    this.lost();
  }

  ask() {
    if (!this.open || this.asked !== null) return;
    this.asked = this.heard = Date.now();
    this.socket.send('{"t":"ping"}');
  }

  /** Send the oldest of what is not confirmed. */
  next() {
    clearTimeout(this.again);
    if (!this.open || !this.unsent.length) return;
    this.heard = Date.now();
    this.socket.send(JSON.stringify(this.unsent[0]));
  }

  settle(id) {
    this.unsent = this.unsent.filter((frame) => frame.id !== id);
    this.store();
    this.next();
  }

  /** Busy or hasty: once more, later. Anything else will never be taken. */
  refused({ id, code }) {
    if (code !== "try_again" && code !== "too_fast") return this.settle(id);
    clearTimeout(this.again);
    this.again = setTimeout(() => this.next(), 2500);
  }

  /** From here on nothing outlives this tab: a story is kept, or all has to go. */
  passing() {
    stored(this.lasting);
    this.lasting = false;
    this.store();
  }

  store() {
    try {
      if (this.unsent.length) storage(this.lasting).setItem(MINE, JSON.stringify(this.unsent));
      else storage(this.lasting).removeItem(MINE);
    } catch {
      // Storage is off or full: what is not confirmed lives as long as the page.
    }
  }
}

/** Where unconfirmed words wait. */
const storage = (lasting) => (lasting ? localStorage : sessionStorage);

/** What was not confirmed to pages of before, oldest first; it is for this page now, and stands
 * there no more. Another tab that is still open may send it too: the server takes it once. What was
 * for somebody else, or is too old, goes. */
function stored(lasting) {
  try {
    const place = storage(lasting);
    const keys = Object.keys(place).filter((key) => key.startsWith(UNSENT)).sort();
    const frames = keys.flatMap((key) => {
      const fresh = key.startsWith(OURS) && Date.now() - parseInt(key.slice(OURS.length), 10) < KEPT;
      return fresh ? JSON.parse(place.getItem(key)) : [];
    });
    for (const key of keys) place.removeItem(key);
    return frames;
  } catch {
    return [];
  }
}
