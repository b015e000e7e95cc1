"""The table of the accounts that casts are paid to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, unguessable
from app.vault import SealedText


class AccountKind(StrEnum):
    ORDINARY = "ordinary"  # 普通
    CURRENT = "current"  # 当座
    SAVINGS = "savings"  # 貯蓄


class Verdict(StrEnum):
    """What an operator found of an account that had to be looked at."""

    ACCEPTED = "accepted"  # it is the cast's own
    CORRECTION = "correction"  # the cast is asked for another, or for the right name


class BankAccount(Base):
    """Where a cast is paid to (C5, C27). A changed account is a new row; the old ones stay."""

    __tablename__ = "bank_account"
    __table_args__ = (
        Index(
            "uq_bank_account_current",
            "account_id",
            unique=True,
            postgresql_where="replaced_at IS NULL",
        ),
        Index("ix_bank_account_number", "number_mark"),
        CheckConstraint(
            "(verdict IS NULL) = (reviewed_at IS NULL)"
            " AND (verdict IS NULL) = (reviewed_by IS NULL)",
            name="reviewed_whole",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))  # the cast
    bank_code: Mapped[str]
    bank_name: Mapped[str]  # as it was then
    branch_code: Mapped[str]
    branch_name: Mapped[str]  # as it was then
    kind: Mapped[AccountKind]
    number: Mapped[str] = mapped_column(SealedText)  # seven digits
    number_mark: Mapped[str]  # of all that names the account, to see it again elsewhere (D44)
    holder: Mapped[str]  # in the banks' writing
    holder_ok: Mapped[bool]  # it is the cast's real name (C28, D27); else the office looks
    added_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    verdict: Mapped[Verdict | None]
    said: Mapped[str] = mapped_column(default="")  # to the cast, where a correction is asked for
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_at: Mapped[datetime | None]
    # A payout came back from it. Nothing is paid to it until the office confirms it, or the cast
    # names another; the cast works on meanwhile.
    came_back_at: Mapped[datetime | None]

    @property
    def masked(self) -> str:
        """The only form in which the number is shown, unless an operator asks for it."""
        return f"•••{self.number[-4:]}"
