"""A cast's own week, as its schedule page shows it: seven days of half hours (C30–C34).

Half hours group ten slots each, so that an evening is a few gestures; a slot stays the unit that
is published, booked and taken back (C37).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app import policy
from app.bookings import schedule
from app.bookings.schedule import Entry
from app.bookings.terms import is_on_grid
from app.clock import JAPAN, Span

DAYS = 7
HALF_HOUR = timedelta(minutes=30)
HALVES = 48  # half hours of a day
SLOTS = HALF_HOUR // policy.SLOT


class HalfState(StrEnum):
    BLANK = "blank"  # nothing is published yet, and something can be
    FREE = "free"  # published, and nobody has booked any of it
    BOOKED = "booked"  # somebody has booked it, or a part of it
    OVER = "over"
    FAR = "far"  # cannot be published yet


class SlotState(StrEnum):
    FREE = "free"
    BOOKED = "booked"
    BLANK = "blank"  # not published, and it could be
    OVER = "over"


@dataclass(frozen=True, slots=True)
class HalfHour:
    """Ten slots: their state together, and who has booked."""

    span: Span
    state: HalfState
    published: int  # slots, over or not
    free: int  # of those that are ahead
    bookings: list[Entry]  # the first slot of each, in order

    @property
    def is_all_free(self) -> bool:
        return self.free == SLOTS


@dataclass(frozen=True, slots=True)
class Day:
    on: datetime  # its midnight in Japan
    halves: list[HalfHour]

    @property
    def is_over(self) -> bool:
        return all(half.state is HalfState.OVER for half in self.halves)


@dataclass(frozen=True, slots=True)
class SlotOfHalf:
    """One of the ten slots of a half hour; `entry` is there where it is published."""

    span: Span
    state: SlotState
    entry: Entry | None


def first_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def is_shown(first: date, *, now: datetime) -> bool:
    """Is the week from this Monday on near enough to be looked at: as far back as ahead?"""
    return abs(first - this_week(now)) <= policy.SCHEDULE_AHEAD


def this_week(now: datetime) -> date:
    return first_of(now.astimezone(JAPAN).date())


def is_part(span: Span) -> bool:
    """Is this made of whole slots, and no longer than half an hour?"""
    on_grid = is_on_grid(span.start) and is_on_grid(span.end)
    return on_grid and span.start < span.end <= span.start + HALF_HOUR


def days_of(cast_id: int, first: date, *, now: datetime) -> list[Day]:
    """The seven days from a Monday on, half hour by half hour."""
    start = schedule.start_of(first)
    by_half: dict[int, list[Entry]] = {}
    for entry in schedule.entries_of(cast_id, schedule.week_of(first)):
        by_half.setdefault((entry.starts_at - start) // HALF_HOUR, []).append(entry)
    halves = [
        _half(start + number * HALF_HOUR, by_half.get(number, []), now=now)
        for number in range(DAYS * HALVES)
    ]
    return [
        Day(schedule.start_of(first + timedelta(days=day)), halves[day * HALVES :][:HALVES])
        for day in range(DAYS)
    ]


def slots_of(cast_id: int, span: Span, *, now: datetime) -> list[SlotOfHalf]:
    """Every slot that a span has room for, published or not."""
    entries = {entry.starts_at: entry for entry in schedule.entries_of(cast_id, span)}
    starts = [span.start + n * policy.SLOT for n in range((span.end - span.start) // policy.SLOT)]
    return [_slot(start, entries.get(start), now=now) for start in starts]


def _half(start: datetime, entries: list[Entry], *, now: datetime) -> HalfHour:
    span = Span(start, start + HALF_HOUR)
    booked: dict[str, Entry] = {}
    for entry in entries:
        if entry.booking:
            booked.setdefault(entry.booking, entry)
    free = sum(entry.is_free and entry.starts_at > now for entry in entries)
    state = _state(span, free=free, booked=bool(booked), now=now)
    return HalfHour(span, state, len(entries), free, [*booked.values()])


def _state(span: Span, *, free: int, booked: bool, now: datetime) -> HalfState:
    if booked:
        return HalfState.BOOKED
    if free:
        return HalfState.FREE
    if span.end - policy.SLOT <= now:
        return HalfState.OVER
    return HalfState.FAR if span.end > now + policy.SCHEDULE_AHEAD else HalfState.BLANK


def _slot(start: datetime, entry: Entry | None, *, now: datetime) -> SlotOfHalf:
    if entry and not entry.is_free:
        state = SlotState.BOOKED
    elif start <= now:
        state = SlotState.OVER
    else:
        state = SlotState.FREE if entry else SlotState.BLANK
    return SlotOfHalf(Span(start, start + policy.SLOT), state, entry)
