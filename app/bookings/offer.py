"""What guests see of a cast's schedule: what is open, taken, or not open yet (G21, G22, D1)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import text

from app import policy
from app.bookings import terms
from app.clock import JAPAN
from app.db import rows


class SlotState(StrEnum):
    OPEN = "open"  # can be booked now
    TAKEN = "taken"  # somebody has booked it
    EARLY = "early"  # booking opens 24 hours before


@dataclass(frozen=True, slots=True)
class Offered:
    starts_at: datetime
    state: SlotState

    @property
    def opens_at(self) -> datetime:
        return terms.opens_at(self.starts_at)


@dataclass(frozen=True, slots=True)
class Hour:
    """The slots that begin in one hour, as a timetable of trains prints them."""

    at: datetime
    slots: list[Offered] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring slots that are not open yet; each opens 24 hours before its own start."""

    start: datetime
    end: datetime

    @property
    def opens_at(self) -> datetime:
        return terms.opens_at(self.start)


@dataclass(frozen=True, slots=True)
class Day:
    on: datetime  # its midnight in Japan
    hours: list[Hour]  # open or taken
    early: list[Stretch]

    @property
    def has_open(self) -> bool:
        return any(slot.state is SlotState.OPEN for hour in self.hours for slot in hour.slots)


_SHOWN = text("""
    SELECT starts_at, booking_id IS NULL FROM slot
    WHERE cast_id = :cast_id AND starts_at >= :first AND starts_at < :until
    ORDER BY starts_at
""")

_RUN = text("""
    SELECT starts_at FROM slot
    WHERE cast_id = :cast_id AND starts_at >= :start AND starts_at < :until AND booking_id IS NULL
    ORDER BY starts_at
""")


def offer_of(cast_id: int, *, now: datetime) -> list[Day]:
    """The next days of a cast's schedule. What is too late to book is left out."""
    first = now + policy.BOOKING_CLOSES
    found = rows(_SHOWN, cast_id=cast_id, first=first, until=now + policy.SCHEDULE_SHOWN)
    by_day: dict[date, list[Offered]] = {}
    for starts_at, is_free in found:
        day = starts_at.astimezone(JAPAN).date()
        by_day.setdefault(day, []).append(_offered(starts_at, is_free=is_free, now=now))
    return [_day(day, slots) for day, slots in by_day.items()]


def free_run(cast_id: int, starts_at: datetime) -> int:
    """How many slots in a row are free from this start, as far as one booking may go (D12)."""
    until = starts_at + policy.MOST_SLOTS * policy.SLOT
    count = 0
    for (at,) in rows(_RUN, cast_id=cast_id, start=starts_at, until=until):
        if at != starts_at + count * policy.SLOT:
            break
        count += 1
    return count


def _offered(starts_at: datetime, *, is_free: bool, now: datetime) -> Offered:
    if now < terms.opens_at(starts_at):
        return Offered(starts_at, SlotState.EARLY)
    return Offered(starts_at, SlotState.OPEN if is_free else SlotState.TAKEN)


def _day(day: date, slots: list[Offered]) -> Day:
    midnight = datetime(day.year, day.month, day.day, tzinfo=JAPAN)
    early = [slot for slot in slots if slot.state is SlotState.EARLY]
    return Day(midnight, _hours(set(slots) - set(early)), _stretches(early))


def _hours(slots: Iterable[Offered]) -> list[Hour]:
    hours: dict[datetime, Hour] = {}
    for slot in sorted(slots, key=lambda each: each.starts_at):
        at = slot.starts_at.astimezone(JAPAN).replace(minute=0)
        hours.setdefault(at, Hour(at)).slots.append(slot)
    return list(hours.values())


def _stretches(slots: Iterable[Offered]) -> list[Stretch]:
    joined: list[Stretch] = []
    for slot in slots:
        end = slot.starts_at + policy.SLOT
        if joined and joined[-1].end == slot.starts_at:
            joined[-1] = Stretch(joined[-1].start, end)
        else:
            joined.append(Stretch(slot.starts_at, end))
    return joined
