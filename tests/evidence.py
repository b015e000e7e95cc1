"""A video server for tests: it tells who is in a talk's room, signed as a real one signs.

Moments are seconds since noon. Nothing here reads the talk: what becomes of the events is the
house's business.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from app import signatures
from app.casts import standby
from app.db import session
from app.people.models import Account
from app.points import lots
from app.points.models import PointLot, Reason
from app.points.spending import Wanted, spend_many
from app.talks import draining, endings, entering, metering
from app.talks.models import EndedBy, Party, Talk
from app.video import inbox, rooms
from tests.engines_of_tests import SECRET
from tests.factories import NOON, give_points, make_talk

BEAT = 10  # seconds between two heartbeats
GUEST, CAST = Party.GUEST, Party.CAST
BOTH = (GUEST, CAST)
_ids = count(1)

Event = dict[str, Any]


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Room:
    """One talk's room and who is in it. What happens is kept in `untold` until it is told."""

    def __init__(self, talk: Talk, *, boot: str = "first") -> None:
        assert talk.room
        self.talk_id, self.name, self.boot = talk.id, talk.room, boot
        self.people = {
            GUEST: session.get_one(Account, talk.guest_id).public_id,
            CAST: session.get_one(Account, talk.cast_id).public_id,
        }
        self.inside: dict[Party, list[str]] = {GUEST: [], CAST: []}
        self.untold: list[Event] = []

    @property
    def talk(self) -> Talk:
        return session.get_one(Talk, self.talk_id)

    def join(self, *parties: Party, at: float) -> None:
        """Each comes in with a new session."""
        for party in parties:
            self.inside[party].append(f"{party}-{next(_ids)}")
            self._happen("joined", at, **self._person(party, self.inside[party][-1]))

    def leave(self, party: Party, *, at: float) -> None:
        """The person hangs up or closes the page."""
        for page in self.inside[party]:
            self._happen("left", at, **self._person(party, page))
        self.inside[party] = []

    def lose(self, party: Party, *, at: float) -> None:
        """The person's oldest connection ends without a word."""
        page = self.inside[party].pop(0)
        self._happen("left", at, **self._person(party, page), hibernating=True)

    def beat(self, at: float, *, silent: Iterable[Party] = ()) -> None:
        """A heartbeat; whoever is silent has not been heard of for a minute."""
        people = [
            {**self._person(party, page), "idle": 60 if party in silent else 1}
            for party in BOTH
            for page in self.inside[party]
        ]
        rooms = [{"room": self.name, "people": people}]
        self.happen("heartbeat", at, rooms=rooms)

    def beats(self, start: float, end: float, *, silent: Iterable[Party] = ()) -> None:
        """A heartbeat every ten seconds after the start, and one at the end."""
        moments = [start + BEAT * n for n in range(1, int((end - start) // BEAT) + 1)]
        for moment in sorted({*moments, end}):
            self.beat(moment, silent=silent)

    def merged_beats(self, since: float, end: float) -> None:
        """The heartbeats of an outage as its sender tells them afterwards: one for all."""
        self.beat(end)
        self.untold[-1]["rooms"][0]["since"] = NOON.timestamp() + since

    def close(self, *, at: float) -> None:
        """The room is closed with whoever is in it."""
        people = [
            {**self._person(party, page), "idle": 1}
            for party in BOTH
            for page in self.inside[party]
        ]
        self._happen("closed", at, reason="time", people=people)
        self.inside = {GUEST: [], CAST: []}

    def reboot(self, *, at: float, boot: str = "second") -> None:
        """The server starts anew and has forgotten who was inside."""
        self.boot, self.inside = boot, {GUEST: [], CAST: []}
        self.happen("boot", at)

    def happen(self, kind: str, at: float, **fields: object) -> None:
        number = next(_ids)
        event = {"id": f"{self.name}-{number}", "seq": number, "kind": kind, **fields}
        self.untold.append({"boot": self.boot, "at": NOON.timestamp() + at, **event})

    def tell(self, *, now: float | None = None) -> None:
        """Send what happened and let it be read, at the moment of the last of it unless said."""
        told, self.untold = self.untold, []
        latest = max(event["at"] for event in told) - NOON.timestamp()
        post(told, now=at(latest if now is None else now))
        drain(latest if now is None else now)

    def talk_until(self, end: float, *, start: float = 0) -> None:
        """Both are here from the start; the worker comes after every third heartbeat."""
        if not self.inside[GUEST]:
            self.join(*BOTH, at=start)
        self.beats(start, end)
        moments, self.untold = self.untold, []
        for told in batched(moments, 3):
            self.untold = list(told)
            self.tell()
            work(told[-1]["at"] - NOON.timestamp())

    def _happen(self, kind: str, at: float, **fields: object) -> None:
        self.happen(kind, at, room=self.name, **fields)

    def _person(self, party: Party, page: str) -> Event:
        return {"person": self.people[party], "session": page}


def batched(events: Sequence[Event], size: int) -> list[Sequence[Event]]:
    return [events[start : start + size] for start in range(0, len(events), size)]


def make_room(**of_talk: Any) -> Room:
    """A talk whose cast has answered at noon, and its room."""
    return Room(make_talk(**of_talk))


def post(events: Sequence[Event], *, now: datetime) -> int:
    """Hand events to the inbox, a signed message for each boot; how many were new."""
    kept = 0
    for boot in dict.fromkeys(event["boot"] for event in events):
        own = [_without_boot(event) for event in events if event["boot"] == boot]
        message = json.dumps({"boot": boot, "events": own}).encode()
        signature = signatures.sign(message, secret=SECRET, now=now)
        kept += inbox.receive(message, signature, secrets=[SECRET], now=now)
    return kept


def _without_boot(event: Event) -> Event:
    return {key: value for key, value in event.items() if key != "boot"}


def drain(seconds: float) -> None:
    while draining.drain(at(seconds)):
        pass
    session.flush()
    session.expire_all()


def work(seconds: float) -> None:
    """Everything that the worker does about talks at this moment."""
    drain(seconds)
    while metering.charge_due(at(seconds)):
        pass
    entering.miss_due(at(seconds))
    endings.end_due(at(seconds))
    session.flush()
    session.expire_all()


def finish(room: Room, how: str, second: float) -> None:
    """Let the talk end at this second, by one of the ways in which talks end, and be settled."""
    match how.split():
        case [party, "leaves"]:
            room.leave(Party(party), at=second)
            room.beat(second + 1)
        case ["lost"]:
            room.beat(second + 1, silent=BOTH)
        case [who, *_]:
            hang_up(room.talk, by=EndedBy(who), at_second=second)
            room.close(at=second + 1)
    room.tell()
    work(second + 11)
    work(second + 301)


def come_back(before: Room, *, second: float, **of_talk: Any) -> Room:
    """The guest of an earlier talk enters the same cast's room again, and the cast answers."""
    guest = session.get_one(Account, before.talk.guest_id)
    cast = standby.begin(before.talk.cast_id, now=at(second))
    return Room(make_talk(guest, cast, now=at(second), **of_talk))


def top_up(talk: Talk, points: int, *, second: float) -> None:
    """The guest buys points, as a settled purchase gives them."""
    guest = session.get_one(Account, talk.guest_id)
    give_points(guest, points, now=at(second))
    metering.balance_changed(guest.id, now=at(second))


def spend_elsewhere(talk: Talk, *, leaving: int) -> None:
    """The guest's points go for something else."""
    gone = points_of(talk) - leaving
    wanted = Wanted(talk.guest_id, gone, "elsewhere", f"elsewhere:talk:{talk.id}")
    assert not spend_many([wanted], reason=Reason.EXPIRY, now=NOON)


def closes_at(room: Room) -> float | None:
    """When the room closes by itself, in seconds since noon."""
    found = rooms.find_room(room.name)
    assert found
    return found.closes_at and (found.closes_at - NOON).total_seconds()


def hang_up(talk: Talk, *, by: EndedBy = EndedBy.GUEST, at_second: float) -> None:
    """The server is asked to end the talk; the page has told it so itself."""
    endings.end(talk.id, by=by, now=at(at_second))
    session.expire_all()


def charged(talk: Talk) -> int:
    """The points that this talk has cost, by the talk's own row."""
    session.refresh(talk)
    return talk.points_kept


def points_of(talk: Talk, *, now: datetime = NOON) -> int:
    """What the guest can spend."""
    return lots.purse_of(talk.guest_id, now=now).points


def remaining(lot: PointLot) -> int:
    session.refresh(lot)
    return lot.remaining
