"""The tables of the written conditions: what each cast was told, and that they have read it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.casts.models import Cast
from app.db import Base, unguessable


class ConditionsNotice(Base):
    """The conditions of a cast's work in writing (フリーランス法3条), as they hold from a day on.

    Of a day those hold that have the latest `holds_from`, and of these the last given. A trigger
    refuses every change; only with the books of its time a row is deleted.
    """

    __tablename__ = "conditions_notice"
    __table_args__ = (
        UniqueConstraint("cast_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        Index("ix_conditions_notice_holding", "cast_id", "holds_from", "number"),
        Index("ix_conditions_notice_holds_from", "holds_from"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"))
    number: Mapped[int]  # of the cast's notices, from 1 on without a gap
    holds_from: Mapped[date]  # a day in Japan
    given_at: Mapped[datetime]
    fingerprint: Mapped[
        str
    ]  # SHA-256 of what was agreed; the dates and the cast's name are not in it
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)

    cast: Mapped[Cast] = relationship(lazy="raise")


class ConditionsSeen(Base):
    """A cast has confirmed that they read a notice; once, at this moment."""

    __tablename__ = "conditions_seen"

    notice_id: Mapped[int] = mapped_column(
        ForeignKey("conditions_notice.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]
