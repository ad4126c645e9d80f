// Recordings and photos beside the text box: shown while a story is told, sent as they are, and
// sent again after an interruption as long as the page is open.

import { shown } from "./card.js";
import { byId, home, make } from "./dom.js";
import { label } from "./labels.js";
import { clock, Recorder } from "./recorder.js";
import { shrink } from "./shrink.js";

const PATIENT = [500, 1500, 4000, 9000, 20000]; // ms between two tries

/** Make the buttons work. `pending(id, content)` shows what is on its way, `refused(id)` that it
 * did not arrive, `note(text)` says something beside the text box. */
export function attaching({ pending, refused, note }) {
  const minutes = Number(home.dataset.voiceMinutes);
  const speak = byId("speak");
  const photo = byId("photo");
  const recorder =
    minutes && Recorder.possible()
      ? new Recorder({ minutes, send: (blob, seconds) => post("voice", blob, seconds) })
      : null;
  let picture = null;

  speak.addEventListener("click", () => recorder.open());
  photo.addEventListener("click", () => byId("photo-file").click());
  byId("photo-file").addEventListener("change", ({ target }) => {
    choose(target.files[0]);
    target.value = "";
  });
  byId("photo-send").addEventListener("click", () => {
    post("photo", picture, 0);
    byId("photo-dialog").close();
  });
  byId("photo-dialog").addEventListener("close", () => {
    URL.revokeObjectURL(byId("photo-shown").src);
    byId("photo-shown").removeAttribute("src");
    picture = null;
  });

  /** Look at a photo, and be warned, before it goes anywhere. What is no picture is refused here. */
  async function choose(file) {
    if (!file) return;
    note("");
    const small = await shrink(file);
    if (!small) return note(label("web.no_picture"));
    picture = small;
    byId("photo-shown").src = URL.createObjectURL(small);
    byId("photo-dialog").showModal();
  }

  async function post(kind, blob, seconds) {
    const id = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");
    pending(id, attachment(kind, kind === "voice" ? clock(seconds) : "", URL.createObjectURL(blob)));
    for (const wait of [...PATIENT, 0]) {
      const status = await tried(`/${kind}`, id, blob, seconds);
      if (status === 200) return;
      if (status && status < 500 && status !== 429 && status !== 408) break;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    refused(id);
  }

  return {
    /** Show the buttons while a story is told. */
    offer(telling) {
      speak.hidden = !(telling && recorder);
      photo.hidden = !(telling && home.dataset.photos);
    },
  };
}

async function tried(url, id, body, seconds) {
  try {
    const headers = { "X-Message": id, "X-Seconds": String(seconds), "Content-Type": body.type };
    return (await fetch(url, { method: "POST", headers, body })).status;
  } catch {
    return 0;
  }
}

/** What a message with a recording or photo shows; without `src` it is nowhere any more. */
export function attachment(kind, text, src = "") {
  const name = make("p", { class: `attached ${kind}` }, label(`card_${kind}`), text ? ` ${text}` : "");
  return src ? [name, shown({ kind, src })] : [name];
}
