"""The tables of purchases."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, unguessable


class OrderState(StrEnum):
    CONFIRMED = "confirmed"  # the guest pressed 購入を確定する; the gateway has it
    PENDING = "pending"  # the gateway is still waiting for the card's bank
    PAID = "paid"  # the points are in a lot
    FAILED = "failed"  # the card was refused; nothing was taken


class NoticeState(StrEnum):
    SETTLED = "settled"  # it changed its order
    REPEATED = "repeated"  # the order had already come to that
    KEPT = "kept"  # unknown order or wrong amount: the operator looks at it


class Order(Base):
    __tablename__ = "purchase_order"
    __table_args__ = (
        CheckConstraint("points > 0 AND price_yen > 0", name="sells_something"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid_has_moment"),
        Index("ix_purchase_order_guest", "guest_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    guest_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    points: Mapped[int]
    price_yen: Mapped[int]
    form_key: Mapped[str] = mapped_column(unique=True)  # one confirmation screen, one order
    shown: Mapped[dict[str, str]] = mapped_column(JSONB)  # what the screen said, as evidence
    gateway: Mapped[str]
    state: Mapped[OrderState]
    back_to: Mapped[str]  # where the guest goes on afterwards, a path of ours
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]

    @property
    def is_undecided(self) -> bool:
        return self.state in {OrderState.CONFIRMED, OrderState.PENDING}


class PaymentNotice(Base):
    """What a gateway told us, whole, once for each of its own keys."""

    __tablename__ = "payment_notice"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # "<gateway>:<its event id>"
    body: Mapped[dict[str, object]] = mapped_column(JSONB)
    state: Mapped[NoticeState]
    received_at: Mapped[datetime]


class SandboxPayment(Base):
    """The sandbox gateway's own books: a card that somebody pretends to have."""

    __tablename__ = "sandbox_payment"
    __table_args__ = (
        Index("ix_sandbox_payment_due", "notify_at", postgresql_where="notified_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_public_id: Mapped[str] = mapped_column(unique=True)
    amount_yen: Mapped[int]
    outcome: Mapped[str | None]  # "paid" or "failed", once a card was chosen
    decided_at: Mapped[datetime | None]  # until then the gateway says "pending"
    notify_at: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]
