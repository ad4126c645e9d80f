// Dwell time: a button works only when its question has been on the screen long enough, so that two
// quick taps never answer a question that nobody has read. Measured by the page's own clock, which
// does not leap.

const LATE = 10; // ms that a timer may be early
const waiting = new Set();
const onScreen = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) if (isIntersecting && !document.hidden) begin(target);
});

document.addEventListener("visibilitychange", () => {
  for (const group of waiting) {
    onScreen.unobserve(group);
    if (document.hidden) group.since = undefined;
    else watch(group);
  }
});

/** Let the buttons of a group wait. `row` says how many milliseconds, and for which longer. */
export function dwelling(group, { dwell = 0, weighty = { buttons: [], dwell: 0 } }) {
  group.needs = ({ dataset }) => (weighty.buttons.includes(dataset.button) ? weighty.dwell : dwell);
  group.times = [...new Set([dwell, weighty.dwell])];
  if (!Math.max(...group.times)) group.since = performance.now();
  else watch(group);
}

/** Milliseconds that a button of a group has been on the screen as it is. */
export const visibleFor = (group, button) =>
  group.since === undefined ? 0 : Math.floor(performance.now() - Math.max(group.since, button.since ?? 0));

/** Whether this button of a group works by now. */
export const works = (group, button) => visibleFor(group, button) >= group.needs(button);

/** These buttons are otherwise than before: they wait as if they had just appeared. */
export function changed(group, buttons) {
  for (const button of buttons) button.since = performance.now();
  for (const time of group.times) setTimeout(() => settle(group), time + LATE);
}

/** Show of every button of a group whether it works by now. */
export function settle(group) {
  const buttons = [...group.querySelectorAll(".choice")];
  for (const button of buttons) {
    if (works(group, button)) button.removeAttribute("aria-disabled");
    else button.setAttribute("aria-disabled", "true");
  }
  if (!group.isConnected || visibleFor(group, group) >= Math.max(...group.times)) waiting.delete(group);
}

function watch(group) {
  waiting.add(group);
  settle(group);
  waiting.add(group);
  onScreen.observe(group);
}

function begin(group) {
  onScreen.unobserve(group);
  if (group.since !== undefined) return;
  group.since = performance.now();
  for (const time of group.times) setTimeout(() => settle(group), time + LATE);
}
