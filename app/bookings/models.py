"""The tables of bookings."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.casts.models import Cast
from app.db import Base, unguessable
from app.people.models import Account

_SPAN = text("tstzrange(starts_at, ends_at)")


class Slot(Base):
    """Three minutes in which a cast may be booked; without a booking it is free.

    Slots cannot overlap, and a booked one cannot be removed: the database refuses both.
    """

    __tablename__ = "slot"
    __table_args__ = (
        ExcludeConstraint(("cast_id", "="), (_SPAN, "&&"), using="gist", name="ex_slot_no_overlap"),
        # On the grid of three minutes from midnight, so that neighbours touch.
        CheckConstraint("mod(extract(epoch FROM starts_at)::bigint, 180) = 0", name="on_the_grid"),
        CheckConstraint("ends_at = starts_at + interval '3 minutes'", name="three_minutes"),
        # Booking one changes no indexed column; with room on its page no index is written.
        {"postgresql_with": {"fillfactor": 70}},
    )

    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))


class BookingState(StrEnum):
    CONFIRMED = "confirmed"  # paid; its talk is ahead, runs, or waits to be settled
    CANCELLED = "cancelled"  # taken back before its start
    SETTLED = "settled"  # its time is over, and who gets what is decided


class Booking(Base):
    """A reserved talk, with price, reward and every deadline as they were at booking (D9).

    Two bookings of one cast or of one guest cannot overlap: the database refuses them.
    """

    __tablename__ = "booking"
    __table_args__ = (
        ExcludeConstraint(
            ("cast_id", "="),
            (_SPAN, "&&"),
            using="gist",
            where=text("state <> 'cancelled'"),
            name="ex_booking_one_of_cast",
        ),
        ExcludeConstraint(
            ("guest_id", "="),
            (_SPAN, "&&"),
            using="gist",
            where=text("state <> 'cancelled'"),
            name="ex_booking_one_of_guest",
        ),
        CheckConstraint("slots > 0", name="slots_positive"),
        CheckConstraint("price_points > 0 AND reward_yen >= 0", name="price_positive"),
        CheckConstraint(
            "starts_at < talk_starts_at AND talk_starts_at < talk_ends_at"
            " AND talk_ends_at < ends_at AND ends_at < report_until",
            name="moments_in_order",
        ),
        Index("ix_booking_guest", "guest_id", "starts_at"),
        Index("ix_booking_cast", "cast_id", "starts_at"),
        Index("ix_booking_cast_served", "cast_id", "talk_ends_at"),  # what a month has earned
        Index("ix_booking_cast_ahead", "cast_id", postgresql_where="state = 'confirmed'"),
        Index("ix_booking_ahead", "starts_at", postgresql_where="state = 'confirmed'"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    guest_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"))
    state: Mapped[BookingState] = mapped_column(default=BookingState.CONFIRMED)
    slots: Mapped[int]
    price_points: Mapped[int]  # for each slot
    reward_yen: Mapped[int]  # for each slot
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    talk_starts_at: Mapped[datetime]  # 30 s after the start (C38)
    talk_ends_at: Mapped[datetime]  # 30 s before the end; the room closes (C46)
    free_cancel_until: Mapped[datetime]  # until then the guest gets all back; may be long past
    cast_cancel_until: Mapped[datetime]  # later the cast has only the emergency
    report_until: Mapped[datetime]  # the completion report; afterwards evidence alone judges
    form_key: Mapped[str] = mapped_column(unique=True)  # one final screen, one booking
    shown: Mapped[dict[str, str]] = mapped_column(JSONB)  # what that screen said, as evidence
    booked_at: Mapped[datetime]
    extended: Mapped[int] = mapped_column(default=0)  # how many times by a slot, while it ran
    # One more slot: who of the two wants it. Both together are the extension, which clears them.
    guest_wants_more_at: Mapped[datetime | None]
    cast_wants_more_at: Mapped[datetime | None]

    guest: Mapped[Account] = relationship(lazy="raise")
    cast: Mapped[Cast] = relationship(lazy="raise")

    @property
    def points(self) -> int:
        """What the guest paid, before any return."""
        return self.slots * self.price_points

    @property
    def full_reward_yen(self) -> int:
        """What the cast earns where nothing goes back."""
        return self.slots * self.reward_yen

    @property
    def about(self) -> str:
        """How point entries and audit notes name this booking."""
        return f"booking:{self.id}"


class Outcome(StrEnum):
    """How a booking ended."""

    GUEST_CANCELLED = "guest_cancelled"  # in time: all points back (G25)
    GUEST_CANCELLED_LATE = "guest_cancelled_late"  # nothing back; in the last hour the cast is paid
    CAST_CANCELLED = "cast_cancelled"  # all back (D39)
    CAST_EMERGENCY = "cast_emergency"  # all back; the operator looks at it (D38)
    OFFICE_CANCELLED = "office_cancelled"  # of somebody suspended: all back, nobody is to blame
    COMPLETED = "completed"  # the cast is paid
    GUEST_ABSENT = "guest_absent"  # nothing back (G32); the cast waited and is paid (D19)
    CAST_ABSENT = "cast_absent"  # all back (G29)
    BOTH_ABSENT = "both_absent"  # all back, nobody is paid (D18)
    CAST_LATE = "cast_late"  # the part that the cast missed goes back (G28, D16)
    TROUBLE = "trouble"  # the cast could not take part, and says so: all back (C48, D20)
    UNCLEAR = "unclear"  # evidence and report disagree: the operator decides, nothing moves yet


class Settlement(Base):
    """Who gets what of a booking: one row for each that ended, so it ends once.

    An operator's decision changes the two amounts, never the outcome; its case says why.
    """

    __tablename__ = "settlement"
    __table_args__ = (
        CheckConstraint("returned_points >= 0 AND earned_yen >= 0", name="amounts_not_negative"),
        Index(
            "ix_settlement_for_office",
            "booking_id",
            postgresql_where="outcome IN ('unclear', 'cast_emergency')",
        ),
    )

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    outcome: Mapped[Outcome]
    returned_points: Mapped[int]
    earned_yen: Mapped[int]
    missed_seconds: Mapped[int] = mapped_column(default=0)  # of the talk, by the cast
    words: Mapped[str] = mapped_column(default="")  # of whoever cancelled
    settled_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]  # an operator has decided otherwise, or at all


class CompletionKind(StrEnum):
    """The three kinds of a completion report (C48)."""

    DONE = "done"  # 完了
    NOT_HELD = "not_held"  # 未実施: the guest did not come
    TROUBLE = "trouble"  # トラブル: the cast could not take part


class Completion(Base):
    """A cast's completion report (完了報告); the operator reads it, the guest never does (D24)."""

    __tablename__ = "completion"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five"),)

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    kind: Mapped[CompletionKind]
    impression: Mapped[str]
    stars: Mapped[int]  # of the guest
    filed_at: Mapped[datetime]
    late: Mapped[bool]  # after the settlement: a comment, which moves nothing (D21)


