// Small drawings beside the feelings, and beside the doors into a story. They say nothing that the
// words do not say: whoever listens does not hear them.

import { draw } from "./dom.js";

const FACE = "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z";
const EYES = "M9 9.6v.8M15 9.6v.8";

const DRAWN = {
  glad: `${FACE}${EYES}M8 14c1 2.2 2.4 3 4 3s3-.8 4-3`,
  angry: `${FACE}M7.6 8.4l2.8 1.5M16.4 8.4l-2.8 1.5M9 11.2v.3M15 11.2v.3M8.5 16.2c1-.9 2.2-1.2 3.5-1.2s2.5.3 3.5 1.2`,
  hopeful: "M3.5 17.5h17M7 17.5a5 5 0 0 1 10 0M12 8.5v-3M5.7 11.2 4 9.7M18.3 11.2 20 9.7",
  powerless: "M3.5 8h14.5v8H3.5zM20.5 11v2M6.5 11v2",
  unsure: `${FACE}${EYES}M8 15.8c.9-1 1.8-1 2.7 0s1.8 1 2.7 0 1.8-1 2.6 0`,
  relieved: `${FACE}M8 10.2c.6.8 1.6.8 2.2 0M13.8 10.2c.6.8 1.6.8 2.2 0M8.5 14.5c1 1.5 2.2 2 3.5 2s2.5-.5 3.5-2`,
  proud: "M12 3.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM8.7 13.6 7.5 20.5l4.5-2.3 4.5 2.3-1.2-6.9",
  mixed: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 3a4.5 4.5 0 0 1 0 9a4.5 4.5 0 0 0 0 9",
  surprised: `${FACE}${EYES}M12 13.7a1.7 1.9 0 1 0 0 3.8a1.7 1.9 0 1 0 0-3.8z`,
  sad: `${FACE}${EYES}M8 16.8c1-1.9 2.4-2.6 4-2.6s3 .7 4 2.6`,
  worked: "M4.5 12.8l5 5L19.5 7",
  chafed: "M3.5 15l4-6 4.5 6 4.5-6 4 6",
  not_possible: `${FACE}M6 6.2 18 17.8`,
  other_turn: "M12 21v-7.5L6 7M6 12V7h5M12 13.5 18.5 10",
};
const FIRST = ["o:glad", "o:worked"];

/** Whether the buttons of a question are drawn: feelings and doors are. */
export const drawn = (buttons) => buttons.some(({ id }) => FIRST.includes(id));

/** The drawing of a button, or null. */
export function pictogram(id) {
  const path = DRAWN[id.replace(/^o:/, "")];
  if (!path) return null;
  return draw("svg", { class: "pictogram", viewBox: "0 0 24 24", "aria-hidden": "true" }, draw("path", { d: path }));
}
