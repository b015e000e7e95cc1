"""An evening of many talks for the tests with real processes: what happens, and what it must cost.

Run as a program it puts the people of one into a house, and prints what a test needs to know.
"""

import json
import sys
from datetime import datetime, timedelta
from itertools import count

from app import clock, create_app
from app.jobs import transaction
from app.talks.models import EndedBy
from tests import factories
from tests.evidence import BOTH, CAST, GUEST, Room, make_room, spend_elsewhere
from tests.factories import NOON, give_points, make_guest

TALKS = 18
MAILS = 10
AGO = timedelta(seconds=200)  # all of it has happened when it is told
DAY = timedelta(days=1)


def guest_leaves(room: Room) -> tuple[EndedBy, int]:
    room.join(*BOTH, at=0)
    room.beats(0, 130)
    room.leave(GUEST, at=130)
    return EndedBy.GUEST, 2


def cast_leaves(room: Room) -> tuple[EndedBy, int]:
    room.join(*BOTH, at=0)
    room.beats(0, 190)
    room.leave(CAST, at=190)
    return EndedBy.CAST, 2


def points_run_out(room: Room) -> tuple[EndedBy, int]:
    spend_elsewhere(room.talk, leaving=250)
    room.join(*BOTH, at=0)
    room.beats(0, 190)
    return EndedBy.BALANCE, 2


def connection_breaks(room: Room) -> tuple[EndedBy, int]:
    room.join(*BOTH, at=0)
    room.beats(0, 90)
    room.beats(90, 120, silent=[CAST])
    room.beat(130)
    room.beats(130, 170)
    room.leave(GUEST, at=170)
    return EndedBy.GUEST, 2


def page_is_loaded_anew(room: Room) -> tuple[EndedBy, int]:
    room.join(*BOTH, at=0)
    room.beats(0, 70)
    room.lose(CAST, at=75)
    room.join(CAST, at=80)
    room.beats(80, 115)
    room.leave(GUEST, at=115)
    return EndedBy.GUEST, 1


def nobody_comes(room: Room) -> tuple[EndedBy, int]:
    room.join(GUEST, at=0)
    room.beats(0, 100)
    room.leave(GUEST, at=100)
    return EndedBy.GUEST, 0


WAYS = [
    guest_leaves,
    cast_leaves,
    points_run_out,
    connection_breaks,
    page_is_loaded_anew,
    nobody_comes,
]


def make_evening(*, start: datetime) -> dict[str, object]:
    """The events of an evening in their order, and how each talk must end."""
    told, wanted = [], {}
    for number in range(TALKS):
        room = make_room(points=500, now=start)
        ended_by, minutes = WAYS[number % len(WAYS)](room)
        told += room.untold
        wanted[room.talk_id] = [ended_by, minutes]
    for event in told:
        event["at"] += (start - NOON).total_seconds()
    return {
        "events": sorted(told, key=lambda event: event["at"]),
        "talks": wanted,
        "mails": [reminded_guest(now=start) for _ in range(MAILS)],
    }


def reminded_guest(*, now: datetime) -> str:
    """The key of the mail to a guest whose points expire in a week."""
    guest = make_guest(now=now)
    lot = give_points(guest, 100, expires_at=now + 6.5 * DAY, now=now - 60 * DAY)
    return f"lot:{lot.id}:expires_in:7"


if __name__ == "__main__":
    [_, nth] = sys.argv
    factories._number = count(1_000 * int(nth))  # nobody of an earlier evening again
    with create_app().app_context(), transaction():
        evening = make_evening(start=clock.now() - AGO)
    print(json.dumps(evening))  # noqa: T201
