"""The tables of inquiries: what people ask the office, and the thread that comes of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.bookings.models import Booking
from app.db import Base, unguessable
from app.people.models import Account


class Subject(StrEnum):
    TALK = "talk"  # a talk or a reservation; with its time and the name (G30)
    POINTS = "points"  # points and payment
    ACCOUNT = "account"  # signing in, an account that was suspended
    BECOMING_CAST = "becoming_cast"  # アルバイト募集 (G42)
    IDENTITY = "identity"  # whoever has none of the documents (C13)
    ACCESSIBILITY = "accessibility"
    PERSONAL_DATA = "personal_data"  # disclosure, correction, erasure
    OTHER = "other"


class Inquiry(Base):
    """Somebody's question to the office. Its state is told by its times."""

    __tablename__ = "inquiry"
    __table_args__ = (
        Index("ix_inquiry_waiting", "waits_since", postgresql_where="waits_since IS NOT NULL"),
        Index("ix_inquiry_account", "account_id", "id"),
        CheckConstraint("closed_at IS NULL OR waits_since IS NULL", name="closed_waits_no_more"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)  # to be read out; opens nothing by itself
    key: Mapped[str] = mapped_column(unique=True, default=unguessable)  # of the mailed link
    pressed: Mapped[str] = mapped_column(unique=True)  # the form and its words: one press
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    subject: Mapped[Subject]
    about: Mapped[str]  # time and name of a talk, in words
    name: Mapped[str]
    email: Mapped[str]
    locale: Mapped[str]
    opened_at: Mapped[datetime]
    waits_since: Mapped[datetime | None]  # the office owes an answer since then
    closed_at: Mapped[datetime | None]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    led_on_at: Mapped[datetime | None]  # the way to apply as a cast was mailed (D31)

    account: Mapped[Account | None] = relationship(foreign_keys=[account_id], lazy="raise")
    taker: Mapped[Account | None] = relationship(foreign_keys=[taken_by], lazy="raise")
    booking: Mapped[Booking | None] = relationship(lazy="raise")

    @property
    def shown_number(self) -> str:
        return f"{self.number[:4]}-{self.number[4:]}"


class LineKind(StrEnum):
    ASKED = "asked"  # by the person
    ANSWER = "answer"  # of the office; mailed
    NOTE = "note"  # of the office for itself


class InquiryLine(Base):
    __tablename__ = "inquiry_line"
    __table_args__ = (
        Index("ix_inquiry_line_inquiry", "inquiry_id", "id"),
        CheckConstraint("(kind = 'asked') = (operator_id IS NULL)", name="office_signs"),
        CheckConstraint("words <> ''", name="says_something"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id"))
    kind: Mapped[LineKind]
    words: Mapped[str]
    at: Mapped[datetime]
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    operator: Mapped[Account | None] = relationship(lazy="raise")
