"""A gateway's notice turns an order into points, once, however often and in whatever order it comes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app import audit
from app.db import session
from app.points import lots
from app.points.models import Kind, Reason
from app.purchases.models import NoticeState, Order, OrderState, PaymentNotice


class Outcome(StrEnum):
    PAID = "paid"
    PENDING = "pending"  # the bank has not decided
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a gateway says about one payment, after its signature was checked."""

    key: str  # the gateway's own id of this notice, with the gateway's name before it
    order_public_id: str
    amount_yen: int
    outcome: Outcome
    body: dict[str, object]


def settle(notice: Notice, *, now: datetime) -> Order | None:
    """Bring an order to what the notice says; the order, or None where nothing was done.

    A notice that comes again does nothing. One for an unknown order or of another amount is kept
    for the operator and moves no points. Paid is final: a later "failed" is kept, too.
    """
    order = _locked_order(notice.order_public_id)
    state = _judge(notice, order)
    record = insert(PaymentNotice).values(
        key=notice.key, body=notice.body, state=state, received_at=now
    )
    new = session.execute(record.on_conflict_do_nothing().returning(PaymentNotice.id)).scalar()
    if new is None or order is None or state is not NoticeState.SETTLED:
        return None
    if notice.outcome is Outcome.PAID:
        _pay(order, now=now)
    else:
        order.state = OrderState(notice.outcome.value)
    audit.note(f"order.{order.state}", about=f"order:{order.id}", by=None, now=now)
    return order


def _judge(notice: Notice, order: Order | None) -> NoticeState:
    if order is None or order.price_yen != notice.amount_yen:
        return NoticeState.KEPT
    if order.state.value == notice.outcome.value:
        return NoticeState.REPEATED
    if order.state is OrderState.PAID:
        return NoticeState.REPEATED if notice.outcome is Outcome.PENDING else NoticeState.KEPT
    if order.state is OrderState.FAILED and notice.outcome is Outcome.PENDING:
        return NoticeState.REPEATED  # it came late; the card's bank has decided since
    return NoticeState.SETTLED


def _pay(order: Order, *, now: datetime) -> None:
    """The points, in a lot of their own that expires three months on (G47)."""
    order.state, order.paid_at = OrderState.PAID, now
    lots.issue(
        order.guest_id,
        kind=Kind.PAID,
        points=order.points,
        price_yen=order.price_yen,
        expires_at=lots.expiry_of(now),
        reason=Reason.PURCHASE,
        about=f"order:{order.id}",
        key=f"order:{order.id}",
        now=now,
    )


def _locked_order(public_id: str) -> Order | None:
    """The order, with its guest's row locked first as everything that moves points does."""
    owner = session.scalar(select(Order.guest_id).filter_by(public_id=public_id))
    if owner is None:
        return None
    lots.lock_guest(owner)
    wanted = select(Order).filter_by(public_id=public_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()
