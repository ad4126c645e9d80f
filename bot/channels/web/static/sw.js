// The service worker: rings when a push comes, and shows one page when there is no connection. It
// keeps that page and its style, never anything of a conversation. Registered once for the chat and
// once for the dashboard, each with a subscription of its own; a tap leads to where it belongs.

const SHELL = "vertelbot-shell";
const OFFLINE = "/offline";
const HOME = new URL(self.registration.scope).pathname;

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
  const how = { body: text, lang: language, dir: "auto", tag: HOME, renotify: true, icon: "/apple-touch-icon.png" };
  event.waitUntil(self.registration.showNotification(title, how));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const open = async () => {
    const pages = await self.clients.matchAll({ type: "window" });
    const home = pages.find((page) => new URL(page.url).pathname === HOME);
    return home ? home.focus() : self.clients.openWindow(HOME);
  };
  event.waitUntil(open());
});

/** The dashboard takes what carries the mark of its session, as its forms do. */
async function renewDesk(fresh, was) {
  const page = await (await fetch(`${HOME}/settings`)).text();
  const csrf = page.match(/name="csrf" value="([^"]+)"/)?.[1];
  if (!csrf || !was) return;
  const body = new URLSearchParams({ csrf, was, subscription: JSON.stringify(fresh) });
  await fetch(`${HOME}/settings/push`, { method: "POST", body });
}

self.addEventListener("pushsubscriptionchange", (event) => {
  const renew = async () => {
    const options = event.oldSubscription?.options;
    const fresh = event.newSubscription ?? (options && (await self.registration.pushManager.subscribe(options)));
    if (!fresh) return;
    if (HOME !== "/") return renewDesk(fresh, event.oldSubscription?.endpoint);
    const headers = { "Content-Type": "application/json" };
    await fetch("/push?keep", { method: "POST", headers, body: JSON.stringify(fresh) });
  };
  event.waitUntil(renew());
});
