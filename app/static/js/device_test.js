// The device test: five steps, each with its state in words. What was found goes into the form's hidden fields, and
// only the person sends it. A step may be taken again, and what is not taken is sent as not confirmed.
import { connects, roundTrip } from "./connection.js";
import { close, open, reason, sees, words } from "./devices.js";
import { nameOf } from "./device_name.js";
import { isVoice, listen } from "./microphone.js";
import { sound } from "./sounds.js";

const STEPS = ["camera", "microphone", "speaker", "echo", "connection"];
const LOOKS = { open: "off", working: "busy", passed: "live", failed: "wrong" };
const NOT_LET = ["NotAllowedError", "Insecure"]; // what stands in the way of camera and microphone alike
const FIRST_FRAME_MS = 8_000;
const FIRST_WORD_MS = 12_000;
const ENOUGH = 3; // moments of a voice, a tenth of a second each
const RECORD_MS = 3_000;
const CONNECT_MS = 10_000;
const SLOW_MS = 300;

const byId = (id) => document.getElementById(id);
const step = (name) => byId(`step-${name}`);
const found = Object.fromEntries(STEPS.map((name) => [name, "open"]));
let unsaved = false;
let stream;
let hush;

function show(name, state, said = "") {
  found[name] = state;
  unsaved ||= state === "passed" || state === "failed";
  step(name).dataset.state = state;
  const badge = step(name).querySelector(".state");
  badge.className = `state ${LOOKS[state]}`;
  badge.textContent = words(state);
  step(name).querySelector(".told").textContent = said;
  fill();
}

// The form is drawn anew after each saving, so it is filled whenever something changes.
function fill() {
  const form = document.querySelector("#device-test-outcome form");
  if (!form) return;
  const rest = STEPS.filter((name) => found[name] !== "passed");
  form.elements.device.value = nameOf(navigator);
  for (const name of STEPS) form.elements[name].value = found[name] === "passed" ? "y" : "";
  form.hidden = !unsaved && !form.querySelector(".error");
  form.querySelector(".rest").hidden = !rest.length;
  form.querySelector("button").classList.toggle("quiet", rest.length > 0);
}

// A form that was refused comes back as it was filled.
function recall() {
  const form = document.querySelector("#device-test-outcome form");
  for (const name of STEPS) if (form?.elements[name].value) show(name, "passed");
}

async function start() {
  leave();
  byId("test-start").disabled = true;
  show("camera", "working");
  show("microphone", "working");
  try {
    stream = await open();
    watch(stream);
    hear(stream);
  } catch (fault) {
    refuse(reason(fault));
  } finally {
    byId("test-start").disabled = false;
    byId("test-start").lastChild.textContent = words("again");
    byId("test-start").classList.add("quiet");
  }
  await connect();
}

function refuse(why) {
  const both = NOT_LET.includes(why);
  show("camera", "failed", words(both ? why : "advice-camera"));
  show("microphone", "failed", words(both ? "as-above" : why));
}

function watch(mine) {
  if (!sees(mine)) {
    show("camera", "failed", words("advice-camera"));
    return;
  }
  const picture = byId("test-picture");
  const missing = () => mine === stream && show("camera", "failed", words("advice-camera"));
  const late = setTimeout(missing, FIRST_FRAME_MS);
  mine.getVideoTracks()[0].addEventListener("ended", missing);
  picture.onloadeddata = () => {
    clearTimeout(late);
    show("camera", "passed", words("camera-fine"));
  };
  picture.srcObject = mine;
  picture.parentElement.hidden = false;
}

function hear(mine) {
  let quietest = 1;
  let moments = 0;
  byId("test-voice").hidden = false;
  setTimeout(() => {
    if (mine === stream && found.microphone === "working") show("microphone", "failed", words("advice-microphone"));
  }, FIRST_WORD_MS);
  mine.getAudioTracks()[0].addEventListener("ended", () => mine === stream && show("microphone", "failed", words("advice-microphone")));
  hush = listen(mine, (loudness) => {
    byId("test-level").value = loudness;
    quietest = Math.min(quietest, loudness);
    moments += isVoice(loudness, quietest) ? 1 : 0;
    if (moments >= ENOUGH && found.microphone !== "passed") show("microphone", "passed");
  });
}

function ring() {
  sound("chime");
  if (found.speaker !== "passed") show("speaker", "working", words("heard-tone"));
  byId("speaker-answers").hidden = false;
}

function record() {
  if (!stream || !window.MediaRecorder) {
    show("echo", "open", words(stream ? "no-recorder" : "microphone-first"));
    return;
  }
  const recorder = new MediaRecorder(new MediaStream(stream.getAudioTracks()));
  const parts = [];
  byId("echo-record").disabled = true;
  show("echo", "working", words("recording"));
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.addEventListener("stop", () => replay(new Blob(parts, { type: recorder.mimeType })));
  recorder.start();
  setTimeout(() => recorder.state === "recording" && recorder.stop(), RECORD_MS);
}

async function replay(voice) {
  const player = byId("echo-player");
  byId("echo-record").disabled = false;
  byId("echo-answers").hidden = false;
  show("echo", "working", words("heard-voice"));
  URL.revokeObjectURL(player.src);
  player.src = URL.createObjectURL(voice);
  player.hidden = false;
  await player.play().catch(() => {}); // where a browser keeps silent, its own button plays
}

async function connect() {
  show("connection", "working");
  try {
    const [, took] = await Promise.all([connects(CONNECT_MS), roundTrip(step("connection").dataset.url, CONNECT_MS)]);
    const said = words("connection-fine").replace("{ms}", took);
    show("connection", "passed", took > SLOW_MS ? `${said} ${words("connection-slow")}` : said);
  } catch {
    show("connection", "failed", words("advice-connection"));
  }
}

function leave() {
  hush?.();
  close(stream);
  byId("test-picture").parentElement.hidden = true;
  byId("test-voice").hidden = true;
  hush = stream = undefined;
}

byId("test-start").addEventListener("click", start);
byId("speaker-play").addEventListener("click", ring);
byId("echo-record").addEventListener("click", record);
byId("connection-again").addEventListener("click", connect);
for (const button of document.querySelectorAll("[data-heard]")) {
  const name = button.dataset.step;
  button.addEventListener("click", () => {
    if (button.dataset.heard === "yes") show(name, "passed");
    else show(name, "failed", words(`advice-${name}`));
  });
}
document.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt.id === "device-test-outcome") unsaved = false;
  fill();
});
addEventListener("pagehide", leave);
recall();
fill();
