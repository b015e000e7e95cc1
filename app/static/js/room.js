// The room's page: the call, its controls, and following what the server says about the talk.
import { Call } from "./call.js";
import * as devices from "./devices.js";
import { play } from "./sounds.js";

const byId = (id) => document.getElementById(id);
const place = byId("call");
const { words } = devices;
const CLOSED_AGAIN_MS = 2000; // a room that was closed may open again with new points; the meter decides
let stream;
let call;
let closed = "";
let facing = "user";
let camera = 0;

// ---- The call --------------------------------------------------------------------------------
async function begin() {
  again(null);
  try {
    stream ||= await devices.open();
  } catch (fault) {
    say(words(devices.reason(fault)));
    again("retry", begin);
    return;
  }
  byId("near").srcObject = stream;
  byId("near").classList.toggle("dark", !devices.sees(stream));
  byId("camera").hidden = !devices.sees(stream);
  byId("flip").hidden = !devices.sees(stream) || (await devices.cameras()).length < 2;
  for (const track of stream.getTracks()) track.addEventListener("ended", reopen);
  connect();
}

function connect() {
  closed = "";
  const { pulse, leave, ticket, party } = place.dataset;
  call = new Call({ pulse, leave, ticket, polite: party === "guest", stream });
  call.addEventListener("remote", ({ detail }) => show(detail));
  call.addEventListener("state", ({ detail }) => follow(detail));
  call.addEventListener("closed", ({ detail }) => out(detail));
  call.start();
}

async function show(remote) {
  const far = byId("far");
  if (far.srcObject !== remote) far.srcObject = remote;
  try {
    await far.play();
  } catch {
    say(words("silent"));
    again("listen", () => far.play().then(() => follow(call.state)));
  }
}

function follow(state) {
  byId("wait").hidden = state === "connected";
  if (state !== "connected") say(words(state));
  else if (!devices.sees(stream)) byId("said").textContent = words("voice-only");
  askMeter();
}

async function out(because) {
  closed = because;
  if (because === "expired") {
    await fetchTicket();
    connect();
  } else if (because === "elsewhere") {
    say(words("elsewhere"));
    again("take", connect);
  } else {
    say(words("closing"));
    askMeter();
    setTimeout(connect, CLOSED_AGAIN_MS);
  }
}

async function fetchTicket() {
  try {
    const response = await fetch(place.dataset.ticketUrl, { cache: "no-store" });
    if (response.ok) place.dataset.ticket = (await response.json()).ticket;
  } catch {
    // The next pulse finds out.
  }
}

function say(text) {
  byId("wait").hidden = false;
  byId("wait-words").textContent = text;
}

let retry = null;
function again(word, act = null) {
  retry = act;
  byId("again").hidden = !act;
  byId("again").textContent = act ? words(word) : "";
}
byId("again").addEventListener("click", () => {
  const act = retry;
  again(null);
  act?.();
});

// ---- The controls ----------------------------------------------------------------------------
function toggle(button, kind) {
  const off = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", off);
  for (const track of stream?.getTracks() || []) if (track.kind === kind) track.enabled = !off;
  if (kind === "video") byId("near").classList.toggle("dark", off);
}
byId("mic").addEventListener("click", () => toggle(byId("mic"), "audio"));
byId("camera").addEventListener("click", () => toggle(byId("camera"), "video"));

byId("flip").addEventListener("click", async () => {
  const all = await devices.cameras();
  const [old] = stream.getVideoTracks();
  const sided = Boolean(old.getSettings().facingMode);
  facing = facing === "user" ? "environment" : "user";
  camera = (camera + 1) % all.length;
  old.stop(); // phones open one camera at a time
  await take(sided ? { facingMode: facing } : { deviceId: { exact: all[camera].deviceId } });
  byId("near").classList.toggle("rear", sided && facing === "environment");
});

async function take(which) {
  try {
    const track = await devices.openCamera(which);
    track.enabled = byId("camera").getAttribute("aria-pressed") !== "true";
    track.addEventListener("ended", reopen);
    await call.replace(track);
    byId("near").srcObject = stream;
  } catch (fault) {
    byId("said").textContent = words(devices.reason(fault));
  }
}

// A phone takes camera and microphone away behind the lock screen, and a cable can be pulled.
let reopening = false;
async function reopen() {
  if (reopening || document.hidden || !stream || stream.getTracks().every((track) => track.readyState === "live")) return;
  reopening = true;
  try {
    const fresh = await devices.open({ facingMode: facing });
    for (const track of fresh.getTracks()) {
      track.enabled = byId(track.kind === "audio" ? "mic" : "camera").getAttribute("aria-pressed") !== "true";
      track.addEventListener("ended", reopen);
      await call.replace(track);
    }
    byId("near").srcObject = stream;
  } catch (fault) {
    say(words(devices.reason(fault)));
    again("retry", reopen);
  } finally {
    reopening = false;
  }
}

// ---- Following the server --------------------------------------------------------------------
const askMeter = () => document.body.dispatchEvent(new CustomEvent("meter-wanted"));
let phase = byId("talk-meter").dataset.phase;
let warned = byId("talk-meter").dataset.warning;

document.addEventListener("htmx:afterSettle", () => {
  const onward = document.querySelector("[data-goes-on]");
  if (onward) {
    call?.end();
    location.replace(onward.href);
    return;
  }
  const meter = byId("talk-meter");
  if (meter) notice(meter);
});

// Each change is heard once: it is shown by the meter itself.
function notice(meter) {
  if (meter.dataset.phase !== phase) {
    if (meter.dataset.phase === "charging" && phase === "free") play("chime");
    announce(meter.querySelector(".room-clock, .room-said"));
  }
  if (meter.dataset.warning !== warned && meter.dataset.warning) {
    if (meter.dataset.warning === "60") play("low");
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
  reopen();
  askMeter();
});

// A page that the browser kept while away shows an old clock; ask anew.
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });

stayAwake();
begin();
