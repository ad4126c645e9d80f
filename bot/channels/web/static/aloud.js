// Reading a question aloud with a voice of the device. Voices that send the text elsewhere are not
// used; where there is none in the language of the page, there is no button.

import { home, make, stage } from "./dom.js";
import { label } from "./labels.js";

const speech = globalThis.speechSynthesis;
let reading = null;

/** A button that reads out a message: its text, the story on its card, what can be chosen. */
export function aloud(message) {
  return make("button", {
    type: "button",
    class: "aloud",
    "aria-label": label("button.read_aloud"),
    "aria-pressed": "false",
    title: label("button.read_aloud"),
    onclick: ({ currentTarget }) => toggle(currentTarget, message),
  });
}

/** Show the buttons when there is a voice for the language of the page. */
export function voices() {
  if (!speech) return;
  speech.onvoiceschanged = voices;
  home.classList.toggle("voiced", Boolean(voice()));
}

function voice() {
  const language = stage.lang;
  return speech?.getVoices().find((one) => one.localService && one.lang.toLowerCase().startsWith(language));
}

function toggle(button, message) {
  const stops = reading === button;
  speech.cancel();
  silent();
  if (stops) return;
  const said = new SpeechSynthesisUtterance(words(message));
  said.voice = voice() ?? null;
  said.lang = stage.lang;
  said.rate = 0.95;
  said.onend = said.onerror = () => reading === button && silent();
  reading = button;
  button.setAttribute("aria-pressed", "true");
  speech.speak(said);
}

function silent() {
  reading?.setAttribute("aria-pressed", "false");
  reading = null;
}

function words(message) {
  const pieces = [...message.querySelectorAll(".bubble p:not(.below), .card h2, .card .story p, .card dt, .card dd, .choice")];
  return pieces.map((piece) => piece.textContent.trim()).filter(Boolean).join(".\n");
}
