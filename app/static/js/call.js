// A call between two pages: plain WebRTC, agreed on by pulses through the app (perfect negotiation).
//
//   const call = new Call({ pulse, leave, ticket, polite, stream });
//   call.addEventListener("remote", …)   detail: the other's MediaStream
//   call.addEventListener("state", …)    detail: waiting | connecting | connected | away | offline
//   call.addEventListener("closed", …)   detail: why this page is out: elsewhere, expired, or the room's own reason
//   call.start(); call.replace(track); call.end();
//
// A pair of stays (mine, the other's) has one RTCPeerConnection. Whoever comes back comes with a new stay, and the pair starts anew.
const SOONEST_MS = 300;
const PATIENCE_MS = 8000; // for one pulse
const RESTART_AFTER_MS = 4000; // of a broken path: try another one
const ANEW_AFTER_MS = 20000; // of no path at all: come in again
const SIGNALS_AT_ONCE = 100;

const newName = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");
const pause = (ms, wakeable) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  wakeable?.(() => { clearTimeout(timer); done(); });
});

export class Call extends EventTarget {
  constructor({ pulse, leave, ticket, polite, stream }) {
    super();
    Object.assign(this, { pulseUrl: pulse, leaveUrl: leave, ticket, polite, stream });
    this.page = newName();
    this.session = null;
    this.peer = null;
    this.seen = 0;
    this.number = 0;
    this.outbox = [];
    this.over = false;
    this.failures = 0;
    this.state = "";
    this.wake = null;
    this.ended = new AbortController();
    this.listen();
  }

