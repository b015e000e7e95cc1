"""A talk or a booking drawn on one axis: who was connected when, and what came of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.bookings.models import Booking
from app.clock import Span
from app.talks.judging import within
from app.talks.presence import Presence
from app.talks.receipts import Receipt

WIDTH = 1000  # units of the drawing
STEPS_SECONDS = (10, 30, 60, 120, 300, 600, 1800, 3600, 7200)  # between two marks of the axis
MOST_MARKS = 12
TICK_WIDTH = 6


@dataclass(frozen=True, slots=True)
class Bar:
    kind: str
    start_at: datetime
    end_at: datetime
    x: int
    width: int
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    name: str  # guest, cast, minutes or talk
    bars: list[Bar]


@dataclass(frozen=True, kw_only=True)
class Timeline:
    start_at: datetime
    end_at: datetime
    lanes: list[Lane]
    marks: list[tuple[int, datetime]]


def timeline_of(receipt: Receipt, presence: Presence) -> Timeline:
    """From the answer to the end, with a second to spare where nothing lasted."""
    talk = receipt.talk
    ends = [receipt.end_at, *(span.end for span in (*presence.guest, *presence.cast))]
    start = min([talk.answered_at or receipt.start_at, *_starts(presence)])
    axis = Span(start, max(*ends, start + timedelta(seconds=1)))
    minutes = [
        _bar(
            piece.kind,
            Span(piece.start_at, piece.start_at + timedelta(seconds=piece.seconds)),
            axis,
            piece.minute,
        )
        for piece in receipt.strip
    ]
    return Timeline(
        start_at=axis.start,
        end_at=axis.end,
        lanes=[
            Lane("guest", [_bar("guest", span, axis) for span in presence.guest]),
            Lane("cast", [_bar("cast", span, axis) for span in presence.cast]),
            Lane("minutes", minutes),
        ],
        marks=_marks(axis),
    )


def of_booking(
    booking: Booking,
    presence: Presence | None,
    *,
    ticks: Sequence[tuple[str, datetime]] = (),
) -> Timeline:
    """The reserved time with both presences, and the talk itself without its margins.

    `ticks` are moments with a kind; those of the reserved time stand over the talk.
    """
    guest, cast = (presence.guest, presence.cast) if presence else ((), ())
    axis = Span(booking.starts_at, booking.ends_at)
    window = Span(booking.talk_starts_at, booking.talk_ends_at)
    return Timeline(
        start_at=axis.start,
        end_at=axis.end,
        lanes=[
            Lane("guest", [_bar("guest", span, axis) for span in within(guest, axis)]),
            Lane("cast", [_bar("cast", span, axis) for span in within(cast, axis)]),
            Lane("talk", [_bar("window", window, axis), *_ticks(ticks, axis)]),
        ],
        marks=_marks(axis),
    )


def _starts(presence: Presence) -> Sequence[datetime]:
    return [span.start for span in (*presence.guest, *presence.cast)]


def _bar(kind: str, span: Span, axis: Span, number: int | None = None) -> Bar:
    x, end = _place(span.start, axis), _place(span.end, axis)
    return Bar(kind, span.start, span.end, x, max(end - x, 2), number)


def _ticks(ticks: Sequence[tuple[str, datetime]], axis: Span) -> list[Bar]:
    inside = [(kind, at) for kind, at in ticks if axis.start <= at <= axis.end]
    half = TICK_WIDTH // 2
    return [Bar(kind, at, at, _place(at, axis) - half, TICK_WIDTH) for kind, at in inside]


def _marks(axis: Span) -> list[tuple[int, datetime]]:
    length = axis.length.total_seconds()
    step = next((each for each in STEPS_SECONDS if length / each <= MOST_MARKS), STEPS_SECONDS[-1])
    return [
        (_place(at, axis), at)
        for at in (axis.start + timedelta(seconds=step * n) for n in range(int(length // step) + 1))
    ]


def _place(at: datetime, axis: Span) -> int:
    return round((at - axis.start) / axis.length * WIDTH)
