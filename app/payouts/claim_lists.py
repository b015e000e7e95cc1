"""A cast's claims with where each stands, and the talks in one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.bookings.models import Booking
from app.db import session
from app.payouts.models import (
    Claim,
    ClaimItem,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
)
from app.people.models import Account
from app.talks.models import Talk

PAGE = 20


class ClaimState(StrEnum):
    WAITING = "waiting"  # for its pay day
    IN_PAYOUT = "in_payout"  # the transfer is being made
    PAID = "paid"
    CAME_BACK = "came_back"  # the bank sent the money back; it is paid with the next transfers


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimLine:
    claim: Claim
    state: ClaimState
    on: date  # the pay day, or when it was paid
    statement_id: str  # the address of its statement; empty until the transfer is approved


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A talk in a claim, as it was claimed."""

    item: ClaimItem
    guest: str
    public_id: str  # of the talk or the booking


def page(cast_id: int, *, before: int | None = None) -> list[ClaimLine]:
    """The newest first; `before` is the id of the last claim of the page above."""
    wanted = _claims(cast_id).order_by(Claim.id.desc()).limit(PAGE)
    return _read(wanted.where(Claim.id < before) if before else wanted)


def find(public_id: str, *, cast_id: int) -> ClaimLine | None:
    """A cast's own claim; to everyone else it does not exist."""
    found = _read(_claims(cast_id).where(Claim.public_id == public_id))
    return found[0] if found else None


def unpaid(cast_id: int) -> list[ClaimLine]:
    """Those whose money is still to come, the next pay day first."""
    is_unpaid = or_(Payout.state.is_(None), Payout.state != PayoutState.PAID)
    return _read(_claims(cast_id).where(is_unpaid).order_by(Claim.pay_on, Claim.id))


def items_of(claim: Claim) -> Sequence[Item]:
    """The oldest first."""
    wanted = (
        select(ClaimItem, Account.nickname, Talk.public_id, Booking.public_id)
        .outerjoin(Talk, Talk.id == ClaimItem.talk_id)
        .outerjoin(Booking, Booking.id == ClaimItem.booking_id)
        .join(Account, (Account.id == Talk.guest_id) | (Account.id == Booking.guest_id))
        .where(ClaimItem.claim_id == claim.id)
        .order_by(ClaimItem.served_at, ClaimItem.id)
    )
    return [
        Item(item=item, guest=guest, public_id=of_talk or of_booking)
        for item, guest, of_talk, of_booking in session.execute(wanted)
    ]


def came_back() -> ColumnElement[bool]:
    """That the bank has sent back a payout of this claim."""
    returned, tried = aliased(Payout), aliased(PayoutClaim)
    return exists().where(
        tried.claim_id == Claim.id,
        returned.id == tried.payout_id,
        returned.state == PayoutState.RETURNED,
    )


def _claims(cast_id: int) -> Select[*tuple[Any, ...]]:
    """Claims with the payout that is under way or done, its statement, and whether one came back."""
    statement_id = case((Payout.statement.is_not(None), Payout.public_id), else_="")
    return (
        select(Claim, Payout.state, PayoutBatch.paid_on, came_back(), statement_id)
        .outerjoin(PayoutClaim, (PayoutClaim.claim_id == Claim.id) & PayoutClaim.live)
        .outerjoin(Payout, Payout.id == PayoutClaim.payout_id)
        .outerjoin(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(Claim.cast_id == cast_id)
    )


def _read(wanted: Select[*tuple[Any, ...]]) -> list[ClaimLine]:
    return [_line(*found) for found in session.execute(wanted)]


def _line(
    claim: Claim,
    state: PayoutState | None,
    paid_on: date | None,
    has_come_back: bool,  # noqa: FBT001 - a column
    statement_id: str,
) -> ClaimLine:
    stands, on = ClaimState.WAITING, claim.pay_on
    if state is PayoutState.PAID and paid_on:
        stands, on = ClaimState.PAID, paid_on
    elif state is not None:
        stands = ClaimState.IN_PAYOUT
    elif has_come_back:
        stands = ClaimState.CAME_BACK
    return ClaimLine(claim=claim, state=stands, on=on, statement_id=statement_id)


def counted_yen(yen: int, *, talk_id: int | None = None, booking_id: int | None = None) -> int:
    """What a cast gets in all for a walk-in or a reservation that earns so much as it stands.

    Nothing is taken from a claim: what went back to the guest after it is borne by the house.
    """
    return max(yen, claimed_yen(talk_id=talk_id, booking_id=booking_id))


def claimed_yen(*, talk_id: int | None = None, booking_id: int | None = None) -> int:
    """What is claimed already of a walk-in or a reservation."""
    of = ClaimItem.talk_id == talk_id if talk_id else ClaimItem.booking_id == booking_id
    return session.scalar(select(func.coalesce(func.sum(ClaimItem.yen), 0)).where(of)) or 0
