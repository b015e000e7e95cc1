"""A server in Prosody's place: takes orders as orders.lib.lua does, and may be told what to answer."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from app import clock, signatures
from app.errors import Refused
from tests.engines_of_tests import SECRET


class Prosody:
    def __init__(self):
        self.book = {}  # by room, the order that holds
        self.inside = {}  # by room, the sessions in it and whose they are
        self.more = {}  # further facts of its answer to who is where
        self.removed = []
        self.asked = []  # the path of each request
        self.connections = 0
        self.reply = None  # bytes sent instead of any answer
        self.status = None  # answered to whatever is asked
        self.before_answering = lambda: None
        self.server = _Listener(self)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, path, body, signature):
        """Status and answer, as the module would give them."""
        self.asked.append(path)
        if self.status:
            return self.status, {"problem": "told to"}
        try:
            signatures.check(
                path.encode() + b"." + body, signature, secrets=[SECRET], now=clock.now()
            )
        except Refused as refusal:
            return 401, {"problem": str(refusal)}
        asked = json.loads(body)
        match path:
            case "/talk/rooms":
                return self._obey(asked["rooms"])
            case "/talk/presence":
                return 200, self.seen()
            case "/talk/removals":
                self.removed.append(asked)
                self.inside[asked["room"]].pop(asked["session"])
                return 200, {"removed": 1}
        return 404, {}

    def _obey(self, orders):
        if not all(map(_is_order, orders)):
            return 400, {"problem": "an order cannot be read"}
        for order in orders:
            old = self.book.get(order["room"])
            if not old or (old["version"] <= order["version"] and "ended" not in old):
                self.book[order["room"]] = order
                if "ended" in order:
                    self.inside.pop(order["room"], None)
        return 200, {"rooms": []}

    def seen(self):
        person = {"hibernating": False, "idle": 1.5}
        return {
            "boot": "b1",
            "waiting": 0,
            "rooms": [
                {
                    "room": room,
                    "people": [
                        person | {"session": session, "person": whose}
                        for session, whose in sessions.items()
                    ],
                }
                for room, sessions in self.inside.items()
            ],
            "orders": [
                {"room": room, "version": order["version"]}
                for room, order in self.book.items()
                if "ended" not in order
            ],
        } | self.more

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class _Listener(HTTPServer):
    def __init__(self, prosody):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                prosody.before_answering()
                status, said = prosody.answer(self.path, body, self.headers[signatures.HEADER])
                if prosody.reply is not None:
                    self.wfile.write(prosody.reply)
                    return
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(said).encode())

            def log_message(self, *_words):
                pass

        self.prosody = prosody
        super().__init__(("127.0.0.1", 0), Handler)

    def process_request(self, request, client_address):
        self.prosody.connections += 1
        super().process_request(request, client_address)


def _is_order(order):
    """As strictly as the module reads one."""
    people, closes_at, ended = (order.get(name) for name in ("people", "closes_at", "ended"))
    return (
        _is_name(order["room"])
        and type(order["version"]) is int
        and (people is None or (len(people) == 2 and all(map(_is_name, people))))
        and (closes_at is None or type(closes_at) in {int, float})
        and (ended is None or _is_name(ended))
        and None not in order.values()
    )


def _is_name(given):
    return isinstance(given, str) and 0 < len(given) <= 128 and given.isascii()
