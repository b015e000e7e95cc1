// A stand-in for the video server's IFrame API, written from its documentation for our tests: the same constructor,
// events and commands, and a plain page in the frame. window.jitsi remembers what it was given; a test fires events
// by window.jitsi.fire("readyToClose", {…}), as the newest frame would.
(() => {
  const origin = new URL(document.currentScript.src).origin;
  const made = [];

  class JitsiMeetExternalAPI {
    constructor(domain, options) {
      const { roomName, parentNode, jwt, lang, width = "100%", height = "100%", onload } = options;
      this.given = { domain, ...options, parentNode: parentNode.id };
      this.listeners = {};
      this.commands = [];
      this.disposed = false;
      this.onload = onload;
      this.frame = document.createElement("iframe");
      this.frame.allow = "autoplay; camera; display-capture; fullscreen; microphone; screen-wake-lock";
      this.frame.src = `${origin}/${roomName}?jwt=${jwt}#lang=${lang}`;
      this.frame.style.width = width;
      this.frame.style.height = height;
      this.frame.style.border = "0";
      parentNode.appendChild(this.frame);
      this.hear = ({ source, data }) => {
        if (source === this.frame.contentWindow) this.emit(data.event, data.told);
      };
      window.addEventListener("message", this.hear);
      made.push(this);
    }

    getIFrame() {
      return this.frame;
    }

    addListener(event, listener) {
      (this.listeners[event] ||= []).push(listener);
    }

    on(event, listener) {
      this.addListener(event, listener);
    }

    removeListener(event, listener) {
      this.listeners[event] = (this.listeners[event] || []).filter((each) => each !== listener);
    }

    executeCommand(name, ...values) {
      this.commands.push([name, ...values]);
    }

    dispose() {
      this.disposed = true;
      console.info(`frame ${made.indexOf(this) + 1} is disposed of`);
      window.removeEventListener("message", this.hear);
      this.frame.remove();
    }

    emit(event, told) {
      if (event === "ready") this.onload?.();
      for (const listener of this.listeners[event] || []) listener(told);
    }
  }

  window.JitsiMeetExternalAPI = JitsiMeetExternalAPI;
  window.jitsi = {
    made,
    given: () => JSON.parse(JSON.stringify(made.map((each) => ({ ...each.given, disposed: each.disposed })))),
    fire: (event, told) => made.at(-1).emit(event, told),
  };
})();
