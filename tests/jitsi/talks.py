"""Makes and ends talks in a running house, as the pages would; prints what a test needs to know.

`python -m tests.jitsi.talks make NUMBER POINTS` · `… reserve NUMBER` · `… ticket TALK PARTY` · `… end TALK PARTY`
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from itertools import count

from app import clock, create_app
from app.db import session
from app.jobs import transaction
from app.people.models import Account
from app.talks import endings, reserved
from app.talks.models import EndedBy, Talk
from app.video import tokens
from tests import factories
from tests.engines_of_tests import SECRET
from tests.evidence import spend_elsewhere
from tests.factories import make_talk
from tests.reservations import make_booking


def make(number, points):
    """A talk of 100 pt a minute whose cast has answered; these points are left to its guest."""
    factories._number = count(1_000 * int(number))  # nobody of an earlier talk again
    talk = make_talk(points=2_000, now=clock.now())
    spend_elsewhere(talk, leaving=int(points))
    return {"talk": talk.id, "room": talk.room, "tickets": {p: ticket(talk.id, p) for p in PEOPLE}}


def reserve(number):
    """A reserved talk, booked an hour ago, whose room opens now and closes in 4 to 7 minutes."""
    factories._number = count(1_000 * int(number))
    now = clock.now()
    start = datetime.fromtimestamp(now.timestamp() // 180 * 180, UTC)
    slots = 2 if now - start <= timedelta(seconds=90) else 3
    booking = make_booking(slots=slots, start=start, now=start - timedelta(hours=1))
    talk = reserved.enter(booking.id, now=now)
    return {
        "talk": talk.id,
        "room": talk.room,
        "tickets": {p: ticket(talk.id, p) for p in PEOPLE},
        "closes_at": talk.ends_by.timestamp(),
    }


def ticket(talk_id, party):
    talk = session.get_one(Talk, int(talk_id))
    person = session.get_one(Account, getattr(talk, PEOPLE[party]))
    return tokens.issue(
        room=talk.room,
        person=person.public_id,
        nickname=person.nickname,
        secret=SECRET,
        now=clock.now(),
    )


def end(talk_id, party):
    endings.end(int(talk_id), by=EndedBy(party), now=clock.now())


PEOPLE = {"guest": "guest_id", "cast": "cast_id"}
COMMANDS = {"make": make, "reserve": reserve, "ticket": ticket, "end": end}

if __name__ == "__main__":
    [_, command, *arguments] = sys.argv
    with create_app().app_context(), transaction():
        done = COMMANDS[command](*arguments)
    print(json.dumps(done))  # noqa: T201
