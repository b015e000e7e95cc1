"""How long a walk-in talk may last before the next reservation of one of its two people (D11)."""

from datetime import datetime

from sqlalchemy import select, text

from app import policy
from app.bookings import diary
from app.casts.models import Cast
from app.db import rows, session
from app.errors import N_, Problem
from app.people.models import Account
from app.talks import metering
from app.talks.models import Talk

BATCH = 200

# What the next reservation of one of the two makes of `ends_by`, where that has changed.
_CHANGED = text("""
    SELECT talk.id FROM talk
    LEFT JOIN LATERAL (
        SELECT min(starts_at) - CAST(:gap AS interval) AS ends_by FROM booking
        WHERE state = 'confirmed' AND ends_at > :now
          AND (booking.cast_id = talk.cast_id OR booking.guest_id = talk.guest_id)
    ) AS bound ON true
    WHERE talk.state = 'running' AND talk.booking_id IS NULL
      AND talk.ends_by IS DISTINCT FROM bound.ends_by
    ORDER BY talk.id LIMIT :batch FOR UPDATE OF talk SKIP LOCKED
""")


def bound_of(guest_id: int, cast_id: int, *, now: datetime) -> datetime | None:
    """The last moment of a talk of these two; None where nobody has reserved anything."""
    starts = [diary.next_start(each, now=now) for each in (guest_id, cast_id)]
    first = min(filter(None, starts), default=None)
    return first - policy.WALK_IN_GAP if first else None


def why_too_short(guest: Account, cast: Cast, *, now: datetime) -> Problem | None:
    """Why a talk that begins now would be cut off too soon, if it would."""
    latest = now + policy.WALK_IN_LEAST + policy.WALK_IN_GAP
    theirs = diary.next_start(cast.account_id, now=now)
    if theirs and theirs < latest:
        return Problem(
            code="soon_reserved", text=N_("A reserved talk of this cast is about to start.")
        )
    own = diary.next_start(guest.id, now=now)
    if own and own < latest:
        return Problem(code="own_booking", text=N_("The talk that you reserved is about to start."))
    return None


def bind_due(now: datetime) -> int:
    """Give running talks the bound that a new or a cancelled booking makes; returns how many."""
    changed = [
        talk_id for (talk_id,) in rows(_CHANGED, gap=policy.WALK_IN_GAP, now=now, batch=BATCH)
    ]
    if not changed:
        return 0
    wanted = select(Talk).where(Talk.id.in_(changed)).order_by(Talk.guest_id)
    for talk in session.scalars(wanted.execution_options(populate_existing=True)):
        talk.ends_by = bound_of(talk.guest_id, talk.cast_id, now=now)
        session.flush()
        metering.set_closing(talk, now=now)
    return len(changed)
