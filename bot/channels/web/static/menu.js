// The small menu, and the choice of a language.

import { byId, make, root } from "./dom.js";

/** Make the menu work; `command(name)` does what was chosen. Returns a function that takes the
 * languages there are: pairs of a code and a name. */
export function menu(command) {
  const button = byId("menu");
  const list = byId("menu-list");
  const dialog = byId("language-dialog");

  function show(open, back = false) {
    list.hidden = !open;
    button.setAttribute("aria-expanded", open);
    if (open) list.querySelector("button").focus();
    else if (back) button.focus();
  }

  button.addEventListener("click", () => show(list.hidden));
  list.addEventListener("click", (event) => {
    const item = event.target.closest("button, a");
    if (!item) return;
    show(false, true);
    if (item.dataset.command) command(item.dataset.command);
    if (item.id === "languages") dialog.showModal();
  });
  root.addEventListener("keydown", (event) => event.key === "Escape" && !list.hidden && show(false, true));
  root.addEventListener("pointerdown", (event) => event.target.closest(".menu") || show(false));
  list.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !event.relatedTarget.closest(".menu")) show(false);
  });
  list.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!move) return;
    const items = [...list.querySelectorAll("button, a")];
    items.at((items.indexOf(root.activeElement) + move) % items.length).focus();
    event.preventDefault();
  });
  for (const close of root.querySelectorAll("dialog [data-close]")) {
    close.addEventListener("click", () => close.closest("dialog").close());
  }

  return (languages, current) => {
    byId("language-note").hidden = !languages.some(([, name]) => name.endsWith("*"));
    byId("language-list").replaceChildren(
      ...languages.map(([code, name]) =>
        make(
          "button",
          {
            type: "button",
            class: "choice",
            lang: code,
            dir: "auto",
            "aria-pressed": String(code === current),
            onclick: () => {
              dialog.close();
              command(`language:${code}`);
            },
          },
          name,
        ),
      ),
    );
  };
}
