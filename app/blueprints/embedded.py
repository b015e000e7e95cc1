"""The embedded room's signalling: a page's pulse, and its leaving. Registered on laptops only."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from app import clock
from app.errors import Refused
from app.video import tokens, wire
from app.video.embedded import pulses

bp = Blueprint("embedded", __name__, url_prefix="/embedded")


@bp.post("/<room>/pulse")
def pulse(room: str) -> ResponseReturnValue:
    now = clock.now()
    given = _body()
    ticket = _ticket(request.headers.get("Authorization", "").removeprefix("Bearer "), room)
    answer = pulses.beat(room, ticket=ticket, pulse=pulses.read(given), now=now)
    return answer._asdict()


@bp.post("/<room>/leave")
def leave(room: str) -> ResponseReturnValue:
    """A beacon of a page that closes: it has no headers, so the ticket stands in the body."""
    given = wire.as_object(_body(), "leave")
    ticket = _ticket(str(given.get("ticket")), room)
    page = wire.as_name(given.get("page"), "page")
    pulses.leave(room, ticket=ticket, page=page, now=clock.now())
    return "", 204


@bp.errorhandler(Refused)
def refuse(refusal: Refused) -> ResponseReturnValue:
    return {"problems": sorted(refusal.codes)}, refusal.status


def _body() -> object:
    request.max_content_length = pulses.PULSE_BYTES
    return wire.as_json(request.get_data(cache=False))


def _ticket(ticket: str, room: str) -> tokens.Ticket:
    return tokens.read(
        ticket, room=room, secrets=(current_app.config["SETTINGS"].video_token_secret,)
    )
