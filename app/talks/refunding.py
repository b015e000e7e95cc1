"""What the office gives back of a walk-in: whole minutes, the last that stand first (G31)."""

from datetime import datetime

from app import policy
from app.db import session
from app.talks import metering
from app.talks.models import Talk, TalkState


def is_final(talk: Talk, *, now: datetime) -> bool:
    """Does no evidence change its charges any more?"""
    if talk.state is not TalkState.ENDED or talk.fault is not None:
        return False
    assert talk.ended_at
    return now > talk.ended_at + policy.LATE_EVIDENCE


def refund(talk: Talk, *, minutes: int, keeps_reward: bool, now: datetime) -> int:
    """Return so many minutes to the guest; returns the points. The talk is final, its row held.

    With `keeps_reward` the cast is paid for them all the same, and the house bears it.
    """
    if not minutes:
        return 0
    points = sum(metering.return_last(talk, now=now) for _ in range(minutes))
    talk.minutes_refunded += minutes
    if keeps_reward:
        talk.minutes_borne += minutes
    session.flush()
    metering.balance_changed(talk.guest_id, now=now)  # they may be in another talk meanwhile
    return points
