"""What casts earn, read from what is stored: the minutes of walk-ins that stand, and settled reservations.

An earning is no row. It is a talk's charges, or a booking's settlement, at the reward that was frozen
with it (C60), beside what is claimed of it already. So nothing has to be kept in step, and what goes
back to a guest before the claim is never claimed. What goes back afterwards is borne by the house.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from app import policy
from app.bookings.models import Booking, Outcome, Settlement
from app.bookings.settlements import CANCELLED
from app.cases.models import Case
from app.payouts.models import ClaimItem
from app.talks.models import Talk, TalkState


def _of_talks() -> Select[*tuple[Any, ...]]:
    """Ended walk-ins, also those with no minute that stands.

    Final once no late evidence counts any more and none is just being read, since a claim takes the
    yen as they are; and once a case about it, of which there is at most one, is decided.
    """
    paid = Talk.minutes_charged - Talk.minutes_returned + Talk.minutes_borne
    in_dispute = Case.id.is_not(None) & Case.decided_at.is_(None)
    counted_at = Talk.ended_at + policy.LATE_EVIDENCE + policy.EVIDENCE_READ
    return (
        select(
            Talk.cast_id,
            Talk.guest_id,
            Talk.id.label("talk_id"),
            cast(null(), BigInteger).label("booking_id"),
            cast(null(), BigInteger).label("case_id"),
            Talk.ended_at.label("served_at"),
            func.greatest(counted_at, Case.decided_at).label("final_at"),
            paid.label("units"),
            (Talk.minutes_charged * Talk.reward_yen).label("full_yen"),
            (paid * Talk.reward_yen).label("yen"),
            # As wide as the sum below: of columns that differ, no condition reaches the halves.
            cast(func.coalesce(ClaimItem.yen, 0), BigInteger).label("claimed_yen"),
            ClaimItem.claim_id.label("claim_id"),
            literal("").label("outcome"),
            or_(in_dispute, Talk.fault.is_not(None)).label("on_hold"),
        )
        .outerjoin(ClaimItem, ClaimItem.talk_id == Talk.id)
        .outerjoin(Case, Case.talk_id == Talk.id)
        .where(Talk.state == TalkState.ENDED, Talk.booking_id.is_(None))
    )


def _of_bookings() -> Select[*tuple[Any, ...]]:
    """Settled reservations; of cancelled ones those that are paid all the same (D40)."""
    claimed = (
        select(
            func.coalesce(func.sum(ClaimItem.yen), 0).label("yen"),
            func.max(ClaimItem.claim_id).label("claim_id"),
        )
        .where(ClaimItem.booking_id == Booking.id)
        .lateral("claimed")  # looked up once for each booking, by its index
    )
    last_case = select(func.max(Case.id)).where(
        Case.booking_id == Booking.id, Case.decided_at.is_not(None)
    )
    of_case: ColumnElement[int | None] = case(
        (claimed.c.claim_id.is_not(None), last_case.scalar_subquery()), else_=None
    )
    in_dispute = exists().where(Case.booking_id == Booking.id, Case.decided_at.is_(None))
    undecided = (Settlement.outcome == Outcome.UNCLEAR) & Settlement.decided_at.is_(None)
    return (
        select(
            Booking.cast_id,
            Booking.guest_id,
            cast(null(), BigInteger).label("talk_id"),
            Booking.id.label("booking_id"),
            of_case.label("case_id"),
            Booking.talk_ends_at.label("served_at"),
            func.coalesce(Settlement.decided_at, Settlement.settled_at).label("final_at"),
            Booking.slots.label("units"),
            (Booking.slots * Booking.reward_yen).label("full_yen"),
            Settlement.earned_yen.label("yen"),
            claimed.c.yen.label("claimed_yen"),
            claimed.c.claim_id,
            Settlement.outcome.label("outcome"),
            or_(in_dispute, undecided, false()).label("on_hold"),
        )
        .join(Settlement, Settlement.booking_id == Booking.id)
        .join(claimed, true())
        .where(or_(Settlement.outcome.not_in(CANCELLED), Settlement.earned_yen > 0))
    )


# Columns: cast_id, guest_id, talk_id or booking_id, case_id (of a decision that gave more after the
# claim), served_at (the end of the talk itself, never of its pads), final_at, units, full_yen (nothing returned), yen (as it stands), claimed_yen,
# claim_id, outcome ('' of a walk-in), on_hold. Filter by cast_id: an index leads to each half.
EARNED: Subquery = union_all(_of_talks(), _of_bookings()).subquery("earned")


def payable(now: ColumnElement[datetime] | datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions of earnings that can be claimed at a moment.

    What is claimed already can be claimed again only for what a case gave on top.
    """
    earned = EARNED.c
    return (
        earned.final_at <= now,
        earned.on_hold.is_(False),
        earned.yen > earned.claimed_yen,
        or_(earned.claim_id.is_(None), earned.case_id.is_not(None)),
    )
