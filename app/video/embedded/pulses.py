"""A page's pulse, about once a second: it keeps somebody in the room and carries signals.

Each pulse reads the room's row, so a room ends in time even while every job stands still.
"""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, select, update

from app import clock
from app.db import session
from app.errors import N_, Problem
from app.video import rooms, wire
from app.video.embedded import presence, signals
from app.video.embedded.models import EmbeddedOccupant
from app.video.embedded.signals import Signal
from app.video.models import VideoRoom
from app.video.tokens import NoTicket, Ticket

FASTEST = timedelta(seconds=0.3)  # of the wall clock, whatever the product's clock does
USUAL = timedelta(seconds=1)
PULSE_BYTES = 512_000
PULSE_SIGNALS = 100


class Pulse(NamedTuple):
    page: str  # an open page, by a name of its own
    session: str  # the stay to which the signals belong, as far as the page knows
    media: bool  # the other's picture or voice came in since the last pulse
    seen: int  # the last signal that arrived
    signals: list[Signal]


class Answer(NamedTuple):
    closed: str | None = None  # why this page is out
    session: str | None = None  # this page's stay
    peer: str | None = None  # the other's stay
    peer_here: bool = False  # and whether it has pulsed lately
    signals: tuple[dict[str, Any], ...] = ()
    wait_ms: int = 1000  # until the next pulse, by the wall clock


def read(given: object) -> Pulse:
    """A pulse as a browser sent it. Raises Malformed."""
    asked = wire.as_object(given, "pulse")
    sent = wire.as_list(asked.get("signals", []), "signals", most=PULSE_SIGNALS)
    return Pulse(
        page=wire.as_name(asked.get("page"), "page"),
        session=wire.as_name(asked.get("session") or "none", "session"),
        media=wire.as_flag(asked.get("media", False), "media"),
        seen=wire.as_count(asked.get("seen", 0), "seen"),
        signals=[_signal(each) for each in sent],
    )


def beat(name: str, *, ticket: Ticket, pulse: Pulse, now: datetime) -> Answer:
    """Take a pulse and answer what its page must know. Raises NoTicket at the door."""
    room = rooms.find_room(name)
    if room is None or not rooms.is_open(room, now=now):
        presence.clear(name, because=presence.reason_of(room), now=now)
        return Answer(closed=presence.reason_of(room))
    stay = _stays(room, ticket, pulse, now) or _comes_in(room, ticket, pulse, now)
    if stay is None:
        return Answer(closed="elsewhere")
    if stay == pulse.session:
        signals.post(pulse.signals, sender=stay, now=now)
    return _answer(room, ticket, pulse, stay, now)


def leave(name: str, *, ticket: Ticket, page: str, now: datetime) -> None:
    """The person closed the page or hung up. Leaving twice changes nothing."""
    mine = _open_stay(name, ticket.person).where(EmbeddedOccupant.page == page)
    if occupant := session.scalars(mine.with_for_update()).one_or_none():
        presence.end(occupant, lost=False, now=now)


def _stays(room: VideoRoom, ticket: Ticket, pulse: Pulse, now: datetime) -> str | None:
    """The usual pulse: somebody who is in stays in. One statement."""
    staying = update(EmbeddedOccupant).where(
        EmbeddedOccupant.room == room.name,
        EmbeddedOccupant.person == ticket.person,
        EmbeddedOccupant.page == pulse.page,
        EmbeddedOccupant.left_at.is_(None),
    )
    seen = {"pulsed_at": now} | ({"media_at": now} if pulse.media else {})
    return session.scalar(staying.values(seen).returning(EmbeddedOccupant.session))


def _comes_in(room: VideoRoom, ticket: Ticket, pulse: Pulse, now: datetime) -> str | None:
    """Somebody new, or away too long; None for a page whose time is over."""
    if ticket.expires_at <= now:
        raise NoTicket(Problem(code="old_ticket", text=N_("This ticket has run out.")))
    # One at a time at this door, so that two pages of one person cannot both come in.
    session.execute(select(VideoRoom).filter_by(name=room.name).with_for_update())

    inside = session.scalars(_open_stay(room.name, ticket.person).with_for_update()).one_or_none()
    if inside and inside.page == pulse.page:
        return inside.session
    if _is_over(room.name, pulse.page, replaced=inside is not None):
        return None
    if inside:
        presence.end(inside, lost=True, now=now)
    return presence.begin(room.name, person=ticket.person, page=pulse.page, now=now).session


def _open_stay(name: str, person: str) -> Select[EmbeddedOccupant]:
    return select(EmbeddedOccupant).filter_by(room=name, person=person, left_at=None)


def _is_over(name: str, page: str, *, replaced: bool) -> bool:
    """May this page not come back? It closed, and a pulse of it was still on its way; or the
    person went on in a newer page.
    """
    before = select(EmbeddedOccupant.id).filter_by(room=name, page=page).limit(1)
    if not replaced:
        before = before.filter_by(on_purpose=True)
    return session.scalar(before) is not None


def _answer(room: VideoRoom, ticket: Ticket, pulse: Pulse, stay: str, now: datetime) -> Answer:
    peer = session.scalars(
        select(EmbeddedOccupant)
        .where(
            EmbeddedOccupant.room == room.name,
            EmbeddedOccupant.person != ticket.person,
            EmbeddedOccupant.left_at.is_(None),
        )
        .order_by(EmbeddedOccupant.id)
        .limit(1)
    ).one_or_none()
    waiting = signals.take(recipient=stay, seen=pulse.seen)
    return Answer(
        session=stay,
        peer=peer.session if peer else None,
        peer_here=bool(peer and not presence.is_silent(peer, now=now)),
        signals=tuple(
            {"id": each.id, "from": each.sender, "body": json.loads(each.body)} for each in waiting
        ),
        wait_ms=_wait_ms(connecting=bool(peer) and not pulse.media),
    )


def _wait_ms(*, connecting: bool) -> int:
    usual = timedelta(seconds=clock.real_seconds(USUAL.total_seconds()))
    wait = FASTEST if connecting else max(FASTEST, usual)
    return int(wait.total_seconds() * 1000)


def _signal(given: object) -> Signal:
    signal = wire.as_object(given, "signal")
    return Signal(
        to=wire.as_name(signal.get("to"), "to"),
        number=wire.as_count(signal.get("number"), "number"),
        body=json.dumps(wire.as_object(signal.get("body"), "body")),
    )
