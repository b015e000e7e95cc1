// Looks at what this device has for a talk, without switching on camera or microphone. The lowest versions come with
// the page. A version that the browser does not tell, or freezes, is no fault: one is asked to look oneself.
import { words } from "./devices.js";
import { nameOf } from "./device_name.js";

const LOOKS = { good: "live", bad: "wrong", unsure: "soon" };
const SAME = { iPadOS: "iOS", Chrome: "Google Chrome" };
const FROZEN = ["Windows", "macOS"]; // what the name of the browser says of these never changes
const WINDOWS_11 = 13; // of the platform's version, which tells 10 as 1 to 12
const place = document.querySelector("[data-systems]");
const systems = JSON.parse(place.dataset.systems);
const browsers = JSON.parse(place.dataset.browsers);

// "Chrome 131 / Windows" as { browser: ["Google Chrome", 131], system: ["Windows", NaN] }
function reading() {
  const [browser, system = ""] = nameOf(navigator).split(" / ").map((part) => {
    const [, name, version] = part.match(/^(.*?)(?: (\d+))?$/);
    return [SAME[name] || name, Number(version ?? NaN)];
  });
  return { browser, system };
}

async function systemVersion([name, said]) {
  const told = await navigator.userAgentData?.getHighEntropyValues?.(["platformVersion"]).catch(() => undefined);
  const major = Number.parseInt(told?.platformVersion, 10);
  if (name === "Windows" && major > 0) return major >= WINDOWS_11 ? 11 : 10;
  if (major > 0) return major;
  return FROZEN.includes(name) ? NaN : said;
}

async function ofSystem({ system }) {
  if (!systems[system[0]]) return "unsure";
  const version = await systemVersion(system);
  if (Number.isNaN(version)) return "unsure";
  return version >= systems[system[0]][0] ? "good" : "bad";
}

function ofBrowser({ browser, system }) {
  const supported = systems[system[0]]?.[1].includes(browser[0]);
  if (!supported || Number.isNaN(browser[1])) return "unsure";
  return browser[1] >= browsers[browser[0]] ? "good" : "bad";
}

const has = (thing) => (thing ? "good" : "bad");

// Browsers name no devices before they may use them, but say of which kinds there are.
async function ofDevices(kind) {
  try {
    const all = await navigator.mediaDevices.enumerateDevices();
    return has(all.some((device) => device.kind === kind));
  } catch {
    return "unsure";
  }
}

function show(name, state) {
  const row = place.querySelector(`[data-check="${name}"]`);
  const badge = row.querySelector(".state");
  badge.className = `state ${LOOKS[state]}`;
  badge.textContent = words(state);
  row.querySelector("p").hidden = state === "good";
  return state;
}

async function look() {
  const device = reading();
  place.querySelector("[data-device]").textContent = nameOf(navigator);
  const found = {
    system: ofSystem(device),
    browser: ofBrowser(device),
    secure: has(isSecureContext),
    capture: has(navigator.mediaDevices?.getUserMedia),
    call: has(window.RTCPeerConnection),
    socket: has(window.WebSocket),
    camera: ofDevices("videoinput"),
    microphone: ofDevices("audioinput"),
  };
  const states = await Promise.all(Object.entries(found).map(async ([name, state]) => show(name, await state)));
  const worst = states.includes("bad") ? "some-bad" : states.includes("unsure") ? "some-unsure" : "all-good";
  place.querySelector("[data-verdict]").textContent = words(worst);
}

navigator.mediaDevices?.addEventListener?.("devicechange", look);
look();
