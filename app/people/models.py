"""The tables of people."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, unguessable


class Role(StrEnum):
    GUEST = "guest"  # talks, and pays in points
    CAST = "cast"  # is talked with, and earns
    OPERATOR = "operator"  # screens, keeps the books, pays out


class Account(Base):
    """One person in one role. Whatever changes a guest's points locks this row first."""

    __tablename__ = "account"
    __table_args__ = (Index("uq_account_role_email", "role", text("lower(email)"), unique=True),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    role: Mapped[Role]
    email: Mapped[str]
    password_hash: Mapped[str]
    nickname: Mapped[str]
    born_on: Mapped[date | None]
    confirmed_at: Mapped[datetime | None]  # the address answered
    closed_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]  # by the office; nobody can come in meanwhile
    suspended_because: Mapped[str] = mapped_column(default="")  # in words that the person reads
    locale: Mapped[str] = mapped_column(default="ja")
    calendar_key: Mapped[str] = mapped_column(unique=True, default=unguessable)  # of the ICS feed
    created_at: Mapped[datetime]


class DeviceCheck(Base):
    """One test of camera, microphone, speaker and connection, as its browser found them (C41)."""

    __tablename__ = "device_check"
    __table_args__ = (Index("ix_device_check_account", "account_id", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    device: Mapped[str]  # the browser and its system, in words: "Chrome 131, Windows"
    camera: Mapped[bool]
    microphone: Mapped[bool]
    speaker: Mapped[bool]  # the person heard the tone
    echo: Mapped[bool]  # the person heard their own voice
    connection: Mapped[bool]  # a call came about between two ends on this device
    passed: Mapped[bool] = mapped_column(
        Computed("camera AND microphone AND speaker AND connection", persisted=True)
    )


class MailChoices(Base):
    """Which mails somebody wants that need not be. Who has chosen nothing has no row."""

    __tablename__ = "mail_choices"
    __table_args__ = (
        CheckConstraint(
            "tell_from BETWEEN 0 AND 23 AND tell_until BETWEEN 0 AND 23", name="hours_of_a_day"
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    expiry: Mapped[bool]  # points that will expire
    reminders: Mapped[bool]  # of reservations
    messages: Mapped[bool]  # the other wrote
    openings: Mapped[bool]  # booking opens for a time that was asked for
    favourites: Mapped[bool]  # a favourite stands by
    tell_from: Mapped[int]  # hour in Japan from which favourites are told of
    tell_until: Mapped[int]  # and the hour at which that ends, perhaps of the next day
    chosen_at: Mapped[datetime]


class Consent(Base):
    """Which version of which terms somebody agreed to, and when."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("account_id", "terms", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    terms: Mapped[str]
    version: Mapped[str]
    at: Mapped[datetime]
