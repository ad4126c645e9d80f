// "Stop en wis alles": erases, leaves the page, and lets nobody go back into the story.

import { desk } from "./desk.js";
import { byId, home, root } from "./dom.js";
import { rehearsal } from "./link.js";
import { dropBell } from "./push.js";

let left = false;
let asking = false;

/** Go to the page that says it is gone: once, though both the answer and the socket tell of it. The
 * answer is waited for where it was asked for here, because it brings the way back. */
export function gone() {
  if (left || asking) return;
  left = true;
  if (rehearsal) return location.reload();
  location.replace(desk ? `/gone?balie=${encodeURIComponent(desk)}` : "/gone");
}

/** Make the button work. `kept()` says whether a story was kept here, `asked()` runs as soon as all
 * has to go, `before()` when it is erased and the page goes. Returns a function that wipes (`all`;
 * `chat`: not what was kept; `desk`: the same, and nobody comes back), and says whether it did.
 * Nothing of the talk is seen from then on, also while it cannot be erased. */
export function leaving({ kept, asked, before }) {
  let what = "all";

  async function wipe(chosen) {
    if (rehearsal) {
      before();
      return gone(); // every loading of a rehearsal begins with nothing
    }
    what = chosen;
    asked();
    home.classList.add("leaving");
    if (what === "desk") before();
    byId("wipe").disabled = asking = true;
    try {
      const answer = await fetch(`/wipe?what=${what}`, { method: "POST" });
      if (!answer.ok) throw new Error(answer.status);
    } catch {
      byId("wipe").disabled = asking = false;
      byId("wipe-not").hidden = what === "desk";
      if (!byId("failed-dialog").open) byId("failed-dialog").showModal();
      return false;
    }
    await dropBell().catch(() => {});
    asking = false;
    before();
    gone();
    return true;
  }

  byId("failed-dialog").addEventListener("close", () => {
    if (!asking && what !== "desk") home.classList.remove("leaving");
  });
  byId("wipe").addEventListener("click", () => (kept() ? byId("wipe-dialog").showModal() : wipe("all")));
  for (const button of root.querySelectorAll("dialog [data-what]")) {
    button.addEventListener("click", () => {
      button.closest("dialog").close();
      wipe(button.dataset.what === "again" ? what : button.dataset.what);
    });
  }
  // A page that the browser kept in memory must not come back.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  return wipe;
}
