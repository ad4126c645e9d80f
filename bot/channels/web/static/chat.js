// The web chat: puts the connection, the conversation and the text box together.

import { voices } from "./aloud.js";
import { attaching } from "./attach.js";
import { Composer } from "./composer.js";
import { desk, watch } from "./desk.js";
import { alone, byId, desktop, home, root, stage } from "./dom.js";
import { label, speak } from "./labels.js";
import { gone, leaving } from "./leave.js";
import { Link, rehearsal } from "./link.js";
import { Log } from "./log.js";
import { menu } from "./menu.js";
import { showProgress } from "./progress.js";
import { dropBell, keepBell } from "./push.js";
import { Scroll } from "./scroll.js";

const page = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");
let patience = null;

const scroll = new Scroll();
const composer = new Composer((text, ref) => {
  if (ref) return act({ t: "edit", ref, text });
  log.pending(act({ t: "say", text, asked: log.turn }), text);
  scroll.down();
});
const log = new Log({
  act,
  edit: (ref, text) => composer.edit(ref, text),
  empty: () => wipe("chat"),
  waits: (id) => link.unsent.some((frame) => frame.id === id),
});
const showLanguages = menu((name) => act({ t: "command", name }));
const link = new Link({
  hello: () => ({ t: "hello", after: log.last, page, language: navigator.language, shown: stage.lang }),
  onframe,
  onstate,
});

const attach = attaching({
  pending(id, content) {
    log.pending(id, "", content);
    scroll.down();
  },
  refused: (id) => log.refused(id),
  note: (text) => composer.note(text),
});

for (const { t, id, text } of link.unsent) if (t === "say") log.pending(id, text);
byId("help").addEventListener("click", () => act({ t: "command", name: "help" }));
const wipe = leaving({ kept: () => log.kept, asked: () => link.passing(), before: forget });
watch({ over: () => root.querySelector(".ending") !== null, empty: () => wipe("desk") });
onstate(false);
if (!desk && !rehearsal) keepBell().catch(() => {});
if (!alone) root.host.addEventListener("move", ({ detail }) => move(detail));

function act(frame, stays = false) {
  const id = link.send(frame);
  if (!link.open) onstate(false);
  if (stays) return id;
  scroll.fresh();
  return id;
}

function onframe(frame) {
  if (frame.t === "row") row(frame);
  else if (frame.t === "hello") greet(frame);
  else if (frame.t === "live") live();
  else if (frame.t === "typing") showTyping(true);
  else if (frame.t === "reset") clear();
  else if (frame.t === "error") error(frame);
  else if (frame.t === "gone") {
    forget();
    gone();
  }
}

function row(frame) {
  showTyping(false);
  if (frame.op === "tick") return log.row(frame); // ticking never moves the page
  if (frame.turn && (frame.turn !== log.turn || frame.progress)) showProgress(frame.progress);
  if (!scroll.keep(() => log.row(frame))) return;
  if (log.element.getAttribute("aria-live") === "off") requestAnimationFrame(() => setTimeout(readOut));
  if (frame.kept) link.passing();
  composer.asked(log.control);
  attach.offer(log.control?.kind === "tell");
  if (frame.refused && home.classList.contains("live")) composer.back(log.words.get(frame.refused) ?? "", frame.refused);
  if (log.refocus) {
    log.refocus = false;
    if (desktop()) composer.focus();
    else log.element.lastElementChild?.focus({ preventScroll: true });
  }
}

function greet({ languages, language, dir, labels }) {
  speak(language, dir, labels);
  voices();
  showLanguages(languages, language);
}

/** All that was said is on the screen; from here on new messages are read out. */
function live() {
  if (!home.classList.contains("live")) scroll.last();
  home.classList.add("live");
  readOut();
}

/** New messages are read out, but not the first words when the page had them already. */
function readOut() {
  if (home.classList.contains("live") && !log.painted.length) log.element.setAttribute("aria-live", "polite");
}

function clear() {
  log.clear();
  showProgress();
  log.element.setAttribute("aria-live", "off");
}

function error({ code, id }) {
  if (code === "no_cookie") showState(label("web.no_cookies"));
  if (code === "busy") showState(label("busy"));
  if (!id || code === "try_again" || code === "too_fast") return;
  const words = code === "too_long" ? log.takeBack(id) : "";
  if (words) composer.back(words);
  else log.refused(id);
}

/** Whether there is a connection: without one the page says so, and what waits. */
function onstate(open) {
  clearTimeout(patience);
  if (open) {
    home.classList.remove("offline");
    return showState("");
  }
  showTyping(false);
  const without = () => {
    const kept = !navigator.onLine || link.unsent.length > 0;
    home.classList.toggle("offline", kept);
    showState(label(kept ? "web.offline" : "web.connecting"));
  };
  if (navigator.onLine) patience = setTimeout(without, 1200);
  else without();
}

function showState(text) {
  byId("link-state").textContent = text;
  byId("link-state").hidden = !text;
}

function showTyping(on) {
  if (byId("typing").hidden !== on) return;
  scroll.keep(() => (byId("typing").hidden = !on) || true);
}

/** Go on with a rehearsal at another address. */
function move(address) {
  home.classList.remove("live");
  clear();
  link.move(address);
}

/** Leave nothing on this device. */
function forget() {
  link.end();
  clear();
}
