"""Tickets into a room: a JWT for one person and one exact room, good at the door for some minutes.

The claims are those that Jitsi checks, so one ticket serves both backends.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import jwt
from jwt.types import Options

from app.errors import N_, Problem, Refused

ISSUER = "sashitalk"  # JWT_APP_ID of the video server
AUDIENCE = "jitsi"  # one string: a list is refused
SUBJECT = "meet.jitsi"  # XMPP_DOMAIN; with domain verification it shuts out "[anything]room"
LIFETIME = timedelta(minutes=10)
CLOCK_SKEW = timedelta(seconds=10)  # the video server has no leeway of its own
FEATURES = (
    "flip",
    "inbound-call",
    "livestreaming",
    "outbound-call",
    "recording",
    "sip-outbound-call",
    "transcription",
)
# Time is compared with the product's clock, by the door; PyJWT would ask the machine's.
_CHECKED: Options = {
    "require": ["iss", "aud", "sub", "room", "nbf", "exp", "context"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
}


class NoTicket(Refused):
    """Not a ticket of ours for this room, or too old to come in with."""

    status = 401


class Ticket(NamedTuple):
    person: str
    expires_at: datetime


def issue(*, room: str, person: str, nickname: str, secret: str, now: datetime) -> str:
    """A ticket for the person of this public id."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": SUBJECT,
        "room": room,
        "nbf": int((now - CLOCK_SKEW).timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        # Who this is to the other one: nothing by which anybody could be found. Nobody is a
        # moderator: the server ends a talk, and nobody may record it.
        "context": {
            "user": {"id": person, "name": nickname, "affiliation": "member"},
            "features": dict.fromkeys(FEATURES, False),
        },
    }
    return jwt.encode(claims, secret, algorithm="HS256")


def read(ticket: str, *, room: str, secrets: Sequence[str]) -> Ticket:
    """Whose ticket this is. Whether it is still good at the door is for the door to compare."""
    for secret in secrets:
        if claims := _claims(ticket, secret):
            break
    else:
        raise NoTicket(Problem(code="no_ticket", text=N_("This is no ticket of ours.")))
    if claims["room"] != room:
        raise NoTicket(Problem(code="other_room", text=N_("This ticket is for another room.")))
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    return Ticket(person=claims["context"]["user"]["id"], expires_at=expires_at)


def _claims(ticket: str, secret: str) -> dict[str, Any] | None:
    try:
        return jwt.decode(
            ticket,
            secret,
            algorithms=["HS256"],
            audience=AUDIENCE,
            issuer=ISSUER,
            options=_CHECKED,
        )
    except jwt.InvalidTokenError:
        return None
