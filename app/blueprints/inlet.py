"""The video server's way in, before Flask: of all that makes a page, its events need nothing.

They are most of all requests, and a request of Flask's costs several times the one statement that
keeps them.
"""

import json
import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from app import clock, signatures
from app.config import Settings
from app.db import at_once
from app.errors import Refused
from app.jobs import bell
from app.talks import jobs as talks
from app.video import inbox, wire

log = logging.getLogger(__name__)
PATH = "/hooks/video"
SIGNATURE = f"HTTP_{signatures.HEADER.upper().replace('-', '_')}"


class Inlet:
    """Answers what is posted to PATH; everything else goes on to the pages."""

    def __init__(self, pages: WSGIApplication, *, secrets: tuple[str, ...]) -> None:
        self.pages = pages
        self.secrets = secrets
        self.at_work: list[bytes] = []  # messages that threads are keeping just now

    def __call__(self, asked: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if asked["PATH_INFO"] != PATH or asked["REQUEST_METHOD"] != "POST":
            return self.pages(asked, start_response)
        status, said = self._take(asked)
        body = json.dumps(said).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [body]

    def _take(self, asked: WSGIEnvironment) -> tuple[int, dict[str, Any]]:
        length = int(asked.get("CONTENT_LENGTH") or 0)
        if length > wire.MESSAGE_BYTES:
            return 413, {}
        message = asked["wsgi.input"].read(length)
        try:
            return 200, {"kept": self._keep(message, asked.get(SIGNATURE))}
        except Refused as refusal:
            problems = said(refusal)
            log.warning("%s refused from %s: %s", PATH, asked.get("REMOTE_ADDR"), problems)
            return refusal.status, {"problems": problems}

    def _keep(self, message: bytes, signature: str | None) -> int:
        """Keep a message, and ring for the drain where nothing waited before.

        Where messages come so fast that they overlap, only the first one looks: the drain reads
        whatever waits, and the timetable finds what nobody rang for.
        """
        alone = not self.at_work
        self.at_work.append(message)
        try:
            first = alone and inbox.is_empty()
            kept = inbox.receive_at_once(message, signature, secrets=self.secrets, now=clock.now())
        finally:
            self.at_work.pop()
        if kept and first:
            bell.ring(talks.drain)
        return kept


def said(refusal: Refused) -> list[dict[str, str]]:
    """What machines are told: codes and the bare text."""
    return [{"code": each.code, "text": each.text % dict(each.values)} for each in refusal.problems]


def stand_before(app: Flask, settings: Settings) -> None:
    """Put the inlet before the app's pages."""
    at_once.url = settings.database_url
    app.wsgi_app = Inlet(app.wsgi_app, secrets=settings.video_event_secrets)  # type: ignore[method-assign]
