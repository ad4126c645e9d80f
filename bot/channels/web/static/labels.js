// The texts of the page, in the language of the person; the server knows them.

import { home, root, stage } from "./dom.js";

let texts = JSON.parse(home.dataset.labels);

/** The text of a key, its `{slots}` filled. */
export function label(key, facts = {}) {
  const text = texts[key] ?? "";
  return text.replace(/\{(\w+)\}/g, (slot, name) => facts[name] ?? slot);
}

/** The form of words for a number: each language has its own plurals. */
export const plural = (n) => new Intl.PluralRules(stage.lang).select(n);

/** Go on in another language; without texts it is the one of the page. */
export function speak(language, direction, newTexts) {
  if (!newTexts) return;
  texts = newTexts;
  stage.lang = language;
  stage.dir = direction;
  for (const element of root.querySelectorAll("[data-label]")) {
    element.textContent = label(element.dataset.label);
  }
  for (const element of root.querySelectorAll("[data-label-aria]")) {
    element.setAttribute("aria-label", label(element.dataset.labelAria));
    if (element.title) element.title = label(element.dataset.labelAria);
  }
  for (const element of root.querySelectorAll("[data-label-placeholder]")) {
    element.placeholder = label(element.dataset.labelPlaceholder);
  }
}
