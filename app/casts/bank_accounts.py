"""The account that a cast is paid to: one at a time, in their own name, with its history.

A holder's name that differs from the real name is not refused, since people marry and have foreign
names: the account counts, and the office looks at it (D27).
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from app import audit, bank_kana, policy
from app.casts import yucho
from app.casts.bank_models import AccountKind, BankAccount, Verdict
from app.casts.banks import YUCHO, Branch
from app.casts.models import Cast, LegalName
from app.db import session
from app.errors import N_, Problem, Refused
from app.vault import vault


def find(cast_id: int) -> BankAccount | None:
    """The account that counts now."""
    wanted = select(BankAccount).where(
        BankAccount.account_id == cast_id, BankAccount.replaced_at.is_(None)
    )
    return session.scalars(wanted).one_or_none()


def of_casts(cast_ids: Collection[int]) -> dict[int, BankAccount]:
    """The accounts that count now, by cast; of whoever has none, nothing."""
    wanted = select(BankAccount).where(
        BankAccount.account_id.in_(cast_ids), BankAccount.replaced_at.is_(None)
    )
    return {account.account_id: account for account in session.scalars(wanted)}


def past(cast_id: int) -> list[BankAccount]:
    """Those that were replaced, the latest first."""
    wanted = (
        select(BankAccount)
        .where(BankAccount.account_id == cast_id, BankAccount.replaced_at.is_not(None))
        .order_by(BankAccount.id.desc())
    )
    return list(session.scalars(wanted))


def why_not_work(cast_id: int) -> list[Problem]:
    """Why a cast can neither stand by nor publish times yet; an empty list where they can (C27)."""
    account = find(cast_id)
    if account is None:
        text = N_("Before you begin, please register the bank account for your rewards.")
        return [Problem(code="no_bank_account", text=text)]
    if account.verdict is Verdict.CORRECTION:
        text = N_("Your bank account needs a correction before you go on.")
        return [Problem(code="bank_account_correction", text=text)]
    return []


def change(
    cast_id: int,
    *,
    branch: Branch,
    kind: AccountKind,
    number: str,
    holder: str,
    by: int,
    now: datetime,
) -> BankAccount:
    """Pay this account from now on. The same one again changes nothing.

    `branch` is one that was found to exist. Raises Refused for a number or a name that no bank has.
    """
    if problems := why_not_change(branch=branch, kind=kind, number=number, holder=holder):
        raise Refused(*problems)
    _hold(cast_id)
    old = find(cast_id)
    new = _account(cast_id, branch=branch, kind=kind, number=number, holder=holder, now=now)
    if old and (old.number_mark, old.holder) == (new.number_mark, new.holder):
        return old
    if old:
        old.replaced_at = now
        session.flush()  # before the new one: only one counts
    session.add(new)
    session.flush()
    audit.note(
        "bank_account.changed" if old else "bank_account.added",
        about=f"account:{cast_id}",
        by=by,
        now=now,
        bank=new.bank_code,
        branch=new.branch_code,
        holder_ok=new.holder_ok,
    )
    return new


def why_not_change(*, branch: Branch, kind: AccountKind, number: str, holder: str) -> list[Problem]:
    """Why no bank has such an account; an empty list where one may."""
    problems = bank_kana.why_not_write(holder, about="holder")
    if not (number.isascii() and number.isdigit() and len(number) <= policy.ACCOUNT_DIGITS):
        text = N_("An account number has up to %(most)s digits.")
        values = {"most": policy.ACCOUNT_DIGITS}
        problems.append(Problem(code="no_number", about="number", text=text, values=values))
    if branch.bank_code == YUCHO and kind not in yucho.kinds_of_branch(branch.code):
        text = N_("Accounts of this branch of Japan Post Bank are of another kind.")
        problems.append(Problem(code="wrong_kind", about="kind", text=text))
    return problems


def is_own_name(cast_id: int, holder: str) -> bool:
    """Whether the holder is the cast, by the kana of their real name (C28, D27)."""
    legal = session.get_one(LegalName, cast_id)
    return bank_kana.same(holder, f"{legal.family_kana} {legal.given_kana}")


def legal_holder(cast_id: int) -> str:
    """The holder that is expected, to begin with."""
    legal = session.get_one(LegalName, cast_id)
    return f"{legal.family_kana} {legal.given_kana}"


def _account(
    cast_id: int, *, branch: Branch, kind: AccountKind, number: str, holder: str, now: datetime
) -> BankAccount:
    digits = number.zfill(policy.ACCOUNT_DIGITS)
    written = bank_kana.write(holder)
    return BankAccount(
        account_id=cast_id,
        bank_code=branch.bank_code,
        bank_name=branch.bank_name,
        branch_code=branch.code,
        branch_name=branch.name,
        kind=kind,
        number=digits,
        number_mark=vault.mark(f"{branch.bank_code}:{branch.code}:{kind}:{digits}"),
        holder=written.name,
        # A name that was cut to what banks can write is looked at by a person.
        holder_ok=is_own_name(cast_id, holder) and not written.is_cut,
        added_at=now,
    )


def _hold(cast_id: int) -> None:
    """Two changes at once come one after the other."""
    held = {"key_share": True}
    session.get_one(Cast, cast_id, with_for_update=held, populate_existing=True)
