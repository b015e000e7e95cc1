"""The books of claims and payouts, checked against talks and settlements. Nothing here mends anything."""

from sqlalchemy import func, select, text

from app import policy
from app.db import rows, session
from app.payouts import closing
from app.payouts.earnings import EARNED, payable
from app.payouts.models import Closing

_CHECKS = {
    "claim {0}: claims {1} yen, but its items add up to {2}": text("""
        SELECT claim.id, claim.yen, coalesce(sum(item.yen), 0)
        FROM claim LEFT JOIN claim_item AS item ON item.claim_id = claim.id
        GROUP BY claim.id
        HAVING claim.yen <> coalesce(sum(item.yen), 0) OR claim.items <> count(item.id)
    """),
}


def problems() -> list[str]:
    """Every difference between claims, payouts and what was earned, in words."""
    found = [words.format(*row) for words, statement in _CHECKS.items() for row in rows(statement)]
    return found + _left_over()


def _left_over() -> list[str]:
    """What was payable when the last round through all casts began, and was not claimed by it (D26)."""
    newest = select(Closing).where(Closing.swept_to.is_(None)).order_by(Closing.month.desc())
    last = session.scalars(newest.limit(1)).one_or_none()
    if last is None:
        return []
    sure = last.swept_at - policy.LATE_EVIDENCE  # what was just being written may have been missed
    wanted = (
        select(EARNED.c.cast_id, func.count(), func.sum(EARNED.c.yen - EARNED.c.claimed_yen))
        .where(EARNED.c.served_at < closing.end_of(last.month), *payable(sure))
        .group_by(EARNED.c.cast_id)
    )
    words = "closing {}: left {} earnings of cast {} unclaimed, {} yen"
    return [
        words.format(f"{last.month:%Y-%m}", talks, cast_id, yen)
        for cast_id, talks, yen in session.execute(wanted)
    ]
