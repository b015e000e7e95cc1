"""From recorded presence to shared time: pure, so that anyone can recompute it at any time.

Someone is connected from joining until leaving, or until the last heartbeat that showed them
live; a new boot of the sender closes what the old one left open. Where both are connected, their
time is shared. Nothing here knows points, prices or the database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app import policy
from app.clock import Span
from app.talks.models import Party

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """What one event said about the people of one talk. They stand in the order of their fields."""

    at: datetime
    boot: str
    seq: int
    kind: str  # joined, left, heartbeat, boot, closed
    people: tuple[tuple[Party, str, bool], ...] = ()  # party, session, live
    since: datetime | None = field(default=None, compare=False)  # of merged heartbeats, the first

    @property
    def begins_at(self) -> datetime:
        """Since when it has been as this shows."""
        return self.since or self.at


@dataclass(frozen=True, kw_only=True)
class Presence:
    """What the events of one talk add up to."""

    guest: tuple[Span, ...]  # the guest connected, as far as evidence reaches
    cast: tuple[Span, ...]
    spans: tuple[Span, ...]  # both connected: the shared time
    running_since: datetime | None  # both are connected now, since then
    evidence_at: datetime | None  # the latest moment that showed both live
    sessions: (
        str  # boot and open sessions as one word; a heartbeat of the same word changes nothing
    )
    missing: str  # "", "guest", "cast" or "both"
    left_by: Party | None  # went on purpose and is not back
    left_at: datetime | None

    def shared(self, until: datetime | None = None) -> timedelta:
        """How long both were connected, up to a moment."""
        return sum((_clip(span, until) for span in self.spans), NOTHING)

    def before_current_run(self) -> timedelta:
        """Shared time of the runs that are over."""
        return sum(
            (span.length for span in self.spans if span.start != self.running_since), NOTHING
        )

    def moment_of(self, shared: timedelta) -> datetime | None:
        """When the shared time reached this length; None where it never did."""
        for span in self.spans:
            if shared <= span.length:
                return span.start + shared
            shared -= span.length
        return None


@dataclass
class _Person:
    """One person's way through the room: connected while any session of theirs is open."""

    sessions: set[str] = field(default_factory=set)
    start: datetime | None = None  # of the current connection
    live_at: datetime | None = None  # the last sign of it, by whichever session
    spans: list[Span] = field(default_factory=list)
    left_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return bool(self.sessions)

    def show(self, session: str, at: datetime, *, since: datetime) -> None:
        """This session was open and live all the time between the two.

        What was silent for too long before is over.
        """
        if self._is_hole(since):
            self.close()
        if not self.is_open:
            self.start = since
        self.sessions.add(session)
        self.live_at, self.left_at = at, None

    def leave(self, session: str, at: datetime, *, on_purpose: bool) -> None:
        """This session ended; on purpose also where it was silent before."""
        if on_purpose and session in self.sessions and not self._is_hole(at):
            self.live_at = at
        self.drop(session)
        if on_purpose and not self.is_open:
            self.left_at = at

    def drop(self, session: str) -> None:
        """This session is over; without another one the person is gone since the last sign."""
        if self.sessions == {session}:
            self.close()
        self.sessions.discard(session)

    def close(self) -> None:
        """The connection ends with its last sign of life."""
        if self.is_open:
            self.spans.append(self._span())
            self.sessions = set()

    def connected(self) -> list[Span]:
        return [*self.spans, self._span()] if self.is_open else self.spans

    def _is_hole(self, at: datetime) -> bool:
        """Nobody can say that this person was there all the time since the last sign."""
        return self.is_open and at - self._span().end > policy.LONGEST_HOLE

    def _span(self) -> Span:
        assert self.start and self.live_at
        return Span(self.start, self.live_at)


