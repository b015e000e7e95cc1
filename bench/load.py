"""A load generator: so many keep-alive connections, each asking again as soon as it is answered.

One thread and one selector, so the same small share of the machine goes to it whoever is measured.
"""

import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

CONNECTIONS = 16
SILENCE_SECONDS = 30


@dataclass
class Load:
    """What came back."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds

    @property
    def p95(self) -> float:
        return sorted(self.milliseconds)[len(self.milliseconds) * 95 // 100]


def get(path: str, *, cookie: str = "") -> bytes:
    signed_in = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{signed_in}\r\n".encode()


def post(path: str, body: bytes, **headers: str) -> bytes:
    named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n{named}\r\n"
    ).encode() + body


def press(
    port: int, requests: Iterable[bytes], *, seconds: float, connections: int = CONNECTIONS
) -> Load:
    """Send until the time or the requests are over. Every answer must be a 200."""
    load, waiting = Load(), iter(requests)
    with selectors.DefaultSelector() as selector:
        callers = [_Caller(port, selector) for _ in range(connections)]
        began = time.perf_counter()
        asking = [caller for caller in callers if caller.ask(waiting)]
        while asking:
            ready = selector.select(SILENCE_SECONDS)
            assert ready, "the server fell silent"
            now = time.perf_counter()
            for key, _ in ready:
                caller: _Caller = key.data
                if not caller.is_answered():
                    continue
                load.milliseconds.append((now - caller.asked_at) * 1000)
                if now - began >= seconds or not caller.ask(waiting):
                    asking.remove(caller)
        load.seconds = time.perf_counter() - began
        for caller in callers:
            caller.socket.close()
    return load


class _Caller:
    """One connection with at most one question open."""

    def __init__(self, port: int, selector: selectors.BaseSelector) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(self.socket, selectors.EVENT_READ, self)
        self.asked_at = 0.0
        self.answer = b""

    def ask(self, waiting: Iterator[bytes]) -> bool:
        request = next(waiting, None)
        if request is None:
            return False
        self.answer = b""
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)
        return True

    def is_answered(self) -> bool:
        part = self.socket.recv(1_000_000)
        assert part, "the server hung up"
        self.answer += part
        head, gap, body = self.answer.partition(b"\r\n\r\n")
        if not gap:
            return False
        assert head.startswith(b"HTTP/1.1 200"), self.answer[:1000]
        _, _, length = head.lower().partition(b"content-length:")
        return len(body) >= int(length.split(b"\r\n", 1)[0])
