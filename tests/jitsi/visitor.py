"""One person with an XMPP client of their own, over WebSocket as browsers have it.

A process, so that it can be frozen and killed. Prints what it sees as lines of JSON, and does what
it is told by lines: leave (the room), quit (leave and close).
"""

import asyncio
import json
import re
import sys
from urllib.parse import urlencode

from slixmpp import ClientXMPP
from slixmpp.xmlstream import ET
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

FRAMING = "urn:ietf:params:xml:ns:xmpp-framing"  # RFC 7395
MUC = "http://jabber.org/protocol/muc"
FOCUS = "http://jitsi.org/protocol/focus"
STANZA = re.compile(r"^<(iq|presence|message)\b")  # a message stands alone, with its namespace
PING_SECONDS = 1


class Frames:
    """A transport for slixmpp that speaks RFC 7395: each stanza is a message, and so is each end."""

    def __init__(self, socket):
        self.socket = socket
        self.unsent = asyncio.Queue()
        self.sending = asyncio.ensure_future(self._send())

    async def _send(self):
        while True:
            try:
                await self.socket.send(await self.unsent.get())
            except ConnectionClosed:
                return

    def write(self, data):
        text = data.decode() if isinstance(data, bytes) else data
        if text.strip():
            self.unsent.put_nowait(self._frame_of(text))

    def _frame_of(self, text):
        if text.startswith(("<?xml", "<stream:stream")):
            return f"<open xmlns='{FRAMING}' to='meet.jitsi' version='1.0'/>"
        if text.startswith("</stream:stream"):
            return f"<close xmlns='{FRAMING}'/>"
        return STANZA.sub(r"<\1 xmlns='jabber:client'", text)

    def get_extra_info(self, _name, default=None):
        return default

    def is_closing(self):
        return False

    def close(self):
        self.closing = asyncio.ensure_future(self.socket.close())

    abort = close


class Visitor(ClientXMPP):
    def __init__(self, *, port, room, ticket, nick):
        config = {"xep_0199": {"keepalive": True, "interval": PING_SECONDS, "timeout": 60}}
        super().__init__("meet.jitsi", "", plugin_config=config)
        for plugin in ("xep_0198", "xep_0199"):
            self.register_plugin(plugin)
        self.auto_reconnect = False
        query = urlencode({"room": room, **({"token": ticket} if ticket else {})})
        self.address = f"ws://127.0.0.1:{port}/xmpp-websocket?{query}"
        self.room = room if "@" in room else f"{room}@muc.meet.jitsi"
        self.nick = nick
        self.inside = False
        self.over = asyncio.Event()
        self.add_event_handler("session_start", self._enter)
        self.add_event_handler("failed_auth", self._not_admitted)
        self.add_event_handler("presence", self._see)
        self.add_event_handler("disconnected", lambda _event: self.over.set())

    async def _attempt_connection(self, *_args, **_options):
        self.event_when_connected = "connected"
        socket = await connect(self.address, subprotocols=["xmpp"], compression=None, proxy=None)
        self.connection_made(Frames(socket))
        self.reading = asyncio.ensure_future(self._read(socket))
        return True

    async def _read(self, socket):
        try:
            async for frame in socket:
                if frame.startswith("<open"):
                    self.data_received(self._header_of(frame))
                elif frame.startswith("<close"):
                    self.data_received("</stream:stream>")
                else:
                    self.data_received(frame)
        except ConnectionClosed:
            pass
        self.connection_lost(None)

    def _header_of(self, frame):
        attributes = ET.fromstring(frame).attrib
        said = "".join(f" {name}='{value}'" for name, value in attributes.items() if name[0] != "{")
        return (
            "<stream:stream xmlns='jabber:client'"
            f" xmlns:stream='http://etherx.jabber.org/streams'{said}>"
        )

    async def _enter(self, _event):
        request = self.make_iq_set(ito="focus.meet.jitsi")
        request.append(ET.Element(f"{{{FOCUS}}}conference", {"room": self.room}))
        await request.send(timeout=20)
        presence = self.make_presence(pto=f"{self.room}/{self.nick}")
        presence.append(ET.Element(f"{{{MUC}}}x"))
        presence.send()

    def _not_admitted(self, failure):
        tell(saw="no login", why=failure["condition"], words=failure["text"])

    def _see(self, presence):
        mine = presence["from"].resource == self.nick
        if presence["type"] == "error":
            tell(saw="refused", why=presence["error"]["condition"], words=presence["error"]["text"])
        elif not mine:
            how = "gone" if presence["type"] == "unavailable" else "here"
            if presence["from"].bare == self.room:
                tell(saw=f"other {how}", who=presence["from"].resource)
        elif presence["type"] == "unavailable":
            self.inside = False
            tell(saw="out", words=" ".join(presence.xml.itertext()).strip())
        elif not self.inside:
            self.inside = True
            tell(saw="in")

    def obey(self, command):
        match command:
            case "leave" | "quit":
                self.send_presence(pto=f"{self.room}/{self.nick}", ptype="unavailable")
        if command == "quit":
            self.disconnect()


def tell(**seen):
    print(json.dumps(seen), flush=True)  # noqa: T201


async def main(options):
    visitor = Visitor(**options)
    commands = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    visitor.connect("127.0.0.1", options["port"])
    over = asyncio.ensure_future(visitor.over.wait())
    while not over.done():
        reading = asyncio.ensure_future(commands.readline())
        await asyncio.wait([reading, over], return_when=asyncio.FIRST_COMPLETED)
        if reading.done() and (line := reading.result().decode().strip()):
            visitor.obey(line)
        elif reading.done():
            break
    tell(saw="over")


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
