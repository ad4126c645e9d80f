// The last screen: the code to copy, to share or to keep as a picture, and then nothing left behind.

import { byId, make, root } from "./dom.js";
import { label } from "./labels.js";

const WIDTH = 900; // px of the picture
const HEIGHT = 760;

/** What is done with the code of a kept story, and with this screen. `empty()` clears it; `above`
 * says that the code stands above it already. */
export function ending(code, empty, above = false) {
  let safe = false;
  const told = make("p", { class: "told", role: "status" });
  const done = (key) => {
    safe = true;
    told.textContent = label(key);
  };
  const button = (key, onclick, looks = "") =>
    make("button", { type: "button", class: `choice ${looks}`, onclick }, label(key));
  const clear = () => (safe ? empty() : ask(empty));
  return make(
    "div",
    { class: "ending", role: "group", "aria-label": label("web.ending") },
    above ? null : make("p", { class: "code", translate: "no", dir: "ltr" }, code),
    make(
      "div",
      { class: "choices" },
      button("web.code_copy", () => copy(code).then(() => done("web.code_copied"))),
      navigator.share ? button("web.code_share", () => share(code).then(() => done("web.code_shared"))) : null,
      button("web.code_picture", () => picture(code).then(() => done("web.code_kept"))),
    ),
    told,
    button("web.empty_screen", clear, "primary"),
  );
}

/** Without the code nobody gets to the story any more: is it somewhere? */
function ask(empty) {
  const dialog = byId("empty-dialog");
  byId("empty-now").onclick = () => {
    dialog.close();
    empty();
  };
  dialog.showModal();
}

async function copy(code) {
  if (navigator.clipboard) return navigator.clipboard.writeText(code);
  getSelection().selectAllChildren([...root.querySelectorAll(".code")].at(-1));
  document.execCommand("copy");
  getSelection().removeAllRanges();
}

const share = (code) => navigator.share({ text: `${label("web.code_about")}\n${code}\n${location.origin}` });

/** A picture of the code, one word a line, for the photos of a telephone. */
async function picture(code) {
  const canvas = make("canvas", { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fffdf9";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.textAlign = "center";
  pen.fillStyle = "#27211b";
  pen.font = "36px system-ui, sans-serif";
  pen.fillText(label("web.code_about"), WIDTH / 2, 80, WIDTH - 80);
  pen.fillText(location.host, WIDTH / 2, HEIGHT - 50, WIDTH - 80);
  pen.fillStyle = "#1d5c56";
  pen.font = "bold 76px system-ui, sans-serif";
  code.split(/[ -]+/).forEach((word, line) => pen.fillText(word, WIDTH / 2, 205 + line * 105, WIDTH - 80));
  const blob = await new Promise((drawn) => canvas.toBlob(drawn, "image/png"));
  const href = URL.createObjectURL(blob);
  make("a", { href, download: "vertelbot-code.png" }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
