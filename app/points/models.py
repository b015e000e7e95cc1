"""The tables of points."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Kind(StrEnum):
    PAID = "paid"  # bought for yen
    FREE = "free"  # given, never worth money


class Reason(StrEnum):
    PURCHASE = "purchase"  # an order was paid
    GIFT = "gift"  # given by the operator
    TALK_MINUTE = "talk_minute"  # a started minute of a talk
    MINUTE_RETURNED = "minute_returned"  # that minute was not delivered whole
    BOOKING = "booking"  # the slots of a reservation, taken when it was made (G26)
    BOOKING_RETURNED = "booking_returned"  # all of them or a part: cancelled, or not delivered
    COMPENSATION = "compensation"  # a return whose lot could not take it any more
    EXPIRY = "expiry"  # the lot's last day is over


class PointLot(Base):
    """Points that came together and expire together."""

    __tablename__ = "point_lot"
    __table_args__ = (
        CheckConstraint("remaining >= 0 AND remaining <= points", name="remaining_in_range"),
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("(kind = 'paid') = (price_yen > 0)", name="paid_has_price"),
        # The law's limit for prepaid points; nothing may lengthen a paid lot past it (D32).
        CheckConstraint(
            "kind <> 'paid' OR expires_at <= bought_at + interval '6 months'",
            name="within_6_months",
        ),
        # The order of spending (D33): earliest expiry, free before paid, older first.
        Index(
            "ix_point_lot_spending",
            "guest_id",
            "expires_at",
            "kind",
            "bought_at",
            "id",
            postgresql_where="remaining > 0",
        ),
        Index("ix_point_lot_expiring", "expires_at", postgresql_where="remaining > 0"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[Kind]
    points: Mapped[int]
    remaining: Mapped[int]
    price_yen: Mapped[int]
    bought_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # the first moment at which it can no longer be spent


class PointEntry(Base):
    """Points moved into or out of a lot, once for each key. Never edited, never deleted."""

    __tablename__ = "point_entry"
    __table_args__ = (
        CheckConstraint("delta <> 0", name="moves_something"),
        CheckConstraint("reverses IS NULL OR delta > 0", name="a_return_adds"),
        Index("ix_point_entry_lot", "lot_id", "id"),
        Index("ix_point_entry_about", "about", "id"),
        # For the books, which read whole months. BRIN: entries are written in the order of time,
        # so it is a few pages in all, and a charge writes next to nothing for it.
        Index("ix_point_entry_at", "at", postgresql_using="brin"),
        # Partial, so that a charge, which reverses nothing, need not stand in it. A trigger keeps
        # the returns of one entry from adding up to more than it took.
        Index("ix_point_entry_reverses", "reverses", postgresql_where="reverses IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("point_lot.id"))
    delta: Mapped[int]
    reason: Mapped[Reason]
    about: Mapped[str]  # what it was for: "talk:9", "order:4"
    reverses: Mapped[int | None] = mapped_column(ForeignKey("point_entry.id"))
    key: Mapped[str] = mapped_column(unique=True)  # names the happening, so it happens once
    at: Mapped[datetime]
