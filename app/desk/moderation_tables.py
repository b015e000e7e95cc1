"""The tables of moderation: what people report of each other, and what the office thinks of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, unguessable
from app.people.models import Account
from app.talks.models import ReportReason


class Thing(StrEnum):
    MESSAGE = "message"
    PROFILE = "profile"


class PersonReport(Base):
    """One person reports another's message or page, each thing once; a talk has TalkReport."""

    __tablename__ = "person_report"
    __table_args__ = (
        UniqueConstraint("reporter_id", "subject_id", "about"),
        Index("ix_person_report_subject", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    thing: Mapped[Thing]
    about: Mapped[str]  # the message's public id; empty for a profile
    reason: Mapped[ReportReason]
    words: Mapped[str]  # the reporter's own
    seen: Mapped[str]  # what the reporter had before them, as it read then
    at: Mapped[datetime]

    reporter: Mapped[Account] = relationship(foreign_keys=[reporter_id], lazy="raise")
    subject: Mapped[Account] = relationship(foreign_keys=[subject_id], lazy="raise")


class NoteKind(StrEnum):
    NOTE = "note"  # for the office alone
    WARNING = "warning"  # mailed
    SUSPENDED = "suspended"  # mailed
    LIFTED = "lifted"  # mailed


class PersonNote(Base):
    """What the office wrote down of a guest or cast, and what it told them."""

    __tablename__ = "person_note"
    __table_args__ = (Index("ix_person_note_account", "account_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[NoteKind]
    words: Mapped[str]
    at: Mapped[datetime]
    operator_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    operator: Mapped[Account] = relationship(foreign_keys=[operator_id], lazy="raise")


class Verdict(StrEnum):
    FINE = "fine"  # nothing against the rules
    WARNED = "warned"  # told to keep the rules
    SUSPENDED = "suspended"


class Look(Base):
    """An operator has looked at something reported or flagged, once, and says what came of it.

    `about` is its kind and the name that addresses use: "profile:…", "talk:….guest".
    """

    __tablename__ = "moderation_look"

    about: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    verdict: Mapped[Verdict]
    words: Mapped[str]  # for the office
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
