// How far one is: a thin line at the top, and how many short questions are left.

import { byId } from "./dom.js";
import { label, plural } from "./labels.js";

/** Show the progress of a question, or nothing where it has none. */
export function showProgress(progress) {
  byId("progress").hidden = !progress;
  if (!progress) return;
  const { left, share } = progress;
  const words = left ? inWords(left) : "";
  const line = byId("progress-line");
  byId("progress-words").textContent = words;
  line.setAttribute("aria-valuenow", share);
  if (words) line.setAttribute("aria-valuetext", words);
  else line.removeAttribute("aria-valuetext");
  line.firstElementChild.style.setProperty("inline-size", `${share}%`);
}

/** A number of questions in the language of the page. */
function inWords(left) {
  const form = plural(left);
  return label(`web.left.${form}`, { n: left });
}
