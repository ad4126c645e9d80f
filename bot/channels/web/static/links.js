// Numbers to call and pages to open in what the bot says: one tap, as help should be.

import { make } from "./dom.js";

const LINK = /\b(?:https?:\/\/[\w-]+(?:\.[\w-]+)*(?::\d+)?(?:\/[\w/%-]*(?:\.ics)?(?:\?[\w=&-]+)?)?|11[23](?!\d|\.[a-z])|0[89]00[ -]\d{4,7}|088 \d{4} \d{3}|(?:https:\/\/)?(?:[a-z0-9-]+\.)+nl\b(?:\/[\w/-]*)?)/g;

/** A text with its telephone numbers and Dutch web addresses as links. */
export function linked(text) {
  const pieces = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(LINK)) {
    pieces.push(text.slice(at, index), link(found));
    at = index + found.length;
  }
  return [...pieces, text.slice(at)];
}

function link(found) {
  if (/^\d[\d -]*$/.test(found)) return make("a", { href: `tel:${found.replace(/\D/g, "")}`, dir: "ltr" }, found);
  const href = /^https?:/.test(found) ? found : `https://${found}`;
  return make("a", { href, target: "_blank", rel: "noopener noreferrer", dir: "ltr" }, found);
}
