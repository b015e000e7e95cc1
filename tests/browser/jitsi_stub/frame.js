// Plays the frame: takes camera and microphone as far as the page around it lends them, and says that it is in.
const tell = (event, told = {}) => parent.postMessage({ event, told }, "*");
const kinds = { NotAllowedError: "gum.permission_denied", NotFoundError: "gum.not_found" };

async function join() {
  tell("ready");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    document.getElementById("own").srcObject = stream;
    document.getElementById("state").textContent = "in, with picture and voice";
  } catch (fault) {
    document.getElementById("state").textContent = fault.name;
    tell("cameraError", { type: kinds[fault.name] || "gum.general", message: fault.message });
  }
  tell("videoConferenceJoined", { roomName: location.pathname.slice(1), id: "a1b2c3d4" });
}

join();