class NoticeKind(StrEnum):
    """What one of the two hears about a booking, on their page and by mail."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    REMINDER = "reminder"  # an hour before (`number` is minutes), and ten minutes
    TEST_MISSING = "test_missing"  # the cast has not tested the devices yet (C41)
    MESSAGE = "message"  # the other wrote; `number` is the message's
    REPORT_DUE = "report_due"  # the talk is over: ten minutes for the report (C50)
    SETTLED = "settled"
    DECIDED = "decided"  # the office has decided a case; `number` is the case's


class Notice(Base):
    """Something to be told to one person about one booking, once. A mail follows it by a job.

    What is withdrawn is neither mailed nor shown: a reminder of a booking that was cancelled.
    """

    __tablename__ = "booking_notice"
    __table_args__ = (
        UniqueConstraint("booking_id", "account_id", "kind", "number"),
        Index(
            "ix_booking_notice_unmailed",
            "id",
            postgresql_where="mailed_at IS NULL AND withdrawn_at IS NULL",
        ),
        Index("ix_booking_notice_account", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[NoticeKind]
    number: Mapped[int] = mapped_column(BigInteger, default=0)
    at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    booking: Mapped[Booking] = relationship(lazy="raise")


class OpeningCall(Base):
    """A guest wants to hear when booking opens for a slot (D1)."""

    __tablename__ = "opening_call"
    __table_args__ = (
        Index("ix_opening_call_waiting", "starts_at", postgresql_where="told_at IS NULL"),
    )

    guest_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
