// Camera and microphone: opening them, and saying plainly why that did not work.
const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const KNOWN = ["NotAllowedError", "NotFoundError", "NotReadableError", "Insecure"];
const ALIKE = { SecurityError: "NotAllowedError", OverconstrainedError: "NotFoundError", TrackStartError: "NotReadableError" };

const picture = (which) => ({ width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 }, ...which });

// Both if possible; the voice alone where the camera is missing or busy. Throws what stands in the way of the voice.
export async function open(which = { facingMode: "user" }) {
  if (!navigator.mediaDevices?.getUserMedia) throw Object.assign(new Error("no devices here"), { name: "Insecure" });
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: VOICE, video: picture(which) });
  } catch (fault) {
    if (reason(fault) === "NotAllowedError") throw fault;
    return navigator.mediaDevices.getUserMedia({ audio: VOICE });
  }
}

export async function openCamera(which) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: picture(which) });
  return stream.getVideoTracks()[0];
}

export async function cameras() {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) || [];
  return all.filter((device) => device.kind === "videoinput");
}

export const sees = (stream) => stream.getVideoTracks().length > 0;

export function reason(fault) {
  const name = ALIKE[fault.name] || fault.name;
  return KNOWN.includes(name) ? name : "Other";
}

// The page's own words, in the reader's language.
export const words = (name) => document.querySelector(`[data-word="${name}"]`)?.textContent.trim() || "";

export const close = (stream) => stream?.getTracks().forEach((track) => track.stop());
