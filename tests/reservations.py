"""Reserved talks for tests: booked, attended by signed presence events, and settled by the jobs' rules.

Moments of an attendance are seconds from the start of the booking, which is one hour after noon.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.bookings import diary, settlements
from app.bookings.models import Booking, Settlement
from app.casts.models import Cast
from app.db import session
from app.people.models import Account
from app.talks import endings, reserved, settling
from app.talks.models import Party
from tests.evidence import BEAT, Room, at, drain
from tests.factories import NOON, book, make_cast, make_guest, publish

HOUR = timedelta(hours=1)
START = NOON + HOUR
Stay = tuple[float, float]  # seconds from the start of the booking


def make_booking(
    *,
    guest: Account | None = None,
    cast: Cast | None = None,
    slots: int = 1,
    points: int = 10_000,
    start: datetime = START,
    now: datetime = NOON,
    published: int = 20,
) -> Booking:
    """A booking made at noon for one o'clock, unless said otherwise."""
    guest = guest or make_guest(points=points)
    cast = cast or make_cast(online=False)
    publish(cast, start, slots=published, now=now)
    return book(guest, cast, start, slots=slots, now=now)


def moment(booking: Booking, seconds: float) -> datetime:
    return booking.starts_at + timedelta(seconds=seconds)


def attend(
    booking: Booking,
    *,
    guest: Sequence[Stay] = (),
    cast: Sequence[Stay] = (),
    told_late: bool = False,
    until: float | None = None,
) -> Room | None:
    """Both come and go as said; the room's end puts out whoever is still there.

    With `told_late` all events arrive together at the end, as after an outage. `until` then only:
    the talk still runs.
    """
    stays = {Party.GUEST: list(guest), Party.CAST: list(cast)}
    first = min((start for each in stays.values() for start, _ in each), default=None)
    if first is None:
        return None
    offset = (booking.starts_at - NOON).total_seconds()
    room = Room(reserved.enter(booking.id, now=moment(booking, max(first, 0))))
    closes = until or (booking.talk_ends_at - booking.starts_at).total_seconds()
    comings = [(start, party, True) for party, each in stays.items() for start, _ in each]
    goings = [
        (end, party, False) for party, each in stays.items() for _, end in each if end < closes
    ]
    clock = first
    for second, party, comes in sorted(comings + goings, key=lambda step: (step[0], step[2])):
        if second - clock > BEAT:
            room.beats(offset + clock, offset + second)
        clock = second
        if comes:
            room.join(party, at=offset + second)
        else:
            room.lose(party, at=offset + second)
        if not told_late:
            room.tell()
    room.beats(offset + clock, offset + closes)
    if until:
        room.tell()
        return room
    room.close(at=offset + closes)
    room.tell(now=offset + closes + 1)
    endings.end_due(at(offset + closes + 1))
    session.flush()
    session.expire_all()
    return room


def settle(booking: Booking, *, seconds: float | None = None) -> Settlement | None:
    """What the settling job does at this moment after the start, or right when the report closes."""
    session.refresh(booking)
    now = booking.report_until + timedelta(seconds=1)
    if seconds is not None:
        now = moment(booking, seconds)
    drain((now - NOON).total_seconds())
    endings.end_due(now)
    session.flush()
    if not settling.is_blind(now=now):
        for booking_id in settling.due_ids(now):
            settling.settle(booking_id, now=now)
    session.flush()
    session.expire_all()
    return settlements.find(booking.id)


def state_of(settlement: Settlement | None) -> tuple[str, int, int]:
    assert settlement
    return settlement.outcome.value, settlement.returned_points, settlement.earned_yen


def ahead_of(account: Account, *, now: datetime = NOON) -> list[Booking]:
    return diary.ahead(account, now=now)
