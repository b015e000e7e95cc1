// Can this browser hold a call? Two ends on this page call each other, and the server is asked how far away it is.
const TRIES = 5;

// Fulfilled when a word has come from one end to the other.
export async function connects(withinMs) {
  const near = new RTCPeerConnection();
  const far = new RTCPeerConnection();
  try {
    return await soon(withinMs, meet(near, far));
  } finally {
    near.close();
    far.close();
  }
}

// Milliseconds to the server and back: the middle one of some tries, since the first opens the line.
export async function roundTrip(url, withinMs) {
  return soon(withinMs, measure(url));
}

async function meet(near, far) {
  const channel = near.createDataChannel("test");
  channel.addEventListener("open", () => channel.send("hello"));
  const heard = new Promise((done) => {
    far.addEventListener("datachannel", (arrival) => arrival.channel.addEventListener("message", done));
  });
  await near.setLocalDescription(await near.createOffer());
  await gathered(near);
  await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription(await far.createAnswer());
  await gathered(far);
  await near.setRemoteDescription(far.localDescription);
  await heard;
}

// All ways to an end are in its description, so that none has to be sent later.
function gathered(end) {
  return new Promise((done) => {
    const look = () => end.iceGatheringState === "complete" && done();
    end.addEventListener("icegatheringstatechange", look);
    look();
  });
}

async function measure(url) {
  const took = [];
  while (took.length < TRIES) {
    const began = performance.now();
    const answer = await fetch(url, { cache: "no-store" });
    if (answer.status !== 204) throw new Error(`the server answered ${answer.status}`);
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  return Math.max(1, Math.round(took[Math.floor(TRIES / 2)]));
}

function soon(withinMs, promise) {
  const late = new Promise((_done, fail) => setTimeout(() => fail(new Error("too late")), withinMs));
  return Promise.race([promise, late]);
}
