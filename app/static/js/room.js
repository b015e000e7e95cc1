// What both rooms share, whoever carries the call: following what the server says about the talk, the page's
// words, staying awake. The call itself is embedded.js or jitsi.js.
import { words } from "./devices.js";
import { play } from "./sounds.js";

export const byId = (id) => document.getElementById(id);
export const place = byId("call");
export const CLOSED_AGAIN_MS = 2000; // a room that was closed may open again with new points; the meter decides

// ---- The page's words ------------------------------------------------------------------------
export function say(text) {
  byId("wait").hidden = false;
  byId("wait-words").textContent = text;
}

let retry = null;
export function again(word, act = null) {
  retry = act;
  byId("again").hidden = !act;
  byId("again").textContent = act ? words(word) : "";
}
byId("again").addEventListener("click", () => {
  const act = retry;
  again(null);
  act?.();
});

// ---- Following the server --------------------------------------------------------------------
export const askMeter = () => document.body.dispatchEvent(new CustomEvent("meter-wanted"));

// A ticket for the next minutes, or none where the talk does not go on or nobody answers.
export async function freshTicket() {
  try {
    const response = await fetch(place.dataset.ticketUrl, { cache: "no-store" });
    if (response.ok && !response.redirected) return (await response.json()).ticket;
  } catch {
    // Whoever asks finds out by what it does next.
  }
  return null;
}

// whenOver(act): the server says that the talk is over. whenShown(act): the page is looked at again.
// whenAsked(act): the meter has answered; it is handed over.
const acts = { over: [], shown: [], asked: [] };
export const whenOver = (act) => acts.over.push(act);
export const whenShown = (act) => acts.shown.push(act);
export const whenAsked = (act) => acts.asked.push(act);

let phase = byId("talk-meter").dataset.phase;
let warned = byId("talk-meter").dataset.warning;

document.addEventListener("htmx:afterSettle", () => {
  const onward = document.querySelector("[data-goes-on]");
  if (onward) {
    for (const act of acts.over) act();
    location.replace(onward.href);
    return;
  }
  const meter = byId("talk-meter");
  if (!meter) return;
  notice(meter);
  for (const act of acts.asked) act(meter);
});

// Each change is heard once: it is shown by the meter itself.
function notice(meter) {
  if (meter.dataset.phase !== phase) {
    if (meter.dataset.phase === "charging" && phase === "free") play("chime");
    announce(meter.querySelector(".room-clock, .room-said"));
  }
  if (meter.dataset.warning !== warned && meter.dataset.warning) {
    if (["60", "15"].includes(meter.dataset.warning)) play("low");
    announce(meter.querySelector("[data-said]"));
  }
  ({ phase, warning: warned } = meter.dataset);
}

function announce(said) {
  if (said) byId("said").textContent = said.textContent.replace(/\s+/g, " ").trim();
}

// That the meter cannot ask is said by the call itself; the page's own notice would only stand in the way.
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  addEventListener(failure, (event) => { if (event.detail.elt.id === "talk-meter") event.stopPropagation(); }, true);
}

// ---- Staying awake ---------------------------------------------------------------------------
async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // Low battery, or a browser without it: the screen may go dark, the talk goes on.
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  stayAwake();
  for (const act of acts.shown) act();
  askMeter();
});

// A page that the browser kept while away shows an old clock; ask anew.
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });

stayAwake();
