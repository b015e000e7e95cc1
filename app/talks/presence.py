"""From recorded presence to shared time: pure, so that anyone can recompute it at any time.

Someone is connected from joining until leaving, or until the last heartbeat that showed them
live; a new boot of the sender closes what the old one left open. Where both are connected, their
time is shared. Nothing here knows points, prices or the database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.talks.models import Party

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one event said about the people of one talk."""

    at: datetime
    boot: str
    seq: int
    kind: str  # joined, left, heartbeat, boot, closed
    people: tuple[tuple[Party, str, bool], ...] = ()  # party, session, live


@dataclass(frozen=True, slots=True)
class Span:
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(slots=True)
class _Stay:
    """One session in the room, and the last moment that showed it live."""

    start: datetime
    live_at: datetime


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
class _Room:
    """The reading of one talk's sightings, one after the other."""

    boot: str = ""
    open: dict[tuple[Party, str], _Stay] = field(default_factory=dict)
    closed: list[tuple[Party, Span]] = field(default_factory=list)
    left: dict[Party, datetime] = field(default_factory=dict)

    def see(self, sighting: Sighting) -> None:
        if sighting.boot != self.boot:
            self._close_all()
            self.boot = sighting.boot
        match sighting.kind:
            case "joined":
                self._show(sighting)
            case "left":
                self._leave(sighting)
            case "closed":
                self._show_open(sighting)
                self._close_all()
            case "heartbeat":
                self._drop_unseen(sighting)
                self._show(sighting)

    def _show(self, sighting: Sighting) -> None:
        for party, session, live in sighting.people:
            if live:
                stay = self.open.setdefault((party, session), _Stay(sighting.at, sighting.at))
                stay.live_at = sighting.at
                self.left.pop(party, None)

    def _show_open(self, sighting: Sighting) -> None:
        """Who was open and live when the room was closed was there until then."""
        for party, session, live in sighting.people:
            if live and (stay := self.open.get((party, session))):
                stay.live_at = sighting.at

    def _leave(self, sighting: Sighting) -> None:
        for party, session, on_purpose in sighting.people:
            stay = self.open.get((party, session))
            if stay is None:
                continue
            if on_purpose:
                stay.live_at = sighting.at
            self._close((party, session))
            if on_purpose and not self.is_open(party):
                self.left[party] = sighting.at

    def _drop_unseen(self, heartbeat: Sighting) -> None:
        live = {(party, session) for party, session, is_live in heartbeat.people if is_live}
        for key in [key for key in self.open if key not in live]:
            self._close(key)

    def _close(self, key: tuple[Party, str]) -> None:
        stay = self.open.pop(key)
        self.closed.append((key[0], Span(stay.start, stay.live_at)))

    def _close_all(self) -> None:
        for key in list(self.open):
            self._close(key)

    def spans_of(self, party: Party) -> list[Span]:
        """One person's connected time, evidenced, merged over all their sessions."""
        spans = [span for each, span in self.closed if each == party]
        starts = [stay.start for (each, _), stay in self.open.items() if each == party]
        if starts:  # any session that shows a person live shows it for all that are open
            spans.append(Span(min(starts), self.live_at(party)))
        return _merged(spans)

    def is_open(self, party: Party) -> bool:
        return any(each == party for each, _ in self.open)

    def live_at(self, party: Party) -> datetime:
        return max(stay.live_at for (each, _), stay in self.open.items() if each == party)

    def word(self) -> str:
        people = sorted(f"{party}:{session}" for party, session in self.open)
        return " ".join([self.boot, *people])


def read(sightings: Iterable[Sighting]) -> Presence:
    """The presence that these sightings show, whatever the order in which they came."""
    room = _Room()
    for sighting in sorted(sightings, key=lambda seen: (seen.at, seen.seq)):
        room.see(sighting)
    guest, cast = room.spans_of(Party.GUEST), room.spans_of(Party.CAST)
    guest_open, cast_open = room.is_open(Party.GUEST), room.is_open(Party.CAST)
    spans = _overlap(guest, cast)
    running_since = max(guest[-1].start, cast[-1].start) if guest_open and cast_open else None
    if running_since:
        evidence_at: datetime | None = min(room.live_at(Party.GUEST), room.live_at(Party.CAST))
    else:
        evidence_at = spans[-1].end if spans else None
    left_by = min(room.left, key=lambda party: room.left[party], default=None)
    return Presence(
        guest=tuple(guest),
        cast=tuple(cast),
        spans=tuple(spans),
        running_since=running_since,
        evidence_at=evidence_at,
        sessions=room.word(),
        missing=_missing(guest_open=guest_open, cast_open=cast_open),
        left_by=left_by,
        left_at=room.left[left_by] if left_by else None,
    )


def word_of(sighting: Sighting) -> str:
    """The word of a heartbeat, to be compared with `Presence.sessions`."""
    people = sorted(f"{party}:{session}" for party, session, live in sighting.people if live)
    return " ".join([sighting.boot, *people])


def _missing(*, guest_open: bool, cast_open: bool) -> str:
    if guest_open and cast_open:
        return ""
    if not guest_open and not cast_open:
        return "both"
    return "cast" if guest_open else "guest"


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _overlap(ours: Sequence[Span], theirs: Sequence[Span]) -> list[Span]:
    """Where both lists have a span; each list is merged and in order."""
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
