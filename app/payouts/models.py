"""The tables of claims and payouts. What a cast earns is in none: it is read from talks and settlements."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.casts.bank_models import AccountKind
from app.casts.models import Cast
from app.db import Base, unguessable
from app.vault import Sealed, SealedText


class ClaimKind(StrEnum):
    ASKED = "asked"  # 請求: by the cast (C55)
    CLOSING = "closing"  # by the month-end closing, whatever the amount (D26)


class Claim(Base):
    """Talks that a cast is to be paid for, with the sum and the day; never changed afterwards."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("yen > 0 AND items > 0", name="claims_something"),
        Index("ix_claim_cast", "cast_id", "id"),
        Index("ix_claim_pay_on", "pay_on", "cast_id"),
        Index("ix_claim_closing", "claimed_at", postgresql_where="kind = 'closing'"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"))
    kind: Mapped[ClaimKind]
    items: Mapped[int]
    yen: Mapped[int]
    claimed_at: Mapped[datetime]
    pay_on: Mapped[date]  # promised; a bank day
    form_key: Mapped[str | None] = mapped_column(unique=True)  # one list as shown, one claim

    cast: Mapped[Cast] = relationship(lazy="raise")


class ClaimItem(Base):
    """One talk in a claim, at the yen it stood for at that moment. A talk is in at most one (C56).

    A decision that gives a cast more after that is claimed by itself, under its case.
    """

    __tablename__ = "claim_item"
    __table_args__ = (
        CheckConstraint("(talk_id IS NULL) <> (booking_id IS NULL)", name="of_one_talk"),
        CheckConstraint("case_id IS NULL OR booking_id IS NOT NULL", name="more_by_a_case"),
        CheckConstraint("yen > 0", name="yen_positive"),
        Index("uq_claim_item_talk", "talk_id", unique=True, postgresql_where="talk_id IS NOT NULL"),
        Index(
            "uq_claim_item_booking",
            "booking_id",
            unique=True,
            postgresql_where="booking_id IS NOT NULL AND case_id IS NULL",
        ),
        Index("uq_claim_item_case", "case_id", unique=True, postgresql_where="case_id IS NOT NULL"),
        Index("ix_claim_item_claim", "claim_id"),
        Index("ix_claim_item_booking", "booking_id", postgresql_where="booking_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    talk_id: Mapped[int | None] = mapped_column(ForeignKey("talk.id"))  # a walk-in
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("desk_case.id"))
    served_at: Mapped[datetime]  # the end of the talk
    units: Mapped[int]  # charged minutes of a walk-in, slots of a reservation
    yen: Mapped[int]


class Closing(Base):
    """A month that was closed: whatever of it could be paid stands in claims."""

    __tablename__ = "closing"

    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    begun_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]  # all casts were gone through once
    swept_at: Mapped[
        datetime
    ]  # when the last round through all casts began: the first, or a night's
    swept_to: Mapped[int | None] = mapped_column(
        BigInteger
    )  # its last cast yet; none: it is through
    # That round looks at everything that ever was, not only where something can have become payable.
    whole: Mapped[bool] = mapped_column(default=True)


class Remitter(Base):
    """Who pays, as the paying bank knows us, and how fees are borne. The last row counts."""

    __tablename__ = "remitter"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str]  # 振込依頼人コード, ten digits
    name: Mapped[str]  # in the banks' writing, at most 40 bytes
    bank_code: Mapped[str]
    bank_name: Mapped[str]  # in the banks' writing; empty where they cannot write it
    branch_code: Mapped[str]
    branch_name: Mapped[str]  # in the banks' writing
    account_kind: Mapped[str]  # 1 普通, 2 当座, 9 その他
    account_number: Mapped[str]  # seven digits
    designation: Mapped[str]  # 振込指定区分: 7 by wire, or 0 or a space where the bank wants that
    line_ends: Mapped[bool]  # CR LF after each record, or nothing
    end_mark: Mapped[bool]  # a byte 1A after the last record
    cast_bears_fee: Mapped[bool]  # the transfer fee is taken from the payout (D25)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class TransferFee(Base):
    """What our bank takes for one transfer: by bank, branch and amount, from a day on.

    Empty codes mean any; the row that names more counts, and of those the highest threshold reached.
    """

    __tablename__ = "transfer_fee"
    __table_args__ = (
        UniqueConstraint("bank_code", "branch_code", "from_yen", "holds_from"),
        CheckConstraint("fee_yen >= 0 AND from_yen >= 0", name="amounts_not_negative"),
        CheckConstraint("branch_code = '' OR bank_code <> ''", name="branch_has_bank"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    bank_code: Mapped[str]
    branch_code: Mapped[str]
    from_yen: Mapped[int]  # of the amount that is sent
    holds_from: Mapped[date]
    fee_yen: Mapped[int]


class WithholdingClass(StrEnum):
    """Income tax taken at the source (facts: Japan 3.11)."""

    NONE = "none"
    TEACHING = "teaching"  # 所得税法204条1項1号: 10.21 %, above a million yen 20.42 %
    NON_RESIDENT = "non_resident"  # 20.42 %


class Withholding(Base):
    """The class that a cast has from a day on; without a row none is withheld."""

    __tablename__ = "withholding"

    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"), primary_key=True)
    holds_from: Mapped[date] = mapped_column(primary_key=True)
    tax_class: Mapped[WithholdingClass]
    written_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class BatchState(StrEnum):
    MADE = "made"  # 作成: a second person has to approve it
    APPROVED = "approved"  # 承認: the file is written, and never changes
    ACCEPTED = "accepted"  # 銀行受付
    PAID = "paid"  # 振込済; single payouts may still come back
    WITHDRAWN = "withdrawn"  # given up before the bank had it; its claims wait for another


class PayoutBatch(Base):
    """The payouts of one day, and the banks' file of them."""

    __tablename__ = "payout_batch"
    __table_args__ = (
        CheckConstraint("approved_by <> made_by", name="two_people"),
        CheckConstraint("(approved_at IS NULL) = (file_sha256 IS NULL)", name="approved_with_file"),
        CheckConstraint(
            "(file IS NOT NULL) = (file_sha256 IS NOT NULL AND forgotten_at IS NULL)",
            name="file_has_hash",
        ),
        Index("ix_payout_batch_pay_on", "pay_on"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    pay_on: Mapped[date]  # a bank day
    state: Mapped[BatchState] = mapped_column(default=BatchState.MADE)
    remitter_id: Mapped[int] = mapped_column(ForeignKey("remitter.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    form_key: Mapped[str | None] = mapped_column(unique=True)  # one press, one batch
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    file: Mapped[bytes | None] = mapped_column(Sealed, deferred=True)
    file_sha256: Mapped[str | None]
    downloaded_at: Mapped[datetime | None]  # first
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    accepted_at: Mapped[datetime | None]
    paid_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    paid_at: Mapped[datetime | None]  # when it was written down
    paid_on: Mapped[date | None]  # the bank's day
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]
    # Its time in the books is over: file, accounts and statements are gone, the sums stay.
    forgotten_at: Mapped[datetime | None]

    remitter: Mapped[Remitter] = relationship(lazy="raise")


class PayoutState(StrEnum):
    WAITING = "waiting"  # in a batch that the bank has not carried out yet
    PAID = "paid"
    RETURNED = "returned"  # the money came back; its claims wait for another payout
    WITHDRAWN = "withdrawn"  # taken out of its batch, or given up with it


class ReturnReason(StrEnum):
    """Why a receiving bank sends money back."""

    NO_ACCOUNT = "no_account"  # 口座なし
    OTHER_NAME = "other_name"  # 名義相違
    CLOSED = "closed"  # 口座解約
    OTHER = "other"


class Payout(Base):
    """One transfer to one cast, with the account and every amount as they were when it was made."""

    __tablename__ = "payout"
    __table_args__ = (
        UniqueConstraint("batch_id", "cast_id"),
        CheckConstraint(
            "transfer_yen = claimed_yen - withheld_yen - fee_yen", name="amounts_add_up"
        ),
        CheckConstraint("transfer_yen > 0", name="transfer_positive"),
        CheckConstraint(
            "withheld_yen >= 0 AND fee_yen >= 0 AND bank_fee_yen >= fee_yen", name="taken_in_range"
        ),
        CheckConstraint("(state = 'returned') = (returned_at IS NOT NULL)", name="returned_when"),
        Index("ix_payout_cast", "cast_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=unguessable)
    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batch.id"))
    cast_id: Mapped[int] = mapped_column(ForeignKey("talk_cast.account_id"))
    # Old accounts are deleted with the books of their time; what was paid to stands below.
    bank_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("bank_account.id", ondelete="SET NULL"), index=True
    )
    bank_code: Mapped[str]
    bank_name: Mapped[str]  # in the banks' writing; empty where they cannot write it
    branch_code: Mapped[str]
    branch_name: Mapped[str]  # in the banks' writing
    account_kind: Mapped[AccountKind]
    account_number: Mapped[str] = mapped_column(SealedText)
    holder: Mapped[str]  # in the banks' writing
    new_code: Mapped[str]  # 新規コード: 1 first transfer, 2 changed account, 0 neither
    claimed_yen: Mapped[int]
    tax_class: Mapped[WithholdingClass]
    withheld_yen: Mapped[int]
    bank_fee_yen: Mapped[int]  # what the bank takes, whoever bears it
    fee_yen: Mapped[int]  # the part of it that is taken from the cast
    transfer_yen: Mapped[int]
    state: Mapped[PayoutState] = mapped_column(default=PayoutState.WAITING)
    returned_at: Mapped[datetime | None]
    returned_on: Mapped[date | None]  # the bank's day
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    return_reason: Mapped[ReturnReason | None]
    # Who paid and who is paid, as the statement names them: frozen at approval.
    statement: Mapped[dict[str, str] | None] = mapped_column(JSONB)

    batch: Mapped[PayoutBatch] = relationship(lazy="raise")
    cast: Mapped[Cast] = relationship(lazy="raise")

    @property
    def masked(self) -> str:
        """The only form in which the number is shown; the whole one stands in the file."""
        return f"•••{self.account_number[-4:]}"


class PayoutClaim(Base):
    """A claim in a payout. Only one of a claim's payouts is live: the one that pays it."""

    __tablename__ = "payout_claim"
    __table_args__ = (
        Index("uq_payout_claim_live", "claim_id", unique=True, postgresql_where="live"),
    )

    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    live: Mapped[bool] = mapped_column(default=True)  # not returned, not withdrawn
