// Three quiet sounds, each of which can be switched off and is always shown as well:
// ring (two notes, until stopped), chime (charging starts), low (the last minute).
// A switch is <input type="checkbox" data-sound="ring">; the choice is kept in this browser.
const NOTES = {
  ring: [[659, 0, 0.9], [523, 0.34, 1.3]],
  chime: [[784, 0, 1.4]],
  low: [[247, 0, 1.2]],
};
const RING_EVERY = 2600;
let context;
let ringing;

const key = (name) => `sashitalk.sound.${name}`;

export function isOn(name) {
  try {
    return localStorage.getItem(key(name)) !== "off";
  } catch {
    return true;
  }
}

export function setOn(name, on) {
  try {
    localStorage.setItem(key(name), on ? "on" : "off");
  } catch {
    // A browser that keeps nothing simply forgets the choice.
  }
  if (name === "ring" && !on) stopRinging();
}

export function play(name) {
  if (isOn(name)) sound(name);
}

// Sounds whatever the switches say, for a test of the speaker.
export function sound(name) {
  if (!wake()) return;
  for (const [pitch, after, lasting] of NOTES[name]) note(pitch, context.currentTime + after, lasting);
}

export function startRinging() {
  if (ringing) return;
  play("ring");
  ringing = setInterval(() => play("ring"), RING_EVERY);
}

export function stopRinging() {
  clearInterval(ringing);
  ringing = undefined;
}

function wake() {
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!Context) return false;
  context ||= new Context();
  if (context.state === "suspended") context.resume();
  return true;
}

// May this page sound now? Asking costs nothing, and a browser that is just being woken says so a moment later.
export const isAwake = () => wake() && context.state === "running";

function note(pitch, at, lasting) {
  const tone = context.createOscillator();
  const loudness = context.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.16, at + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.0005, at + lasting);
  tone.connect(loudness).connect(context.destination);
  tone.start(at);
  tone.stop(at + lasting);
}

// Browsers let a page sound only after somebody touched it.
for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, wake, { once: true, capture: true });

function showSwitches(place) {
  for (const box of place.querySelectorAll("[data-sound]")) box.checked = isOn(box.dataset.sound);
}

document.addEventListener("change", ({ target }) => {
  if (target.dataset?.sound) setOn(target.dataset.sound, target.checked);
});
document.addEventListener("htmx:load", (arrival) => showSwitches(arrival.detail.elt));
showSwitches(document);
