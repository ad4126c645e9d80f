// The pages on which is chosen how to be reached: notifications need a tap, and a browser that can.
// The dashboard names a `scope` of its own, and takes the subscription in a form.

import { dropBell, post } from "./push.js";

const section = document.getElementById("push");
const show = (name) => {
  for (const each of section.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== name;
};

/** The key of the site, as bytes. */
function bytes(key) {
  const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (each) => each.charCodeAt(0));
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return show("denied");
  await navigator.serviceWorker.register("/sw.js", { scope: section.dataset.scope ?? "/" });
  const registration = await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(section.dataset.key),
  });
  const form = section.querySelector("form");
  if (form) {
    form.elements.subscription.value = JSON.stringify(subscription);
    return form.submit();
  }
  const answer = await post("/push", subscription);
  if (!answer.ok) throw new Error(answer.status);
  location.reload();
}

function state() {
  const installed = navigator.standalone ?? matchMedia("(display-mode: standalone)").matches;
  if ("standalone" in navigator && !installed) return "ios";
  if (!("PushManager" in window && "serviceWorker" in navigator && "Notification" in window)) return "cannot";
  return Notification.permission === "denied" ? "denied" : "ready";
}

if (section) {
  show(state());
  section.querySelector("button").addEventListener("click", () => turnOn().catch(() => show("failed")));
}
for (const form of document.querySelectorAll("form[data-drops]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await dropBell(form.dataset.drops || "/").catch(() => {});
    form.submit();
  });
}
