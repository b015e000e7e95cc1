// Clocks that run by the server's time: <span data-until="1795400000">, <span data-since="…"> and <progress data-until="…" max="30">.
// Moments are unix seconds. A clock that reaches zero says "due" once, so that a fragment may fetch itself anew.
const root = document.documentElement;
const speed = Number(root.dataset.speed || 1);
const offset = Number(root.dataset.now || Date.now() / 1000) - (Date.now() / 1000) * speed;

export const serverNow = () => (Date.now() / 1000) * speed + offset;

export function asClock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${hours ? two(Math.floor((whole % 3600) / 60)) : Math.floor(whole / 60)}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function show(clock, now) {
  const until = Number(clock.dataset.until);
  const seconds = clock.dataset.until ? Math.ceil(until - now) : now - Number(clock.dataset.since);
  if (clock.tagName === "PROGRESS") {
    clock.value = Math.max(0, until - now);
  } else {
    const text = asClock(seconds);
    if (clock.textContent !== text) clock.textContent = text;
  }
  if (clock.dataset.until && until <= now && clock.dataset.due !== clock.dataset.until) {
    clock.dataset.due = clock.dataset.until;
    clock.dispatchEvent(new CustomEvent("due", { bubbles: true }));
  }
}

function tick() {
  const now = serverNow();
  for (const clock of document.querySelectorAll("[data-until], [data-since]")) show(clock, now);
}

tick();
setInterval(tick, 250);
document.addEventListener("htmx:load", tick);
