"""The tables of talks."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.bookings.models import Booking
from app.casts.models import Cast
from app.db import Base, unguessable
from app.people.models import Account


class TalkState(StrEnum):
    RINGING = "ringing"  # the cast's page rings until answer_by
    DECLINED = "declined"  # the cast said no; nothing is charged
    MISSED = "missed"  # nobody answered; nothing is charged
    WITHDRAWN = "withdrawn"  # the guest did not wait; nothing is charged
    RUNNING = "running"  # the room is open
    ENDED = "ended"  # the room is closed, the receipt is there


class EndedBy(StrEnum):
    """Who or what ended a talk. Only a guest's own leaving lets the running minute stand (D4)."""

    GUEST = "guest"
    CAST = "cast"
    BALANCE = "balance"  # the points did not cover the next minute (D7)
    LOST = "lost"  # no evidence for five minutes
    REPORT = "report"  # one of them reported the other
    OPERATOR = "operator"
    NEXT_RESERVATION = "next_reservation"  # a reservation of one of the two is about to start (D11)
    TIME = "time"  # the reserved time is over (G34, C46)


class Party(StrEnum):
    GUEST = "guest"
    CAST = "cast"


class ReportReason(StrEnum):
    """What somebody reports. Only the operator sees it, and by whom."""

    HARASSMENT = "harassment"
    CONTACT = "contact"  # asks to meet, or for contact details (G48)
    MINOR = "minor"  # seems to be under 18 (D29)
    MONEY = "money"  # asks for money, or solicits
    OTHER = "other"


LIVE_STATES = (TalkState.RINGING, TalkState.RUNNING)


