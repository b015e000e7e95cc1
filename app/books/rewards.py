"""What casts have earned and where it stands, and what the house bears (D19, D26).

Earnings are read as they stand now: a decision of today changes what a talk of last month earns.
What went back to a guest after its claim stays with the cast, and the house bears it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    case,
    cast,
    func,
    select,
    true,
    union_all,
)

from app.books.figures import ByMonth, month_in_sql, plus
from app.db import session
from app.payouts.earnings import EARNED
from app.payouts.models import (
    Claim,
    ClaimItem,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
)

NAMES = ("rewards_yen", "sent_yen", "withheld_yen", "cast_fees_yen", "bank_fees_yen")


@dataclass(frozen=True, slots=True)
class RewardBalance:
    """Two readings of the same yen: what talks say, and what claims and payouts say."""

    earned: int
    borne: int
    pending: int
    on_hold: int
    payable: int
    claimed: int  # and in no payout yet
    in_payout: int
    paid: int

    @property
    def stands(self) -> int:
        return (
            self.pending + self.on_hold + self.payable + self.claimed + self.in_payout + self.paid
        )

    @property
    def difference(self) -> int:
        return self.earned + self.borne - self.stands


def _claimed() -> Subquery:
    """What is claimed of each talk, in all its items."""
    return (
        select(
            Claim.cast_id,
            ClaimItem.talk_id,
            ClaimItem.booking_id,
            func.min(ClaimItem.served_at).label("served_at"),
            func.sum(ClaimItem.yen).label("yen"),
        )
        .join(Claim, Claim.id == ClaimItem.claim_id)
        .group_by(Claim.cast_id, ClaimItem.talk_id, ClaimItem.booking_id)
        .subquery("claimed")
    )


def _borne() -> Subquery:
    """Talks that have been claimed for more than they earn now, and by how much."""
    claimed, halves = _claimed(), []
    for of_talk in ("talk_id", "booking_id"):
        mine = claimed.c[of_talk]
        over = claimed.c.yen - func.coalesce(EARNED.c.yen, 0)
        halves.append(
            select(
                claimed.c.cast_id,
                claimed.c.talk_id,
                claimed.c.booking_id,
                claimed.c.served_at,
                cast(over, BigInteger).label("yen"),
            )
            .outerjoin(EARNED, EARNED.c[of_talk] == mine)
            .where(mine.is_not(None), over > 0)
        )
    return union_all(*halves).subquery("borne")


BORNE: Subquery = _borne()
OPEN_YEN = func.greatest(EARNED.c.yen - EARNED.c.claimed_yen, 0)  # not claimed yet

# Where the yen of each item stand: by the payout that its claim is in, if that is live.
ITEM_STATE: ColumnElement[str] = case(
    (Payout.state == PayoutState.PAID, "paid"),
    (Payout.id.is_not(None), "in_payout"),
    else_="claimed",
)


def items() -> Select[ClaimItem]:
    """Claim items, each with the live payout of its claim, if there is one."""
    return (
        select(ClaimItem)
        .outerjoin(PayoutClaim, (PayoutClaim.claim_id == ClaimItem.claim_id) & PayoutClaim.live)
        .outerjoin(Payout, Payout.id == PayoutClaim.payout_id)
    )


def open_state(now: datetime) -> ColumnElement[str]:
    """Of what is not claimed: in dispute, not final yet, or to be claimed."""
    return case(
        (EARNED.c.on_hold, "on_hold"), (EARNED.c.final_at > now, "pending"), else_="payable"
    )


def balance(*, now: datetime, until: datetime | None = None) -> RewardBalance:
    """Earned and borne against where it stands, of talks served before a moment, as of now."""
    before = true() if until is None else EARNED.c.served_at < until
    items_before = true() if until is None else ClaimItem.served_at < until
    borne_before = true() if until is None else BORNE.c.served_at < until
    state, item_state = open_state(now), ITEM_STATE
    earned = select(
        _sum(EARNED.c.yen).label("earned"),
        *(_sum(OPEN_YEN, state == name).label(name) for name in ("pending", "on_hold", "payable")),
    ).where(before)
    claimed = (
        items()
        .with_only_columns(
            *(
                _sum(ClaimItem.yen, item_state == name).label(name)
                for name in ("claimed", "in_payout", "paid")
            )
        )
        .where(items_before)
    )
    borne = select(_sum(BORNE.c.yen).label("borne")).where(borne_before)
    # One statement, so one snapshot: nothing that is claimed meanwhile stands on one side only.
    parts = [each.subquery() for each in (earned, claimed, borne)]
    both = select(*parts).select_from(parts[0].join(parts[1], true()).join(parts[2], true()))
    return RewardBalance(**session.execute(both).one()._asdict())


def by_month() -> ByMonth:
    """What the house owes casts for the talks of each month, as it stands now: earned and borne."""
    found: ByMonth = {}
    for source in (EARNED, BORNE):
        month = month_in_sql(source.c.served_at).label("month")
        wanted = select(month, _sum(source.c.yen)).group_by("month")
        for of_month, yen in session.execute(wanted):
            found[of_month] = plus(found.get(of_month, {}), {"rewards_yen": yen})
    return found


def payments_by_month() -> ByMonth:
    """What went out to casts by the bank's day, what was taken from it, and the bank's fees.

    Of a transfer that came back only the bank's fee remains, and the house bears it.
    """
    is_paid = Payout.state == PayoutState.PAID
    month = cast(
        func.date_trunc("month", func.coalesce(PayoutBatch.paid_on, Payout.returned_on)),
        PayoutBatch.paid_on.type,
    ).label("month")
    wanted = (
        select(
            month,
            _sum(Payout.transfer_yen, is_paid).label("sent_yen"),
            _sum(Payout.withheld_yen, is_paid).label("withheld_yen"),
            _sum(Payout.fee_yen, is_paid).label("cast_fees_yen"),
            _sum(Payout.bank_fee_yen).label("bank_fees_yen"),
        )
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(Payout.state.in_((PayoutState.PAID, PayoutState.RETURNED)))
        .group_by("month")
    )
    return {
        row.month: {name: value for name, value in row._asdict().items() if name != "month"}
        for row in session.execute(wanted)
    }


def _sum(
    yen: SQLColumnExpression[int], only: ColumnElement[bool] | None = None
) -> ColumnElement[int]:
    total = func.sum(yen)
    return cast(func.coalesce(total if only is None else total.filter(only), 0), BigInteger)
