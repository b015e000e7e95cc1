"""What a batch is judged by, asked once for all its casts: accounts, tax, tariff; and what follows of it.

It writes nothing. By the same grounds a batch is planned, and looked at once more before its approval.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from app import bank_kana
from app.casts import account_reviews, bank_accounts, banks
from app.casts.bank_models import BankAccount, Verdict
from app.payouts import fees, withholding
from app.payouts.fees import Tariff
from app.payouts.left_out import LeftOutReason
from app.payouts.models import Remitter, WithholdingClass

_OF_ACCOUNT = {"holder": LeftOutReason.OTHER_HOLDER, "shared": LeftOutReason.SHARED}


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """What is taken from a sum before it is sent, and what the bank takes for sending it."""

    claimed_yen: int
    tax_class: WithholdingClass
    withheld_yen: int
    bank_fee_yen: int
    fee_yen: int

    @property
    def transfer_yen(self) -> int:
        return self.claimed_yen - self.withheld_yen - self.fee_yen


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Of the casts of a batch, by cast; of whom nothing is known, nothing stands here."""

    accounts: dict[int, BankAccount]
    why_no_account: dict[int, LeftOutReason]  # nothing can be paid to it today
    classes: dict[int, WithholdingClass]
    tariff: Tariff
    cast_bears_fee: bool

    def amounts_of(self, cast_id: int, claimed_yen: int) -> Amounts:
        """Tax on the sum, then the fee on what is left of it (D25). For a cast with an account."""
        account = self.accounts[cast_id]
        place = (account.bank_code, account.branch_code)
        tax_class = self.classes.get(cast_id, WithholdingClass.NONE)
        withheld = withholding.withheld_yen(tax_class, claimed_yen)
        left = claimed_yen - withheld
        fee = self.tariff.deducted(*place, left) if self.cast_bears_fee else 0
        sent = left - fee
        return Amounts(
            claimed_yen=claimed_yen,
            tax_class=tax_class,
            withheld_yen=withheld,
            bank_fee_yen=self.tariff.fee_of(*place, sent),
            fee_yen=fee,
        )


def of(cast_ids: Collection[int], *, pay_on: date, remitter: Remitter | None) -> Grounds:
    """The grounds as they are now. Without a remitter no fee is known yet."""
    accounts = bank_accounts.of_casts(cast_ids)
    return Grounds(
        accounts=accounts,
        why_no_account=why_no_account(cast_ids, accounts),
        classes=withholding.classes_of(cast_ids, on=pay_on),
        tariff=fees.tariff(on=pay_on),
        cast_bears_fee=remitter is not None and remitter.cast_bears_fee,
    )


def why_no_account(
    cast_ids: Collection[int], accounts: dict[int, BankAccount]
) -> dict[int, LeftOutReason]:
    """Of these casts those to whom nothing can be paid today, with the reason."""
    unreviewed = account_reviews.waiting_among(cast_ids)
    places = {(each.bank_code, each.branch_code) for each in accounts.values()}
    # In order, since the branches of a bank are read from one file.
    gone = {place for place in sorted(places) if banks.names_in_file(*place) is None}
    found = {
        cast_id: _why_not(accounts.get(cast_id), unreviewed.get(cast_id, []), gone)
        for cast_id in cast_ids
    }
    return {cast_id: reason for cast_id, reason in found.items() if reason}


def _why_not(
    account: BankAccount | None, unreviewed: Iterable[str], gone: set[tuple[str, str]]
) -> LeftOutReason | None:
    if account is None:
        return LeftOutReason.NO_ACCOUNT
    if account.came_back_at:
        return LeftOutReason.CAME_BACK
    if account.verdict is Verdict.CORRECTION:
        return LeftOutReason.CORRECTION
    of_review = (_OF_ACCOUNT[each] for each in unreviewed)
    return next(of_review, None) or _why_not_write(account, gone)


def _why_not_write(account: BankAccount, gone: set[tuple[str, str]]) -> LeftOutReason | None:
    if (account.bank_code, account.branch_code) in gone:
        return LeftOutReason.NO_BRANCH
    if bank_kana.why_not_write(account.holder, about="holder"):
        return LeftOutReason.UNWRITABLE
    return None
