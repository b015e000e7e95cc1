"""After the talk: minutes with their times, what each cost, and which points paid."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from app import policy
from app.clock import Span
from app.db import rows
from app.points.models import Kind
from app.talks import minutes, recording
from app.talks.models import Party, Talk
from app.talks.presence import Presence

SHORTEST_STOP = timedelta(seconds=5)  # a reload of the page is no event in anybody's evening
SETTLING = timedelta(seconds=20)  # after an ending the last presence is still on its way


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the strip of minutes."""

    kind: str  # free, paid, returned or stopped
    start_at: datetime
    seconds: float
    minute: int | None = None  # which paid minute
    because: str = ""  # of a stop: guest, cast or both were missing
    goes_on: bool = False  # the rest of a minute that a stop cut in two


@dataclass(frozen=True, slots=True)
class Payment:
    """What one lot gave; less than nothing of a lot made for returned points (D34)."""

    points: int
    kind: Kind
    bought_at: datetime
    expires_at: datetime

    @property
    def last_moment(self) -> datetime:
        """The end of the last day on which its points can be spent."""
        return self.expires_at - timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    talk: Talk
    start_at: datetime
    end_at: datetime
    shared: timedelta
    free: timedelta
    strip: list[Piece]
    payments: list[Payment]
    settling: bool  # may still change

    @property
    def stops(self) -> list[Piece]:
        return [piece for piece in self.strip if piece.kind == "stopped"]


_PAYMENTS = text("""
    SELECT -sum(entry.delta)::int, lot.kind, lot.bought_at, lot.expires_at
    FROM point_entry AS entry JOIN point_lot AS lot ON lot.id = entry.lot_id
    WHERE entry.about = :about AND entry.reason IN ('talk_minute', 'minute_returned')
    GROUP BY lot.id HAVING sum(entry.delta) <> 0 ORDER BY lot.expires_at, lot.kind, lot.id
""")


def receipt_of(talk: Talk, *, now: datetime) -> Receipt:
    """The receipt of a talk that was answered; of a running one, as far as it got."""
    presence = recording.presence_of(talk)
    assert talk.answered_at
    shared = presence.shared(until=talk.ended_at)
    start_at = presence.spans[0].start if presence.spans else talk.answered_at
    end_at = talk.ended_at or now
    return Receipt(
        talk=talk,
        start_at=min(start_at, end_at),
        end_at=end_at,
        shared=shared,
        free=min(shared, max(policy.FREE_TIME - talk.carried, timedelta(0))),
        strip=strip_of(talk, presence),
        payments=[Payment(row[0], Kind(row[1]), *row[2:]) for row in _payments(talk)],
        settling=talk.ended_at is not None and now < talk.ended_at + SETTLING,
    )


def strip_of(talk: Talk, presence: Presence) -> list[Piece]:
    """The shared time cut into its free time and minutes, with the stops between."""
    strip: list[Piece] = []
    done, before = talk.carried, None
    for span in _until(presence.spans, talk.ended_at):
        if before and span.start - before >= SHORTEST_STOP:
            strip.append(_stop(before, span.start, presence))
        strip.extend(_cut(talk, span, done))
        done, before = done + span.length, span.end
    return strip


def _cut(talk: Talk, span: Span, done: timedelta) -> list[Piece]:
    """One unbroken span, cut where minutes start; `done` is the counter at its start."""
    pieces, at, counter = [], span.start, done
    while at < span.end:
        nth = minutes.started(counter)  # 0 is the free time
        until = min(span.end, at + minutes.start_of(nth + 1) - counter)
        pieces.append(_piece(talk, nth, Span(at, until), goes_on=_is_inside(counter, nth)))
        counter, at = counter + (until - at), until
    return pieces


def _piece(talk: Talk, nth: int, span: Span, *, goes_on: bool) -> Piece:
    own = nth - talk.carried_minutes
    if own <= 0:
        kind = "free" if nth == 0 else "paid_before"
    elif own <= talk.minutes_kept:
        kind = "paid"
    else:
        kind = "returned" if own <= talk.minutes_charged else "free"
    return Piece(kind, span.start, span.length.total_seconds(), nth or None, goes_on=goes_on)


def _is_inside(counter: timedelta, nth: int) -> bool:
    return counter > (minutes.start_of(nth) if nth else timedelta(0))


def _stop(start: datetime, end: datetime, presence: Presence) -> Piece:
    middle = start + (end - start) / 2
    there = {
        party: any(span.start <= middle < span.end for span in spans)
        for party, spans in ((Party.GUEST, presence.guest), (Party.CAST, presence.cast))
    }
    missing = [party.value for party, present in there.items() if not present]
    because = missing[0] if len(missing) == 1 else "both"
    return Piece("stopped", start, (end - start).total_seconds(), because=because)


def _until(spans: tuple[Span, ...], end: datetime | None) -> list[Span]:
    if end is None:
        return list(spans)
    return [Span(span.start, min(span.end, end)) for span in spans if span.start < end]


def _payments(talk: Talk) -> list[tuple[int, str, datetime, datetime]]:
    return rows(_PAYMENTS, about=f"talk:{talk.id}")
