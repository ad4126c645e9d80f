// Notifications of this device: kept alive when the page opens, let go when all is erased.

/** Send something to this site as JSON. */
export const post = (url, body = {}) =>
  fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** The worker of the chat, or of another `scope`: none that only covers it. */
async function worker(scope = "/") {
  const found = await navigator.serviceWorker?.getRegistration(scope);
  return found && new URL(found.scope).pathname === scope ? found : undefined;
}

/** Say again where to ring: a browser may have changed it by itself. */
export async function keepBell() {
  const subscription = await (await worker())?.pushManager?.getSubscription();
  if (!subscription) return;
  const { status } = await post("/push?keep", subscription);
  if (status === 410 || status === 403) await dropBell();
}

/** Ring here no more, and keep nothing of us in this browser; the dashboard leaves that of the
 * chat. */
export async function dropBell(scope = "/") {
  const registration = await worker(scope);
  if (!registration) return;
  await (await registration.pushManager?.getSubscription())?.unsubscribe();
  await registration.unregister();
  if (scope !== "/") return;
  for (const name of await caches.keys()) await caches.delete(name);
}
