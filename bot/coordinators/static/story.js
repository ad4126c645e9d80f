// A page with a story: printed by a button; what a link points to opens.

const button = document.getElementById("print");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

function opened() {
  const details = document.getElementById(location.hash.slice(1));
  if (details instanceof HTMLDetailsElement) {
    details.open = true;
    details.querySelector("select, input:not([type=hidden]), textarea")?.focus();
  }
}

window.addEventListener("hashchange", opened);
opened();
