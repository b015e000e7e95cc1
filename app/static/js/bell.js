// The cast's bell: tells the server every few seconds that the page is open, and rings when a guest is at the door.
// The server answers only where something has changed; #cast-room-bell says how often to ask (data-every) and whether to ring (data-rings).
import { isAwake, play } from "./sounds.js";

const SECOND = 1000;
const RING_EVERY = 3; // seconds
const speed = Number(document.documentElement.dataset.speed || 1);
const quietTitle = document.title;
const ticker = new Worker(new URL("ticker.js", import.meta.url));
let seconds = 0;

const bell = () => document.getElementById("cast-room-bell");
const beat = () => window.htmx.trigger("#bell-beat", "tick");

// Notes asked for while the browser keeps us silent would all sound at once later.
function ring() {
  if (isAwake()) play("ring");
}

function flash(name) {
  document.title = name && seconds % 2 ? `● ${name}` : name || quietTitle;
}

function tick() {
  const shown = bell();
  if (!shown) return;
  seconds += 1;
  if (shown.dataset.rings) {
    flash(shown.dataset.rings);
    if (seconds % RING_EVERY === 0) ring();
  }
  const every = Math.max(1, Math.round(Number(shown.dataset.every) / speed));
  if (seconds % every === 0) beat();
}

// What has just arrived: a ring sounds at once, and after the switch the bell asks at its new pace.
function follow(arrival) {
  const rings = bell()?.dataset.rings;
  flash(rings);
  showTools();
  if (rings && arrival.id === "cast-room-bell") ring();
  if (arrival.id === "cast-room-standby") beat();
}

// What needs a script is hidden until one is here; the hint, until the browser keeps us silent.
function showTools() {
  for (const tools of document.querySelectorAll("[data-bell-tools]")) tools.hidden = false;
  for (const hint of document.querySelectorAll("[data-bell-muted]")) hint.hidden = isAwake();
}

document.addEventListener("click", (press) => {
  if (!press.target.closest("[data-bell-test]")) return;
  play("ring");
});
for (const touch of ["pointerup", "keyup"]) {
  addEventListener(touch, () => setTimeout(showTools, SECOND / 2), { once: true });
}
document.addEventListener("htmx:load", (arrival) => follow(arrival.detail.elt));
document.addEventListener("visibilitychange", () => document.hidden || beat());
ticker.onmessage = tick;
ticker.postMessage(SECOND);
showTools();
if (bell()?.dataset.rings) ring();
