// The texts of the page, in the language of the person; the server knows them.

let texts = JSON.parse(document.body.dataset.labels);

/** The text of a key, its `{slots}` filled. */
export function label(key, facts = {}) {
  const text = texts[key] ?? "";
  return text.replace(/\{(\w+)\}/g, (slot, name) => facts[name] ?? slot);
}

/** The form of words for a number: each language has its own plurals. */
export const plural = (n) => new Intl.PluralRules(document.documentElement.lang).select(n);

/** Go on in another language; without texts it is the one of the page. */
export function speak(language, direction, newTexts) {
  if (!newTexts) return;
  texts = newTexts;
  document.documentElement.lang = language;
  document.documentElement.dir = direction;
  for (const element of document.querySelectorAll("[data-label]")) {
    element.textContent = label(element.dataset.label);
  }
  for (const element of document.querySelectorAll("[data-label-aria]")) {
    element.setAttribute("aria-label", label(element.dataset.labelAria));
    if (element.title) element.title = label(element.dataset.labelAria);
  }
  for (const element of document.querySelectorAll("[data-label-placeholder]")) {
    element.placeholder = label(element.dataset.labelPlaceholder);
  }
}
