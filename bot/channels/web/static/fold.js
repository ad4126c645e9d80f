// Long messages of the person's own, folded: the answer to them must not be pushed off the screen.

import { make, newId } from "./dom.js";
import { label } from "./labels.js";

const LINES = 8;
const SURELY_SHORT = 200; // characters

/** Fold what a message on the screen says, where it is long; a button unfolds it. Who hears the page
 * hears all of it anyway. */
export function fold(message) {
  const bubble = message.querySelector(".bubble");
  const text = bubble.innerText;
  if (text.length < SURELY_SHORT && text.split("\n").length <= LINES) return;
  if (bubble.clientHeight < (LINES + 3) * parseFloat(getComputedStyle(bubble).lineHeight)) return;
  const words = make("div", { id: newId("words"), class: "folded" }, ...bubble.childNodes);
  const button = make(
    "button",
    {
      type: "button",
      class: "unfold",
      "aria-expanded": "false",
      "aria-controls": words.id,
      onclick: () => {
        const folded = words.classList.toggle("folded");
        button.setAttribute("aria-expanded", !folded);
        button.textContent = label(folded ? "web.unfold" : "web.fold");
        if (folded) message.scrollIntoView({ block: "nearest" });
      },
    },
    label("web.unfold"),
  );
  bubble.append(words, button);
}
