"""The tables of signing in: devices, asked-for passwords, changed addresses, second factors."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, unguessable
from app.people.models import Account, Role
from app.vault import SealedText


class SignIn(Base):
    """One device that somebody signed in on. Its cookie names the key, until this row is ended."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_account", "account_id", "signed_in_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    key: Mapped[str] = mapped_column(unique=True, default=unguessable)
    device: Mapped[str]  # in words: "Chrome 131 / Windows"; "?" where the browser tells nothing
    with_code: Mapped[bool] = mapped_column(default=False)  # a second factor was shown, too
    signed_in_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="raise")


class PasswordRequest(Base):
    """Somebody asked at a login page for a link to a new password; a job answers within seconds.

    Kept whether or not the address has an account, so that the page cannot tell by its time.
    """

    __tablename__ = "password_request"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    role: Mapped[Role]
    email: Mapped[str]
    asked_at: Mapped[datetime]


class ChangeState(StrEnum):
    ASKED = "asked"  # the new address has not answered yet
    REPLACED = "replaced"  # another change was asked for before it answered
    CONFIRMED = "confirmed"  # the new address answered, and holds
    REVERTED = "reverted"  # the old address took it back


class EmailChange(Base):
    """A change of an account's address: confirmed from the new one, taken back from the old one."""

    __tablename__ = "email_change"
    __table_args__ = (
        Index("uq_email_change_asked", "account_id", unique=True, postgresql_where="state='asked'"),
        Index("ix_email_change_old_email", "old_email"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    old_email: Mapped[str]
    new_email: Mapped[str]
    may_revert: Mapped[bool]  # the old address had answered: one that never did is nobody's
    state: Mapped[ChangeState] = mapped_column(default=ChangeState.ASKED)
    asked_at: Mapped[datetime]
    state_at: Mapped[datetime]  # since when it is in this state

    account: Mapped[Account] = relationship(lazy="raise")


class SecondFactor(Base):
    """An authenticator app's secret. A new one waits beside the old until its first code is shown."""

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    secret: Mapped[str | None] = mapped_column(SealedText)
    waiting: Mapped[str | None] = mapped_column(SealedText)  # shown as a picture, not confirmed yet
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)  # of the last code that was taken
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code for the day when the authenticator is lost: shown once, kept as a mark, good once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "mark"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    mark: Mapped[str]
    used_at: Mapped[datetime | None]
