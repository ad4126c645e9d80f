// On a phone the menu scrolls: the page that is open is in view.

const here = document.querySelector(".top [aria-current]");
here?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });
