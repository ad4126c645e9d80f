// Parts of a message that are in Dutch, in the chat of another language: each says so, and is read out
// in the right voice, from the right side.

/** Mark what of an element is one of these texts: whole paragraphs and cells, and words on buttons. */
export function inDutch(element, texts = []) {
  if (!texts.length) return;
  for (const part of element.querySelectorAll("p, dt, dd, span, bdi, button")) {
    if (part.closest(".message [lang]") || !texts.includes(part.textContent.trim())) continue;
    if (part.matches("button")) onButton(part);
    else if (!part.querySelector("p, svg")) say(part);
  }
}

/** A button keeps its own direction: its mark stays where that of others is. */
function onButton(button) {
  const words = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  if (!words) return;
  const said = say(document.createElement("span"));
  words.replaceWith(said);
  said.append(words);
}

function say(element) {
  element.setAttribute("lang", "nl");
  element.setAttribute("dir", "ltr");
  return element;
}
