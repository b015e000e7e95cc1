"""What a running talk's page shows: the clock, what it stands at, and how long the points last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app import policy
from app.bookings import lengthening
from app.bookings.models import Booking
from app.errors import Problem
from app.points import lots
from app.points.lots import Purse
from app.talks import metering, minutes
from app.talks.models import Party, Talk


@dataclass(frozen=True, kw_only=True)
class More:
    """Going on for one more slot: whether it can be, and who has asked for it."""

    problems: list[Problem]
    mine: bool
    theirs: bool
    extended: int  # how often so far
    price_points: int
    reward_yen: int


@dataclass(frozen=True, kw_only=True)
class Meter:
    """One look at the clock. Moments and spans are product time; `speed` ticks are the page's."""

    phase: str  # connecting, free, charging or paused; of a reserved talk, before or reserved
    shared: timedelta  # the counter, carried time included
    free_left: timedelta
    missing: str  # who is not there while the clock stands: guest, cast or both
    points: int
    lasts_until: datetime | None  # while both stay
    warning: timedelta | None  # the smallest warning that is due
    minutes_kept: int
    earned_yen: int
    gives_up_at: datetime | None  # when a clock that stands until then ends the talk
    ends_by: datetime | None  # a reservation ahead, or the reserved end
    starts_at: datetime | None = None  # of a reserved talk
    more: More | None = None  # of a reserved talk


def meter_of(talk: Talk, *, party: Party, now: datetime) -> Meter:
    """What one of the two sees; `talk.booking` is loaded where there is one."""
    purse = lots.purse_of(talk.guest_id, now=now)
    if talk.booking:
        return _reserved(talk, talk.booking, purse, party=party, now=now)
    until = metering.lasts_until(talk, purse=purse)
    shared = shared_of(talk, now=now)
    return Meter(
        phase=phase_of(talk, now=now),
        shared=shared,
        free_left=metering.free_left(shared),
        missing=talk.missing,
        points=purse.points,
        lasts_until=until,
        warning=_warning(until - now) if until else None,
        minutes_kept=talk.minutes_kept,
        earned_yen=talk.earned_yen,
        gives_up_at=_gives_up_at(talk),
        ends_by=talk.ends_by,
    )


def _reserved(talk: Talk, booking: Booking, purse: Purse, *, party: Party, now: datetime) -> Meter:
    """A countdown: to the beginning of the talk, then to its end (C38, C46)."""
    cues = [cue for cue in policy.CUES if booking.talk_ends_at - now <= cue]
    wants = {Party.GUEST: booking.guest_wants_more_at, Party.CAST: booking.cast_wants_more_at}
    other = Party.CAST if party is Party.GUEST else Party.GUEST
    return Meter(
        phase=phase_of(talk, now=now),
        shared=shared_of(talk, now=now),
        free_left=timedelta(0),
        missing=talk.missing,
        points=purse.points,
        lasts_until=booking.talk_ends_at,
        warning=min(cues, default=None),
        minutes_kept=0,
        earned_yen=booking.full_reward_yen,
        gives_up_at=None,
        ends_by=booking.talk_ends_at,
        starts_at=booking.talk_starts_at,
        more=More(
            problems=lengthening.why_not_lengthen(booking, now=now),
            mine=lengthening.holds(wants[party], now=now),
            theirs=lengthening.holds(wants[other], now=now),
            extended=booking.extended,
            price_points=booking.price_points,
            reward_yen=booking.reward_yen,
        ),
    )


def shared_of(talk: Talk, *, now: datetime) -> timedelta:
    """The counter of a running talk, carried time included; it stands while nobody tells of it."""
    until = min(now, talk.evidence_at + policy.LIVE_IDLE) if talk.evidence_at else now
    current = until - talk.shared_since if talk.shared_since else timedelta(0)
    return talk.carried + talk.shared + max(current, timedelta(0))


def phase_of(talk: Talk, *, now: datetime) -> str:
    if talk.is_reserved:
        assert talk.ends_by
        return "before" if talk.booking and now < talk.booking.talk_starts_at else "reserved"
    unseen = talk.evidence_at is not None and now > talk.evidence_at + policy.LIVE_IDLE
    if talk.shared_since is None or unseen:
        return "paused" if talk.evidence_at else "connecting"
    return "charging" if minutes.started(shared_of(talk, now=now)) else "free"


def _warning(left: timedelta) -> timedelta | None:
    due = [warning for warning in policy.WARNINGS if left <= warning]
    return min(due, default=None)


def _gives_up_at(talk: Talk) -> datetime | None:
    last = talk.evidence_at or talk.answered_at
    return last + policy.LOST_AFTER if last else None
