"""Talks that casts earn by, for tests of claims and payouts: real minutes, told by presence events."""

from datetime import datetime

from app.casts import standby
from app.casts.models import Cast
from app.db import session
from app.people.models import Account
from app.talks.models import Talk
from tests.evidence import BOTH, GUEST, Room, finish
from tests.factories import NOON, make_talk


def talk_for(
    cast: Cast, *, minutes: int = 2, now: datetime = NOON, guest: Account | None = None
) -> Talk:
    """A walk-in of so many charged minutes after the free one; the guest hangs up.

    Blue earns 50 yen a minute. It is final eleven minutes after its end.
    """
    start = (now - NOON).total_seconds()
    standby.begin(cast.account_id, now=now)
    room = Room(make_talk(guest, cast, points=100_000, now=now))
    end = start + 60 * minutes + 50 if minutes else start + 50
    room.talk_until(end, start=start)
    finish(room, f"{GUEST} leaves", end)
    session.flush()
    return room.talk


def talk_told_late(cast: Cast, *, minutes: int, now: datetime, guest: Account) -> Talk:
    """The same talk, of which nothing was heard until its end, as after an outage: three times as fast.

    Its minutes are charged when they are told, and not one by one.
    """
    start = (now - NOON).total_seconds()
    standby.begin(cast.account_id, now=now)
    room = Room(make_talk(guest, cast, now=now))
    end = start + 60 * minutes + 50 if minutes else start + 50
    room.join(*BOTH, at=start)
    room.merged_beats(start, end)
    finish(room, f"{GUEST} leaves", end)
    session.flush()
    return room.talk
