"""The table of cases."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.bookings.models import Booking
from app.casts.models import Cast
from app.db import Base, unguessable
from app.people.models import Account
from app.talks.models import Party, Talk


class CaseKind(StrEnum):
    """Why an operator has to look at a booking or a walk-in."""

    UNCLEAR = "unclear"  # its report and its evidence disagree, or the evidence does not say
    EMERGENCY = "emergency"  # the cast cancelled in the last hour (D38)
    OBJECTION = "objection"  # one of the two says that it was otherwise (G28, C45)


class Case(Base):
    """A booking or a walk-in that somebody has to decide about, with the decision once it is made.

    One booking has at most one open case. A walk-in has at most one at all: only its guest objects.
    """

    __tablename__ = "desk_case"
    __table_args__ = (
        Index(
            "uq_desk_case_open", "booking_id", unique=True, postgresql_where="decided_at IS NULL"
        ),
        Index("ix_desk_case_queue", "opened_at", postgresql_where="decided_at IS NULL"),
        Index("ix_desk_case_booking", "booking_id"),
        Index("ix_desk_case_decided", "decided_at"),
        Index(
            "ix_desk_case_untold", "id", postgresql_where="talk_id IS NOT NULL AND told_at IS NULL"
        ),
        CheckConstraint("(booking_id IS NULL) <> (talk_id IS NULL)", name="about_one"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(kind = 'objection') = (party IS NOT NULL)", name="objected_by_somebody"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    talk_id: Mapped[int | None] = mapped_column(ForeignKey("talk.id"), unique=True)  # a walk-in
    kind: Mapped[CaseKind]
    party: Mapped[Party | None]  # who objects
    words: Mapped[str]  # of whoever objects
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    returned_points: Mapped[int | None]  # by this decision, to the guest
    earned_yen: Mapped[int | None]  # what the cast earns after it
    said: Mapped[str] = mapped_column(default="")  # to both, in the operator's words
    told_at: Mapped[datetime | None]  # of a walk-in's: when the mails were written

    booking: Mapped[Booking | None] = relationship(lazy="raise")
    talk: Mapped[Talk | None] = relationship(lazy="raise")

    @property
    def subject(self) -> Booking | Talk:
        """What it is about."""
        subject = self.booking or self.talk
        assert subject
        return subject

    @property
    def guest(self) -> Account:
        return self.subject.guest

    @property
    def cast(self) -> Cast:
        return self.subject.cast

    @property
    def starts_at(self) -> datetime | None:
        """Of the reserved time, or when the walk-in was answered."""
        about = self.subject
        return about.answered_at if isinstance(about, Talk) else about.starts_at

    @property
    def ends_at(self) -> datetime | None:
        about = self.subject
        return about.ended_at if isinstance(about, Talk) else about.ends_at

    @property
    def paid_points(self) -> int:
        """What the guest had paid before anything was returned."""
        about = self.subject
        return about.points_charged if isinstance(about, Talk) else about.points