  listen() {
    const { signal } = this.ended;
    addEventListener("pagehide", () => this.leave(), { signal });
    addEventListener("online", () => this.refresh(), { signal });
    navigator.connection?.addEventListener?.("change", () => this.refresh(), { signal });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.hurry(); }, { signal });
  }

  async start() {
    this.say("waiting");
    while (!this.over) {
      const began = performance.now();
      const wait = await this.pulse();
      const spent = performance.now() - began;
      const soonest = Math.max(0, SOONEST_MS - spent);
      await pause(soonest);
      const urgent = this.outbox.length && !this.failures;
      if (!urgent) await pause(Math.max(0, wait - spent - soonest), (wake) => { this.wake = wake; });
      this.wake = null;
    }
  }

  // Sends this page's own picture or voice from another device, without asking the other page.
  async replace(track) {
    const old = this.stream.getTracks().find((each) => each.kind === track.kind);
    if (old) this.stream.removeTrack(old);
    this.stream.addTrack(track);
    const sender = this.pc?.getTransceivers().find((each) => each.receiver.track.kind === track.kind)?.sender;
    await sender?.replaceTrack(track);
    if (old && old !== track) old.stop();
  }

  // A hidden page may be frozen or gone at any moment; a beacon still leaves.
  leave() {
    if (this.over || !this.session) return;
    navigator.sendBeacon(this.leaveUrl, JSON.stringify({ ticket: this.ticket, page: this.page }));
  }

  hurry() {
    this.wake?.();
  }

  // The network changed: the old path may be dead although nobody has noticed yet.
  refresh() {
    this.hurry();
    if (this.pc && this.pc.signalingState === "stable") this.pc.restartIce();
  }

  async pulse() {
    const sent = this.outbox.slice(0, SIGNALS_AT_ONCE);
    const body = { page: this.page, session: this.session || "", media: await this.mediaGrew(), seen: this.seen, signals: sent };
    let answer;
    try {
      answer = await this.post(body);
    } catch {
      this.failures += 1;
      if (this.failures > 2) this.say("offline");
      return Math.min(5000, SOONEST_MS * 2 ** this.failures);
    }
    this.failures = 0;
    if (!answer) return 1000;
    if (answer.closed) {
      this.end();
      this.tell("closed", answer.closed);
      return 0;
    }
    this.outbox.splice(0, sent.length);
    await this.take(answer);
    return answer.wait_ms;
  }

  async post(body) {
    const response = await fetch(this.pulseUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.ticket}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout?.(PATIENCE_MS),
      cache: "no-store",
      credentials: "omit",
    });
    if (response.status === 401) return { closed: "expired" };
    if (!response.ok) throw new Error(`pulse ${response.status}`);
    return this.over ? null : response.json();
  }

  async take(answer) {
    if (answer.session !== this.session || answer.peer !== this.peer) this.pair(answer.session, answer.peer);
    this.peerHere = answer.peer_here;
    for (const signal of answer.signals) {
      this.seen = Math.max(this.seen, signal.id);
      if (signal.from === this.peer) await this.hear(signal.body);
    }
    this.judge();
  }

  pair(session, peer) {
    this.close();
    Object.assign(this, { session, peer, outbox: [], bytes: 0, brokenSince: performance.now() });
    if (peer) this.open();
  }

  open() {
    const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    Object.assign(this, { pc, making: false, ignoring: false, remote: new MediaStream() });
    pc.ontrack = ({ track }) => {
      this.remote.addTrack(track);
      this.tell("remote", this.remote);
    };
    pc.onicecandidate = ({ candidate }) => { if (candidate) this.send({ candidate: candidate.toJSON() }); };
    pc.onnegotiationneeded = () => this.offer(pc);
    pc.oniceconnectionstatechange = () => { if (pc.iceConnectionState === "failed") pc.restartIce(); };
    pc.onconnectionstatechange = () => this.judge();
    // One of the two begins, so that offers do not cross at the start; the other answers with the same two lines.
    if (!this.polite) for (const kind of ["audio", "video"]) pc.addTransceiver(this.own(kind) || kind, { direction: "sendrecv" });
  }

  own(kind) {
    return this.stream.getTracks().find((track) => track.kind === kind && track.readyState === "live");
  }

  async offer(pc) {
    try {
      this.making = true;
      await pc.setLocalDescription();
      if (pc === this.pc) this.send({ description: pc.localDescription.toJSON() });
    } catch (fault) {
      console.warn("offer", fault);
    } finally {
      this.making = false;
    }
  }

  async hear({ description, candidate }) {
    const pc = this.pc;
    try {
      if (description) await this.agree(pc, description);
      else if (candidate) await pc.addIceCandidate(candidate);
    } catch (fault) {
      if (!(candidate && this.ignoring)) console.warn("signal", fault);
    }
  }

  async agree(pc, description) {
    const crossing = description.type === "offer" && (this.making || pc.signalingState !== "stable");
    this.ignoring = !this.polite && crossing;
    if (this.ignoring) return;
    await pc.setRemoteDescription(description);
    if (description.type !== "offer") return;
    for (const line of pc.getTransceivers()) {
      line.direction = "sendrecv";
      await line.sender.replaceTrack(this.own(line.receiver.track.kind) || null);
    }
    await pc.setLocalDescription();
    if (pc === this.pc) this.send({ description: pc.localDescription.toJSON() });
  }

  send(body) {
    this.number += 1;
    this.outbox.push({ to: this.peer, number: this.number, body });
    if (!this.failures) this.hurry();
  }

  // Did the other's picture or voice come in since the last look?
  async mediaGrew() {
    if (!this.pc) return false;
    let bytes = 0;
    for (const report of (await this.pc.getStats()).values()) {
      if (report.type === "inbound-rtp") bytes += report.bytesReceived || 0;
    }
    const grew = bytes > this.bytes;
    this.bytes = bytes;
    return grew;
  }

  judge() {
    if (!this.peer) return this.say("waiting");
    const connected = this.pc.connectionState === "connected";
    if (connected) {
      this.brokenSince = null;
      return this.say(this.peerHere ? "connected" : "away");
    }
    this.brokenSince ??= performance.now();
    this.mend(performance.now() - this.brokenSince);
    return this.say(this.peerHere ? "connecting" : "away");
  }

  // A path that stays broken is sought anew; where that does not help, this page comes in again.
  mend(broken) {
    if (!this.peerHere) return;
    if (broken > ANEW_AFTER_MS) {
      this.comeAnew();
    } else if (broken > RESTART_AFTER_MS && this.pc.connectionState !== "new" && this.pc.signalingState === "stable" && !this.restarted) {
      this.restarted = true;
      this.pc.restartIce();
      setTimeout(() => { this.restarted = false; }, RESTART_AFTER_MS);
    }
  }

  // As another page of the same person: the server lets it replace the old one.
  comeAnew() {
    this.page = newName();
    this.brokenSince = performance.now();
    this.hurry();
  }

  close() {
    this.pc?.close();
    this.pc = null;
  }

  end() {
    this.over = true;
    this.ended.abort();
    this.close();
    this.hurry();
  }

  say(state) {
    if (state === this.state) return;
    this.state = state;
    this.tell("state", state);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