class Talk(Base):
    """One guest's visit to one cast's room, with price and reward as they were at entry (D9).

    A reserved talk was paid with its booking, so its minutes cost nothing.

    The columns from `shared` on are what the presence events add up to; they can be recomputed
    at any time (`flask talk replay`), and are kept so that charging need not read any events.
    """

    __tablename__ = "talk"
    __table_args__ = (
        Index(
            "uq_talk_one_of_guest",
            "guest_id",
            unique=True,
            postgresql_where="state IN ('ringing', 'running')",
        ),
        Index(
            "uq_talk_one_of_cast",
            "cast_id",
            unique=True,
            postgresql_where="state IN ('ringing', 'running')",
        ),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_has_moment"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_has_cause"),
        CheckConstraint(
            "minutes_returned >= 0 AND minutes_returned <= minutes_charged", name="returns_in_range"
        ),
        CheckConstraint(
            "minutes_refunded >= 0 AND minutes_refunded <= minutes_returned",
            name="refunds_in_range",
        ),
        CheckConstraint(
            "minutes_borne >= 0 AND minutes_borne <= minutes_refunded", name="borne_in_range"
        ),
        # Only talks with a minute that is due *and* evidenced stand in this index, so a charge
        # costs the same however many talks are running.
        Index(
            "ix_talk_chargeable",
            "id",
            postgresql_where="next_charge_at <= evidence_at AND state = 'running' AND fault IS NULL",
        ),
        Index("ix_talk_running", "id", postgresql_where="state = 'running'"),
        Index("ix_talk_bounded", "ends_by", postgresql_where="state = 'running'"),
        Index("ix_talk_ringing", "answer_by", postgresql_where="state = 'ringing'"),
        Index("ix_talk_set_aside", "id", postgresql_where="fault IS NOT NULL"),
        Index("ix_talk_guest", "guest_id", "id"),
        Index("ix_talk_cast", "cast_id", "id"),
        Index("ix_talk_cast_ended", "cast_id", "ended_at"),  # what a month has earned
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    guest_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"))
    state: Mapped[TalkState]
    price_points: Mapped[int]  # for each started minute
    reward_yen: Mapped[int]  # for each charged minute
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    room: Mapped[str | None] = mapped_column(ForeignKey("video_room.name"), unique=True)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[EndedBy | None]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), unique=True)
    ends_by: Mapped[datetime | None]  # nobody stays longer: a reserved end, or a reservation ahead

    # Coming back within five minutes goes on with the counter of the talk before (D5).
    carried: Mapped[timedelta] = mapped_column(default=timedelta(0))
    carried_minutes: Mapped[int] = mapped_column(default=0)
    resumed: Mapped[bool] = mapped_column(default=False)  # a later talk goes on with this counter

    shared: Mapped[timedelta] = mapped_column(default=timedelta(0))  # before the current run
    shared_since: Mapped[datetime | None]  # both have been connected since then
    evidence_at: Mapped[datetime | None]  # the latest moment that showed both live
    last_event_at: Mapped[datetime | None]
    sessions: Mapped[str] = mapped_column(default="")  # who is open in whose boot, as one word
    missing: Mapped[str] = mapped_column(default="both")  # "", guest, cast or both
    left_by: Mapped[Party | None]  # went on purpose, and did not come back yet
    left_at: Mapped[datetime | None]

    minutes_charged: Mapped[int] = mapped_column(default=0)  # ever; the returned ones included
    minutes_returned: Mapped[int] = mapped_column(default=0)
    minutes_refunded: Mapped[int] = mapped_column(default=0)  # of the returned: by the office (G31)
    minutes_borne: Mapped[int] = mapped_column(
        default=0
    )  # of the refunded: the cast is paid anyway
    minutes_waived: Mapped[int] = mapped_column(default=0)  # evidenced too late to be paid for
    next_charge_at: Mapped[datetime | None]  # when the next minute starts, while both stay
    fault: Mapped[str | None]  # set aside; the operator's health page shows it

    guest: Mapped[Account] = relationship(lazy="raise")
    cast: Mapped[Cast] = relationship(lazy="raise")
    booking: Mapped[Booking | None] = relationship(lazy="raise")

    @property
    def is_reserved(self) -> bool:
        return self.booking_id is not None

    @property
    def minutes_kept(self) -> int:
        """Minutes of this talk that the guest pays for in the end."""
        return self.minutes_charged - self.minutes_returned

    @property
    def minutes_measured(self) -> int:
        """Minutes that the metering lets stand; what the office decides changes none of it."""
        return self.minutes_kept + self.minutes_refunded + self.minutes_waived

    @property
    def minutes_paid(self) -> int:
        """Minutes that the cast is paid for: also those that the house bears."""
        return self.minutes_kept + self.minutes_borne

    @property
    def points_charged(self) -> int:
        return self.minutes_charged * self.price_points

    @property
    def points_returned(self) -> int:
        return self.minutes_returned * self.price_points

    @property
    def points_kept(self) -> int:
        return self.minutes_kept * self.price_points

    @property
    def earned_yen(self) -> int:
        return self.minutes_paid * self.reward_yen

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES


class PresenceEvent(Base):
    """What one event of the inbox said about one talk; append-only. Charges follow from these."""

    __tablename__ = "presence_event"
    __table_args__ = (
        UniqueConstraint("talk_id", "video_event_id"),
        Index("ix_presence_event_talk_at", "talk_id", "at", "seq"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"))
    # Not a foreign key: the inbox is emptied of old events, what they said stays.
    video_event_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    boot: Mapped[str]
    seq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    people: Mapped[list[Any]] = mapped_column(JSONB)  # [[party, session, live], …]
    since: Mapped[datetime | None]  # of heartbeats merged into one: when the first of them was


class TalkRating(Base):
    """A guest's stars for a talk with at least one charged minute; a line with them if they like."""

    __tablename__ = "talk_rating"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five"),)

    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"), primary_key=True)
    stars: Mapped[int]
    line: Mapped[str]
    at: Mapped[datetime]


class TalkImpression(Base):
    """How a walk-in was, by its cast, if they like; only the office reads it (D23, D24)."""

    __tablename__ = "talk_impression"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five"),)

    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"), primary_key=True)
    stars: Mapped[int]
    words: Mapped[str]
    at: Mapped[datetime]


class TalkReport(Base):
    """What one of the two reported about a talk; once for each of them."""

    __tablename__ = "talk_report"
    __table_args__ = (UniqueConstraint("talk_id", "party"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"))
    party: Mapped[Party]
    reason: Mapped[ReportReason]
    words: Mapped[str]
    at: Mapped[datetime]

    talk: Mapped[Talk] = relationship(lazy="raise")
