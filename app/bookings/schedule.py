"""A cast's schedule: publishing slots, taking free ones back, and repeating a week (C30–C34).

Everything is by the day in Japan, which knows no summer time; the database keeps UTC (D45).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, text

from app import policy
from app.bookings.models import Slot
from app.bookings.terms import is_on_grid
from app.casts import bank_accounts
from app.clock import JAPAN, Span
from app.db import rows, session
from app.errors import N_, Problem, Refused

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Entry:
    """One slot of a schedule; `booking` and `guest` name who booked it."""

    starts_at: datetime
    ends_at: datetime
    booking: str | None  # public id
    guest: str | None  # nickname
    is_cancelled: bool  # so late that nobody else can book it any more

    @property
    def is_free(self) -> bool:
        return self.booking is None


_HOLD = text("SELECT account_id FROM talk_cast WHERE account_id = :cast_id FOR NO KEY UPDATE")

# Whatever is published already, by itself or by a slot that overlaps, stays as it is.
_PUBLISH = text("""
    INSERT INTO slot (cast_id, starts_at, ends_at)
    SELECT :cast_id, at, at + CAST(:slot AS interval)
    FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])) AS span (start, until),
         generate_series(start, until - CAST(:slot AS interval), CAST(:slot AS interval)) AS at
    WHERE at > :now ORDER BY at
    ON CONFLICT DO NOTHING RETURNING starts_at
""")

_REMOVE = text("""
    DELETE FROM slot WHERE cast_id = :cast_id AND starts_at >= :start AND starts_at < :end
       AND booking_id IS NULL AND starts_at > :now
    RETURNING starts_at
""")

_REPEAT = text("""
    INSERT INTO slot (cast_id, starts_at, ends_at)
    SELECT cast_id, starts_at + week * interval '7 days', ends_at + week * interval '7 days'
    FROM slot, generate_series(1, :weeks) AS week
    WHERE cast_id = :cast_id AND starts_at >= :start AND starts_at < :end
      AND starts_at + week * interval '7 days' > :now
      AND ends_at + week * interval '7 days' <= :until
    ORDER BY 2
    ON CONFLICT DO NOTHING RETURNING starts_at
""")

_ENTRIES = text("""
    SELECT slot.starts_at, slot.ends_at, booking.public_id, guest.nickname,
           coalesce(booking.state = 'cancelled', false)
    FROM slot LEFT JOIN booking ON booking.id = slot.booking_id
              LEFT JOIN account AS guest ON guest.id = booking.guest_id
    WHERE slot.cast_id = :cast_id AND slot.starts_at >= :start AND slot.starts_at < :end
    ORDER BY slot.starts_at
""")


def publish(cast_id: int, spans: Sequence[Span], *, now: datetime) -> int:
    """Publish every slot in these spans that is still ahead; returns how many are new (C30, C31).

    Raises Refused where nothing of it can be published, or the cast has no account to be paid to.
    """
    if problems := why_not_publish(cast_id, spans, now=now):
        raise Refused(*problems)
    _hold(cast_id)
    made = rows(
        _PUBLISH,
        cast_id=cast_id,
        starts=[span.start for span in spans],
        ends=[span.end for span in spans],
        slot=policy.SLOT,
        now=now,
    )
    return len(made)


def why_not_publish(cast_id: int, spans: Sequence[Span], *, now: datetime) -> list[Problem]:
    """Why these spans cannot be published; an empty list where they can (C27)."""
    if problems := bank_accounts.why_not_work(cast_id):
        return problems
    if not spans:
        text = N_("Please choose at least one time.")
        return [Problem(code="nothing_chosen", about="at", text=text)]
    if not all(is_on_grid(span.start) and is_on_grid(span.end) for span in spans):
        return [Problem(code="off_the_grid", about="at", text=N_("Please choose the times anew."))]
    if all(span.end - policy.SLOT <= now for span in spans):
        text = N_("These times are over. Please choose later ones.")
        return [Problem(code="in_the_past", about="at", text=text)]
    if any(span.end > now + policy.SCHEDULE_AHEAD for span in spans):
        return [_too_far()]
    return []


def remove(cast_id: int, span: Span, *, now: datetime) -> int:
    """Take the free slots of a span that are ahead back; returns how many (C32).

    Booked ones stay (C33). Raises Refused where none of them is free.
    """
    _hold(cast_id)
    gone = len(rows(_REMOVE, cast_id=cast_id, start=span.start, end=span.end, now=now))
    if not gone:
        text = N_("There is nothing to remove: a booked time stays, and the rest is gone already.")
        raise Refused(Problem(code="nothing_free", text=text))
    return gone


def forget(cast_id: int) -> None:
    """The cast leaves: whatever is free is published no more. The booked past stays."""
    _hold(cast_id)
    session.execute(delete(Slot).where(Slot.cast_id == cast_id, Slot.booking_id.is_(None)))


def repeat_week(cast_id: int, *, first: date, until: date, now: datetime) -> int:
    """Copy the week from this day on into every following week, up to a last day.

    Returns how many slots are new. What is published there already stays; what was booked is
    copied as free time. Raises Refused for a day too early or too far.
    """
    if problems := why_not_repeat(cast_id, first=first, until=until, now=now):
        raise Refused(*problems)
    _hold(cast_id)
    start = start_of(first)
    made = rows(
        _REPEAT,
        cast_id=cast_id,
        start=start,
        end=start + WEEK,
        until=min(start_of(until + timedelta(days=1)), now + policy.SCHEDULE_AHEAD),
        weeks=(until - first).days // 7,
        now=now,
    )
    return len(made)


def why_not_repeat(cast_id: int, *, first: date, until: date, now: datetime) -> list[Problem]:
    """Why a week cannot be repeated up to this day; an empty list where it can (C27)."""
    if problems := bank_accounts.why_not_work(cast_id):
        return problems
    if (until - first).days < WEEK.days:
        text = N_("Please choose a day after this week.")
        return [Problem(code="too_early", about="until", text=text)]
    if start_of(until) > now + policy.SCHEDULE_AHEAD:
        return [_too_far(about="until")]
    return []


def entries_of(cast_id: int, span: Span) -> list[Entry]:
    """The slots of a span with who booked them, in order."""
    return [Entry(*row) for row in rows(_ENTRIES, cast_id=cast_id, start=span.start, end=span.end)]


def start_of(day: date) -> datetime:
    """Midnight in Japan."""
    return datetime(day.year, day.month, day.day, tzinfo=JAPAN)


def week_of(first: date) -> Span:
    return Span(start_of(first), start_of(first) + WEEK)


def _hold(cast_id: int) -> None:
    """Whoever takes or changes a cast's slots holds the cast, so that none waits for another's."""
    rows(_HOLD, cast_id=cast_id)


def _too_far(*, about: str = "at") -> Problem:
    return Problem(
        code="too_far",
        about=about,
        text=N_("Times can be published up to %(weeks)s weeks ahead."),
        values={"weeks": policy.SCHEDULE_AHEAD // WEEK},
    )
