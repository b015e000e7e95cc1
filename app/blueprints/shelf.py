"""A shelf for pages that are the same for every stranger: rendered once, handed out for a moment.

Two seconds are short enough for a state to show in time, and long enough to carry a crowd.
"""

from collections.abc import Callable
from functools import wraps
from time import monotonic

from flask import Response, g, make_response, request, session

from app.clock import real_seconds
from app.guards import find_me

KEPT_SECONDS = 2.0
MOST_PAGES = 100  # some three megabytes

_shelf: dict[tuple[str, str, str], tuple[float, bytes]] = {}


def kept_a_moment(view: Callable[[], str]) -> Callable[[], Response]:
    """Keep a page for strangers. It carries no token and nothing of anybody."""

    @wraps(view)
    def shown() -> Response:
        if session or find_me():
            return make_response(view())
        g.csrf_in_page = False
        key = (
            request.full_path,
            request.cookies.get("locale", ""),
            request.headers.get("HX-Request", ""),
        )
        now = monotonic()
        until, body = _shelf.get(key, (0.0, b""))
        if until < now:
            response = make_response(view())
            if response.status_code != 200:
                return response
            if len(_shelf) >= MOST_PAGES:
                clear()
            body = response.get_data()
            _shelf[key] = (now + real_seconds(KEPT_SECONDS), body)
        return Response(body, mimetype="text/html")

    return shown


def clear() -> None:
    _shelf.clear()
