"""What a running talk's page shows: the clock, what it stands at, and how long the points last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app import policy
from app.points import lots
from app.talks import metering, minutes
from app.talks.models import Talk


@dataclass(frozen=True, kw_only=True)
class Meter:
    """One look at the clock. Moments and spans are product time; `speed` ticks are the page's."""

    phase: str  # connecting, free, charging or paused
    shared: timedelta  # the counter, carried time included
    free_left: timedelta
    missing: str  # who is not there while the clock stands: guest, cast or both
    points: int
    lasts_until: datetime | None  # while both stay
    warning: timedelta | None  # the smallest warning that is due
    minutes_kept: int
    earned_yen: int
    gives_up_at: datetime | None  # when a clock that stands until then ends the talk


def meter_of(talk: Talk, *, now: datetime) -> Meter:
    purse = lots.purse_of(talk.guest_id, now=now)
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
    )


def shared_of(talk: Talk, *, now: datetime) -> timedelta:
    """The counter of a running talk, carried time included; it stands while nobody tells of it."""
    until = min(now, talk.evidence_at + policy.LIVE_IDLE) if talk.evidence_at else now
    current = until - talk.shared_since if talk.shared_since else timedelta(0)
    return talk.carried + talk.shared + max(current, timedelta(0))


def phase_of(talk: Talk, *, now: datetime) -> str:
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
