"""The tables of people."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
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
    session_key: Mapped[str] = mapped_column(default=unguessable)  # a new one ends all sessions
    locale: Mapped[str] = mapped_column(default="ja")
    created_at: Mapped[datetime]


class Consent(Base):
    """Which version of which terms somebody agreed to, and when."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("account_id", "terms", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    terms: Mapped[str]
    version: Mapped[str]
    at: Mapped[datetime]
