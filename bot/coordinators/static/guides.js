// Guides: what is typed is checked, steps move by keys, a page with unsaved words asks before it goes.
// Without this script everything works too, a page at a time.

const PAUSE = 400; // ms without typing before it is checked

/** Share and copy a link. */
for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () => navigator.share({ url: button.dataset.share }).catch(() => {}));
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  });
}

/** Alt and an arrow move the step that has the focus. */
document.addEventListener("keydown", (event) => {
  const by = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  const move = event.altKey && by && event.target.closest(".guide-step")?.querySelector("[data-move]");
  if (!move) return;
  event.preventDefault();
  move.requestSubmit(move.querySelector(`[value="${by}"]`));
});

/** How many characters are there, of how many that fit. */
for (const field of document.querySelectorAll(".step-form [maxlength]")) {
  const meter = document.createElement("span");
  meter.className = "meter";
  const count = () => {
    meter.textContent = field.value ? `${field.value.length} / ${field.maxLength}` : "";
    meter.classList.toggle("over", field.value.length >= field.maxLength);
  };
  field.after(meter);
  field.addEventListener("input", count);
  count();
}

for (const form of document.querySelectorAll("[data-guard]")) {
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => changed && event.preventDefault());
}

for (const form of document.querySelectorAll("[data-check]")) {
  const found = form.querySelector(".found");
  let timer = null;
  let asked = 0;
  const check = async () => {
    const mine = (asked += 1);
    const answer = await fetch(form.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok || mine !== asked) return;
    const { problems } = await answer.json();
    found.replaceChildren(
      ...problems.map(({ message, mend }) => {
        const line = document.createElement("p");
        line.className = "problem";
        line.textContent = `${message} ${mend}`;
        return line;
      }),
    );
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => check().catch(() => {}), PAUSE);
  });
}
