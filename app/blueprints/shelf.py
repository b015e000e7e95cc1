"""A shelf for pages that are the same for every stranger: rendered once, handed out for a moment.

It stands before Flask, so a page from it costs next to nothing. Two seconds are short enough for a
state to show in time, and long enough to carry a crowd.
"""

from collections.abc import Callable, Iterable
from contextlib import closing
from functools import wraps
from time import monotonic
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, g, request, session

from app.clock import real_seconds
from app.guards import find_me

KEPT_SECONDS = 2.0
MOST_PAGES = 100  # some three megabytes
STRANGERS = {"", "locale=ja", "locale=en"}  # cookies that name nobody
NOTHING = (0.0, None)
MARK = "shelf.may_be_kept"
Headers = list[tuple[str, str]]


class Answer(NamedTuple):
    status: str
    headers: Headers
    body: bytes


_shelf: dict[tuple[str, ...], tuple[float, Answer]] = {}


def kept_a_moment(view: Callable[[], str]) -> Callable[[], str]:
    """Let a stranger's page be kept. It carries no token and nothing of anybody."""

    @wraps(view)
    def shown() -> str:
        if not session and not find_me():
            g.csrf_in_page = False
            request.environ[MARK] = True
        return view()

    return shown


class Shelf:
    """Hands out what was kept, and keeps what a view lets be kept."""

    def __init__(self, pages: WSGIApplication) -> None:
        self.pages = pages

    def __call__(self, asked: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if asked["REQUEST_METHOD"] != "GET" or asked.get("HTTP_COOKIE", "") not in STRANGERS:
            return self.pages(asked, start_response)
        key = _key(asked)
        until, answer = _shelf.get(key, NOTHING)
        if answer is None or until < monotonic():
            return self._draw(key, asked, start_response)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _draw(
        self, key: tuple[str, ...], asked: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        head: list[Any] = []

        def noting(status: str, headers: Headers, *_fault: object) -> Callable[[bytes], object]:
            head[:] = [status, headers]
            return start_response(status, headers)

        parts = self.pages(asked, noting)
        if MARK not in asked:
            return parts
        with closing(parts):  # type: ignore[type-var]
            answer = Answer(*head, body=b"".join(parts))
        _keep(key, answer)
        return [answer.body]


def _key(asked: WSGIEnvironment) -> tuple[str, ...]:
    """All that a stranger's page may depend on."""
    names = ("HTTP_HOST", "PATH_INFO", "QUERY_STRING", "HTTP_COOKIE", "HTTP_HX_REQUEST")
    return (asked["wsgi.url_scheme"], *(asked.get(name, "") for name in names))


def _keep(key: tuple[str, ...], answer: Answer) -> None:
    if answer.status != "200 OK" or any(name == "Set-Cookie" for name, _ in answer.headers):
        return
    if len(_shelf) >= MOST_PAGES:
        clear()
    _shelf[key] = (monotonic() + real_seconds(KEPT_SECONDS), answer)


def clear() -> None:
    _shelf.clear()


def stand_before(app: Flask) -> None:
    """Put the shelf before the app's pages."""
    app.wsgi_app = Shelf(app.wsgi_app)  # type: ignore[method-assign]
