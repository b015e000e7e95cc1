// The laptop's room: a plain call between the two pages, with its own controls for microphone and camera.
import { Call } from "./call.js";
import * as devices from "./devices.js";
import { CLOSED_AGAIN_MS, again, askMeter, byId, freshTicket, place, say, whenOver, whenShown } from "./room.js";

const { words } = devices;
let stream;
let call;
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
  if (because === "expired") {
    place.dataset.ticket = (await freshTicket()) || place.dataset.ticket; // without one the next pulse finds out
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

whenOver(() => call?.end());
whenShown(reopen);
begin();
