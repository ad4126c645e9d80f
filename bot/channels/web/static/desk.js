// A shared tablet at a desk: after each story, and when nobody is there any more, the screen is
// cleared for who comes next.

import { byId } from "./dom.js";

const SILENCE = 120_000; // ms, after which it asks whether somebody is there
const AFTER = 60_000; // the same, when the story is over
const ANSWER = 30_000; // ms for an answer to that

/** The code of the desk's link; empty where this is no desk. */
export const desk = new URLSearchParams(location.search).get("balie") ?? "";

/** Begin to watch. `over()` says whether the story is over, `empty()` clears the screen. */
export function watch({ over, empty }) {
  if (!desk) return;
  const dialog = byId("desk-dialog");
  let heard = Date.now();
  let leaving = false;
  const here = () => {
    if (!dialog.open) heard = Date.now();
  };
  for (const sign of ["pointerdown", "keydown", "input"]) addEventListener(sign, here, { capture: true });
  dialog.addEventListener("close", here);
  setInterval(() => {
    const silent = Date.now() - heard;
    const patience = over() ? AFTER : SILENCE;
    if (leaving || silent < patience) return;
    if (!dialog.open) dialog.showModal();
    if (silent < patience + ANSWER) return;
    leaving = true;
    empty().finally(() => (leaving = false));
  }, 1000);
}
