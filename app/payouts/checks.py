"""The books of claims and payouts, checked against talks and settlements. Nothing here mends anything."""

from sqlalchemy import func, select, text

from app import policy
from app.db import rows, session
from app.payouts import batch_checks, closing
from app.payouts.earnings import EARNED, payable
from app.payouts.models import Closing

_CHECKS = {
    "claim {0}: claims {1} yen, but its items add up to {2}": text("""
        SELECT claim.id, claim.yen, coalesce(sum(item.yen), 0)
        FROM claim LEFT JOIN claim_item AS item ON item.claim_id = claim.id
        GROUP BY claim.id
        HAVING claim.yen <> coalesce(sum(item.yen), 0) OR claim.items <> count(item.id)
    """),
    "claim item {0}: is claimed by cast {1}, but earned by {2}": text("""
        SELECT item.id, claim.cast_id, coalesce(talk.cast_id, booking.cast_id)
        FROM claim_item AS item JOIN claim ON claim.id = item.claim_id
        LEFT JOIN talk ON talk.id = item.talk_id LEFT JOIN booking ON booking.id = item.booking_id
        WHERE claim.cast_id <> coalesce(talk.cast_id, booking.cast_id)
    """),
    # What the office gave back later is borne by the house, so an item may be worth more by now.
    "claim item {0}: claims {1} yen of talk {2}, which earned {3}": text("""
        SELECT item.id, item.yen, talk.id, paid.yen
        FROM claim_item AS item JOIN talk ON talk.id = item.talk_id,
        LATERAL (SELECT (talk.minutes_charged - talk.minutes_returned + talk.minutes_borne)
                        * talk.reward_yen AS yen,
                        (talk.minutes_charged - talk.minutes_returned + talk.minutes_refunded)
                        * talk.reward_yen AS before_yen) AS paid
        WHERE item.yen NOT BETWEEN paid.yen AND paid.before_yen
           OR item.yen <> item.units * talk.reward_yen OR talk.booking_id IS NOT NULL
    """),
    "booking {0}: claimed {1} yen, but earned {2} without any decision": text("""
        SELECT item.booking_id, sum(item.yen), settlement.earned_yen
        FROM claim_item AS item JOIN settlement ON settlement.booking_id = item.booking_id
        WHERE settlement.decided_at IS NULL
        GROUP BY item.booking_id, settlement.earned_yen
        HAVING sum(item.yen) <> settlement.earned_yen
    """),
    # Less where evidence that came late took the minute back under its own name.
    "talk {0}: {1} pt of it are refunded, but its decisions returned {2} pt": text("""
        SELECT talk.id, talk.minutes_refunded * talk.price_points, coalesce(returned_points, 0)
        FROM talk LEFT JOIN desk_case AS decided ON decided.talk_id = talk.id
        WHERE talk.minutes_refunded * talk.price_points > coalesce(returned_points, 0)
    """),
    "booking {0}: is claimed, but has no settlement": text("""
        SELECT item.booking_id FROM claim_item AS item
        LEFT JOIN settlement ON settlement.booking_id = item.booking_id
        WHERE item.booking_id IS NOT NULL AND settlement.booking_id IS NULL
    """),
}


def problems() -> list[str]:
    """Every difference between claims, payouts and what was earned, in words."""
    of_claims = [words.format(*row) for words, wanted in _CHECKS.items() for row in rows(wanted)]
    return of_claims + _left_over() + batch_checks.problems()


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
