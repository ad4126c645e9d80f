// Follows how many people take part in a session, as long as its page is looked at.

const source = document.querySelector("[data-source]");

async function follow() {
  if (!document.hidden) {
    try {
      const answer = await fetch(source.dataset.source, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        for (const [name, count] of Object.entries(await answer.json())) {
          for (const place of document.querySelectorAll(`[data-live="${name}"]`)) {
            if (place.textContent !== String(count)) place.textContent = String(count);
          }
        }
      }
    } catch {
      // The network is away for a moment: the next look may find it again.
    }
  }
  setTimeout(follow, 3000);
}

if (source) setTimeout(follow, 3000);
