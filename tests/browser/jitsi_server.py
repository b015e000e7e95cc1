"""A stand-in for the video server's web page, at an origin of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

STUB = Path(__file__).parent / "jitsi_stub"


class _Door(SimpleHTTPRequestHandler):
    """Its two scripts, and the one page for every room."""

    def translate_path(self, path: str) -> str:
        name = path.split("?", maxsplit=1)[0].strip("/")
        return str(STUB / (name if name.endswith(".js") else "frame.html"))

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[str]:
    """The stand-in's address while this is open."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Door, directory=str(STUB)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
