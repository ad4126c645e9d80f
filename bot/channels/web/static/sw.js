// The service worker: rings when a push comes, and shows one page when there is no connection. It
// keeps that page and its style, never anything of a conversation.

const SHELL = "vertelbot-shell";
const OFFLINE = "/offline";

async function keepShell() {
  const cache = await caches.open(SHELL);
  const answer = await fetch(OFFLINE, { credentials: "omit" });
  const files = (await answer.clone().text()).match(/\/static\/[^"]+/g) ?? [];
  await cache.put(OFFLINE, answer);
  await cache.addAll([...new Set(files)]);
}

function said(data) {
  try {
    return data.json();
  } catch {
    return { title: "Vertelbot", text: "" };
  }
}

self.addEventListener("install", (event) => event.waitUntil(keepShell().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const shell = request.mode === "navigate" ? OFFLINE : request;
  if (request.method !== "GET" || (shell === request && !new URL(request.url).pathname.startsWith("/static/"))) return;
  event.respondWith(fetch(request).catch(async () => (await caches.match(shell)) ?? Response.error()));
});

self.addEventListener("push", (event) => {
  const { title, text, language } = said(event.data);
  const how = { body: text, lang: language, dir: "auto", tag: "vertelbot", renotify: true, icon: "/apple-touch-icon.png" };
  event.waitUntil(self.registration.showNotification(title, how));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const open = async () => {
    const pages = await self.clients.matchAll({ type: "window" });
    const chat = pages.find((page) => new URL(page.url).pathname === "/");
    return chat ? chat.focus() : self.clients.openWindow("/");
  };
  event.waitUntil(open());
});

self.addEventListener("pushsubscriptionchange", (event) => {
  const renew = async () => {
    const options = event.oldSubscription?.options;
    const fresh = event.newSubscription ?? (options && (await self.registration.pushManager.subscribe(options)));
    if (!fresh) return;
    const headers = { "Content-Type": "application/json" };
    await fetch("/push?keep", { method: "POST", headers, body: JSON.stringify(fresh) });
  };
  event.waitUntil(renew());
});
