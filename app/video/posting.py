"""A signed message to somebody by HTTP, past any proxy. No transaction may be open meanwhile."""

import urllib.request
from datetime import datetime
from http.client import HTTPException

from app import signatures

_straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy between us


def post(
    url: str,
    body: bytes,
    *,
    secret: str,
    now: datetime,
    patience_seconds: float,
    signed: bytes | None = None,
) -> bytes:
    """What is answered to a body that we sign, or to one of which something else is signed.

    Raises OSError: HTTPError where it is refused, URLError or TimeoutError where nobody answers,
    and one of no other kind where an answer breaks off or is no HTTP.
    """
    headers = {
        "Content-Type": "application/json",
        signatures.HEADER: signatures.sign(
            body if signed is None else signed, secret=secret, now=now
        ),
    }
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310
    try:
        with _straight.open(request, timeout=patience_seconds) as answer:
            return bytes(answer.read())
    except HTTPException as fault:
        raise OSError(f"an answer that breaks off or is no HTTP: {fault!r}") from fault
