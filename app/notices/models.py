"""The tables of the office's notices."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, unguessable
from app.people.models import Account


class Audience(StrEnum):
    CASTS = "casts"
    GUESTS = "guests"
    BOTH = "both"


class OfficeNotice(Base):
    """Something that the office tells everybody of its audience while it holds (C25)."""

    __tablename__ = "office_notice"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="start_before_end"),
        Index("ix_office_notice_starts", "starts_at", postgresql_where="withdrawn_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    title: Mapped[str]
    words: Mapped[str]
    audience: Mapped[Audience]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]  # None: until it is withdrawn
    must_read: Mapped[bool]  # stays on top until it is confirmed
    written_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    writer: Mapped[Account] = relationship(lazy="raise")

    @property
    def last_moment(self) -> datetime | None:
        """The last second of its last day, where it has one."""
        return self.ends_at - timedelta(seconds=1) if self.ends_at else None


class NoticeReading(Base):
    """Somebody has read a notice, and said so."""

    __tablename__ = "notice_reading"
    __table_args__ = (Index("ix_notice_reading_account", "account_id"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("office_notice.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    at: Mapped[datetime]
