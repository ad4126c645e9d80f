// A shared tablet at a desk: after each story, and when nobody is there any more, the screen is
// cleared for who comes next.

import { byId } from "./dom.js";

const SILENCE = 120_000; // ms, after which it asks whether somebody is there
const AFTER = 60_000; // the same, when the story is over
const ANSWER = 30_000; // ms for an answer to that
const AGAIN = 5_000; // ms after which clearing is tried again

/** The code of the desk's link; empty where this is no desk. */
export const desk = new URLSearchParams(location.search).get("balie") ?? "";

const OWED = "vertelbot.owed";

/** Begin to watch. `over()` says whether the story is over, `empty()` clears the screen, and
 * whether that was done: without a connection it is tried until then, also after a reload. */
export function watch({ over, empty }) {
  if (!desk) return;
  const dialog = byId("desk-dialog");
  let owed = localStorage.getItem(OWED) !== null;
  let heard = Date.now();
  let leaving = false;
  const clear = async () => {
    leaving = owed = true;
    localStorage.setItem(OWED, "");
    if (await empty()) localStorage.removeItem(OWED);
    else setTimeout(() => (leaving = false), AGAIN);
  };
  if (owed) clear();
  const here = () => {
    if (!dialog.open) heard = Date.now();
  };
  for (const sign of ["pointerdown", "keydown", "input"]) addEventListener(sign, here, { capture: true });
  dialog.addEventListener("close", here);
  setInterval(() => {
    if (leaving) return;
    if (owed) return clear();
    const silent = Date.now() - heard;
    const patience = over() ? AFTER : SILENCE;
    if (silent < patience) return;
    if (!dialog.open) dialog.showModal();
    if (silent < patience + ANSWER) return;
    dialog.close();
    clear();
  }, 1000);
}
