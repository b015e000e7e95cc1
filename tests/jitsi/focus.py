"""Stands in for jicofo, as far as a room needs it: makes the room that a conference request names.

`python -m tests.jitsi.focus C2S_PORT COMPONENT_PORT`; prints a line when it is there.
"""

import asyncio
import sys
from collections import defaultdict

from slixmpp import ClientXMPP, ComponentXMPP
from slixmpp.xmlstream import ET
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

FOCUS = "http://jitsi.org/protocol/focus"
MUC = "http://jabber.org/protocol/muc"
PASSWORD = "focus"
COMPONENT_SECRET = "component"
PATIENCE_SECONDS = 30


class Focus(ClientXMPP):
    """focus@auth.meet.jitsi, who comes into each room first."""

    def __init__(self):
        config = {"feature_mechanisms": {"unencrypted_plain": True, "unencrypted_scram": True}}
        super().__init__("focus@auth.meet.jitsi/focus", PASSWORD, plugin_config=config)
        self.enable_direct_tls = self.enable_starttls = False
        self.enable_plaintext = True
        self.here = asyncio.Event()
        self.entering = defaultdict(asyncio.Event)
        self.add_event_handler("session_start", self._start)
        self.add_event_handler("presence", self._see)

    def _start(self, _event):
        self.send_presence()
        self.here.set()

    def _see(self, presence):
        room = presence["from"].bare
        if presence["from"].resource == "focus" and presence["type"] != "unavailable":
            self.entering[room].set()

    async def open(self, room):
        """Enter a room, so that others may come in; again and again, for it may have been closed."""
        self.entering[room].clear()
        presence = self.make_presence(pto=f"{room}/focus")
        presence.append(ET.Element(f"{{{MUC}}}x"))
        presence.send()
        await self.entering[room].wait()


class Component(ComponentXMPP):
    """focus.meet.jitsi, whom people ask for a conference."""

    def __init__(self, focus, port):
        super().__init__("focus.meet.jitsi", COMPONENT_SECRET, "127.0.0.1", port)
        self.focus = focus
        self.here = asyncio.Event()
        self.add_event_handler("session_start", lambda _event: self.here.set())
        path = MatchXPath(f"{{jabber:component:accept}}iq/{{{FOCUS}}}conference")
        self.register_handler(Callback("conference", path, self._asked))

    def _asked(self, iq):
        self.opening = asyncio.ensure_future(self._open(iq))

    async def _open(self, iq):
        room = iq.xml.find(f"{{{FOCUS}}}conference").get("room")
        await asyncio.wait_for(self.focus.open(room), 10)
        answer = ET.Element(
            f"{{{FOCUS}}}conference",
            {"room": room, "ready": "true", "focusjid": "focus@auth.meet.jitsi"},
        )
        for name in ("authentication", "externalAuth", "sipGatewayEnabled"):
            ET.SubElement(answer, f"{{{FOCUS}}}property", {"name": name, "value": "false"})
        reply = iq.reply()
        reply.xml.append(answer)
        reply.send()


async def main(c2s_port, component_port):
    focus = Focus()
    component = Component(focus, component_port)
    focus.connect("127.0.0.1", c2s_port)
    component.connect()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(focus.here.wait(), component.here.wait())
    print("here", flush=True)  # noqa: T201
    await asyncio.gather(focus.disconnected, component.disconnected)


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
