// The room with Jitsi Meet in a frame: going in after a press, following the server and not the frame, coming back.
//
// What the frame tells drives words only. Whether the talk goes on is the meter's to say: when it is over, the frame
// is taken away at once. Each way in has a fresh ticket and a new frame.
import * as devices from "./devices.js";
import { CLOSED_AGAIN_MS, again, askMeter, byId, freshTicket, place, say, whenAsked, whenOver, whenShown } from "./room.js";
import { LOOK, PARTS } from "./jitsi_look.js";

const { words } = devices;
const { server, room, title } = place.dataset;
const READY_MS = 20000; // for the video server to answer
const SETTLE_MS = 300; // one departure is told by several events, in no fixed order
const LONGEST_PAUSE_MS = 30000; // between two tries to come back
const UNSEEN_MS = 20000; // the server has not seen us for so long after a break: go in anew
const HINT_MS = 12000;
// Why this page is out. The further down, the more it says about one and the same departure.
const DEPARTURES = ["left", "unreachable", "dropped", "closing", "elsewhere"];
const STAYS_OUT = ["left", "elsewhere"]; // until a press, or until the page is looked at again
const DEVICE_FAULTS = { "gum.permission_denied": "NotAllowedError", "gum.not_found": "NotFoundError", "gum.general": "NotReadableError" };

let frame = null;
let outside = "new"; // or a departure; empty with a frame
let entering = false;
let tried = false; // camera and microphone, after a press
let sees = true;
let over = false;
let tries = 0;
let later;
let brokenAt = 0; // when the page or the network came back, until the server sees us again

// ---- Going in --------------------------------------------------------------------------------
// By a press, since a phone gives camera, microphone and sound to nobody else.
async function enter() {
  again(null);
  clearTimeout(later);
  say(words("trying"));
  try {
    const stream = await devices.open();
    sees = devices.sees(stream);
    devices.close(stream);
  } catch (fault) {
    say(words(devices.reason(fault)));
    again("retry", enter);
    return;
  }
  tried = true;
  comeIn();
}

async function comeIn() {
  if (over || entering) return;
  entering = true;
  clearTimeout(later);
  again(null);
  say(words("opening"));
  try {
    await load();
    const ticket = await freshTicket();
    if (over) return;
    if (!ticket) throw new Error("no ticket");
    open(ticket);
  } catch {
    out("unreachable");
  } finally {
    entering = false;
  }
}

let loading = null;
function load() {
  loading ||= new Promise((done, fail) => {
    const script = document.createElement("script");
    const give = setTimeout(() => script.onerror(), READY_MS);
    script.src = `${server}/external_api.js`;
    script.onload = () => { clearTimeout(give); done(); };
    script.onerror = () => {
      clearTimeout(give);
      script.remove();
      loading = null;
      fail(new Error("the video server does not answer"));
    };
    document.head.append(script);
  });
  return loading;
}

function open(ticket) {
  shut();
  const { host, pathname } = new URL(server);
  const mine = new window.JitsiMeetExternalAPI(host + pathname.replace(/\/$/, ""), {
    roomName: room,
    parentNode: byId("frame"),
    jwt: ticket,
    lang: document.documentElement.lang,
    configOverwrite: { ...LOOK, startWithVideoMuted: !sees },
    interfaceConfigOverwrite: PARTS,
    onload: () => { if (frame === mine) ready(); },
  });
  frame = mine;
  sessionStorage.setItem("in", room);
  outside = "";
  isReady = false;
  mine.getIFrame().title = title;
  for (const [name, act] of Object.entries(TOLD)) {
    mine.addListener(name, (told) => { if (frame === mine) act(told || {}); });
  }
  setTimeout(() => { if (frame === mine && !isReady) depart("unreachable"); }, READY_MS);
}

let isReady = false;
function ready() {
  isReady = true;
  byId("wait").hidden = true;
}

function shut() {
  hint("");
  frame?.dispose();
  frame = null;
  byId("frame").replaceChildren();
}

// ---- What the frame tells --------------------------------------------------------------------
const TOLD = {
  videoConferenceJoined() {
    ready();
    tries = 0;
    if (!sees) hint(words("voice-only"), HINT_MS);
    askMeter();
  },
  participantJoined: askMeter,
  participantLeft: askMeter,
  peerConnectionFailure: askMeter,
  videoConferenceLeft: () => depart("left"),
  readyToClose: () => depart("left"),
  participantKickedOut: ({ kicked }) => { if (kicked?.local) depart("elsewhere"); },
  suspendDetected: () => depart("dropped"),
  errorOccurred({ name = "", isFatal, ...more }) {
    if (name === "conference.destroyed") depart(JSON.stringify(more).includes("replaced") ? "elsewhere" : "closing");
    else if (isFatal) depart("dropped");
    else askMeter();
  },
  cameraError: ({ type }) => hint(words(DEVICE_FAULTS[type] || "Other"), HINT_MS),
  micError: ({ type }) => hint(words(DEVICE_FAULTS[type] || "Other"), HINT_MS),
};

let departure = "";
function depart(why) {
  askMeter();
  if (!departure) {
    const mine = frame;
    setTimeout(() => {
      const most = departure;
      departure = "";
      if (frame === mine && !over) out(most);
    }, SETTLE_MS);
  }
  if (DEPARTURES.indexOf(why) > DEPARTURES.indexOf(departure)) departure = why;
}

// ---- Out, and back ---------------------------------------------------------------------------
function out(why) {
  shut();
  outside = why;
  askMeter();
  say(words(navigator.onLine ? why : "offline"));
  again(why === "elsewhere" ? "take" : "back", enter);
  if (STAYS_OUT.includes(why)) return;
  later = setTimeout(comeBack, Math.min(CLOSED_AGAIN_MS * 2 ** tries, LONGEST_PAUSE_MS));
  tries += 1;
}

// Without another press: one has been made on this page. Hidden or without a network, it would be in vain.
function comeBack() {
  if (!tried || frame || outside === "elsewhere" || document.hidden || !navigator.onLine) return;
  comeIn();
}

function recover() {
  if (frame) brokenAt = performance.now();
  else comeBack();
}

whenShown(recover);
addEventListener("online", () => {
  hint("");
  recover();
});
addEventListener("offline", () => {
  if (frame) hint(words("offline"));
  else if (outside !== "new") say(words("offline"));
});

// The frame may believe that it is in while the server has not seen us since the break.
whenAsked(({ dataset: { phase, missing } }) => {
  if (!frame) return;
  if (missing !== "me") brokenAt = 0;
  else if (brokenAt && performance.now() - brokenAt > UNSEEN_MS) {
    brokenAt = 0;
    comeIn();
  }
  const waits = phase === "connecting" && missing && missing !== "me";
  if (waits) hint(words("waiting"));
  else if (byId("hint").textContent === words("waiting")) hint("");
});

whenOver(() => {
  over = true;
  clearTimeout(later);
  shut();
});

// ---- Words over the picture ------------------------------------------------------------------
let hiding;
function hint(text, lasting = 0) {
  clearTimeout(hiding);
  const shown = byId("hint");
  if (shown.textContent !== text) shown.textContent = text;
  shown.hidden = !text;
  if (lasting) hiding = setTimeout(hint, lasting, "");
}

// A page that was in and is loaded anew goes in again at once: leaving is taken for good after some seconds. Only iOS
// gives sound to nobody without a press.
const isNew = performance.getEntriesByType("navigation")[0]?.type !== "reload" || sessionStorage.getItem("in") !== room;
const asksForPress = /iP(hone|ad|od)/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
if (isNew || asksForPress) again("enter", enter);
else enter();
