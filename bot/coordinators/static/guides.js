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

/** The phone beside the list, where there is room for it: the chat, which keeps its styles to itself. */
const phone = document.querySelector("[data-chat]");
const wide = matchMedia("(min-width: 70rem)");
const mount = () => {
  if (!wide.matches || phone.shadowRoot) return;
  phone.attachShadow({ mode: "open" }).append(document.getElementById("phone-page").content.cloneNode(true));
  const script = document.createElement("script");
  script.type = "module";
  script.src = phone.dataset.script;
  document.head.append(script);
};
if (phone) {
  mount();
  wide.addEventListener("change", mount);
}

/** "From here" moves it; on a smaller screen, or into another tab, it is a link like any other. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-from]");
  if (!link || !phone || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const loading = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  phone.dispatchEvent(new CustomEvent("move", { detail: `${link.pathname}/${loading}` }));
  document.querySelector("[data-from][aria-current]")?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  const told = document.getElementById("phone-from");
  told.textContent = told.dataset.said.replace("{step}", link.dataset.from);
});

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
  form.addEventListener("submit", (event) => (changed = event.submitter?.formTarget === "_blank" && changed));
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
    const { problems, marks } = await answer.json();
    const line = (looks, words) => Object.assign(document.createElement("p"), { className: looks, textContent: words });
    found.replaceChildren(
      ...problems.map(({ message, mend }) => line("problem", `${message} ${mend}`)),
      ...marks.map(({ message }) => line("note", message)),
    );
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => check().catch(() => {}), PAUSE);
  });
}
