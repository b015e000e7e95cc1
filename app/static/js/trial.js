// Tries camera and microphone before a talk. A form with data-after-trial goes out when both were tried; where they
// do not work, the page says why and what that means, and the next press goes out all the same.
import { close, open, reason, sees, words } from "./devices.js";
import { listen } from "./microphone.js";
import "./sounds.js"; // for its switches

const byId = (id) => document.getElementById(id);
let stream;
let hush;
let warned = false;

async function attempt() {
  leave();
  byId("trial-start").disabled = true;
  try {
    stream = await open();
  } catch (fault) {
    byId("trial-words").textContent = words(reason(fault));
    byId("trial-words").scrollIntoView({ block: "center" });
    byId("trial-anyway").hidden = false;
    return false;
  } finally {
    byId("trial-start").disabled = false;
  }
  byId("trial-picture").srcObject = stream;
  byId("trial-picture").parentElement.classList.add("on");
  byId("trial-words").textContent = words(sees(stream) ? "fine" : "voice-only");
  byId("trial-voice").hidden = false;
  byId("trial-anyway").hidden = true;
  hush = listen(stream, (loudness) => (byId("trial-level").value = loudness));
  return true;
}

function leave() {
  hush?.();
  close(stream);
  hush = stream = undefined;
}

byId("trial-start").addEventListener("click", attempt);

// Before htmx hears of it.
document.addEventListener("submit", async (leaving) => {
  const form = leaving.target;
  if (!form.matches("[data-after-trial]") || stream || warned) return;
  leaving.preventDefault();
  leaving.stopImmediatePropagation();
  if (await attempt()) form.requestSubmit(leaving.submitter);
  else warned = true;
}, true);

addEventListener("pagehide", leave);
