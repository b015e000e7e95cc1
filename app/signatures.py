"""Signing what crosses the wire between us and a video server or a payment gateway.

X-Talk-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256(secret, t + "." + body)>
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.errors import N_, Problem, Refused

HEADER = "X-Talk-Signature"
REPLAY_WINDOW = timedelta(minutes=5)


class Unsigned(Refused):
    """Not signed by anyone whom we know, or not lately."""

    status = 401


def sign(body: bytes, *, secret: str, now: datetime) -> str:
    seconds = str(int(now.timestamp()))
    return f"t={seconds},v1={_digest(secret, seconds, body)}"


def check(body: bytes, signature: str | None, *, secrets: Sequence[str], now: datetime) -> None:
    """Raise Unsigned unless one of the secrets signed exactly this body within the window.

    Several secrets hold at once, so that one can be exchanged without losing an event.
    """
    seconds, given = _parts_of(signature or "")
    if abs(now.timestamp() - seconds) > REPLAY_WINDOW.total_seconds():
        raise Unsigned(Problem(code="stale", text=N_("The signature is too old or too early.")))
    expected = [_digest(secret, str(seconds), body) for secret in secrets]
    if not any([hmac.compare_digest(each, given) for each in expected]):  # noqa: C419 - no early end
        raise Unsigned(Problem(code="wrong_signature", text=N_("The signature does not fit.")))


def _digest(secret: str, seconds: str, body: bytes) -> str:
    signed = seconds.encode() + b"." + body
    return hmac.digest(secret.encode(), signed, "sha256").hex()


def _parts_of(signature: str) -> tuple[int, str]:
    moment, _, given = signature.partition(",v1=")
    seconds = moment.removeprefix("t=")
    plain = seconds.isascii() and seconds.isdigit() and len(seconds) <= 12
    if not (moment.startswith("t=") and plain and given.isascii()):
        raise Unsigned(Problem(code="unsigned", text=N_("The signature is missing or unreadable.")))
    return int(seconds), given