@dataclass
class _Room:
    """The reading of one talk's sightings, one after the other."""

    boot: str = ""
    people: dict[Party, _Person] = field(
        default_factory=lambda: {party: _Person() for party in Party}
    )

    def see(self, sighting: Sighting) -> None:
        if sighting.boot != self.boot:
            self._close_all()
            self.boot = sighting.boot
        match sighting.kind:
            case "joined":
                self._show(sighting)
            case "left":
                for party, session, on_purpose in sighting.people:
                    self.people[party].leave(session, sighting.at, on_purpose=on_purpose)
            case "closed":
                self._show(sighting, only_open=True)
                self._close_all()
            case "heartbeat":
                self._drop_unseen(sighting)
                self._show(sighting)

    def _show(self, sighting: Sighting, *, only_open: bool = False) -> None:
        for party, session, live in sighting.people:
            if live and (not only_open or session in self.people[party].sessions):
                self.people[party].show(session, sighting.at, since=sighting.begins_at)

    def _drop_unseen(self, heartbeat: Sighting) -> None:
        live = {(party, session) for party, session, is_live in heartbeat.people if is_live}
        for party, person in self.people.items():
            for session in [each for each in person.sessions if (party, each) not in live]:
                person.drop(session)

    def _close_all(self) -> None:
        for person in self.people.values():
            person.close()

    def word(self) -> str:
        people = [f"{party}:{each}" for party in Party for each in self.people[party].sessions]
        return " ".join([self.boot, *sorted(people)])


def read(sightings: Iterable[Sighting]) -> Presence:
    """The presence that these sightings show, whatever the order in which they came.

    What was said twice counts once.
    """
    room = _Room()
    for sighting in sorted(set(sightings)):
        room.see(sighting)
    guest, cast = room.people[Party.GUEST], room.people[Party.CAST]
    spans = overlap(guest.connected(), cast.connected())
    running_since, evidence_at = _run(guest, cast)
    left_by, left_at = _first_to_leave(room.people)
    return Presence(
        guest=tuple(guest.connected()),
        cast=tuple(cast.connected()),
        spans=tuple(spans),
        running_since=running_since,
        evidence_at=evidence_at or (spans[-1].end if spans else None),
        sessions=room.word(),
        missing=_missing(guest_open=guest.is_open, cast_open=cast.is_open),
        left_by=left_by,
        left_at=left_at,
    )


def word_of(sighting: Sighting) -> str:
    """The word of a heartbeat, to be compared with `Presence.sessions`."""
    people = sorted(f"{party}:{session}" for party, session, live in sighting.people if live)
    return " ".join([sighting.boot, *people])


def _run(guest: _Person, cast: _Person) -> tuple[datetime | None, datetime | None]:
    """Since when both are connected, and until when that is evidenced."""
    if not (guest.is_open and cast.is_open):
        return None, None
    ours, theirs = guest.connected()[-1], cast.connected()[-1]
    return max(ours.start, theirs.start), min(ours.end, theirs.end)


def _first_to_leave(people: dict[Party, _Person]) -> tuple[Party | None, datetime | None]:
    left = [(person.left_at, party) for party, person in people.items() if person.left_at]
    at, by = min(left, default=(None, None))
    return by, at


def _missing(*, guest_open: bool, cast_open: bool) -> str:
    if guest_open and cast_open:
        return ""
    if not guest_open and not cast_open:
        return "both"
    return "cast" if guest_open else "guest"


def overlap(ours: Sequence[Span], theirs: Sequence[Span]) -> list[Span]:
    """Where both lists have a span; each list is in order and without overlaps of its own."""
    shared, mine, yours = [], 0, 0
    while mine < len(ours) and yours < len(theirs):
        start = max(ours[mine].start, theirs[yours].start)
        end = min(ours[mine].end, theirs[yours].end)
        if start < end:
            shared.append(Span(start, end))
        if ours[mine].end <= theirs[yours].end:
            mine += 1
        else:
            yours += 1
    return shared


def _clip(span: Span, until: datetime | None) -> timedelta:
    end = span.end if until is None else min(span.end, until)
    return max(end - span.start, NOTHING)
