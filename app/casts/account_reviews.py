"""What the office looks at: holders with another name, and one account of two casts (D27, D44)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import aliased

from app import audit
from app.casts.bank_models import BankAccount, Verdict
from app.casts.models import Cast, LegalName
from app.db import session
from app.errors import N_, Problem, Refused

SAID_LENGTH = 500  # characters
LATELY = 20  # decisions shown below the queue

_EARLIER = aliased(BankAccount)


@dataclass(frozen=True, kw_only=True)
class Review:
    """An account with whose it is, and why it is looked at."""

    account: BankAccount
    cast: Cast
    legal: LegalName
    is_shared: bool  # another cast has, or had, the same account

    @property
    def reasons(self) -> list[str]:
        other_name = [] if self.account.holder_ok else ["holder"]
        return [*other_name, *(["shared"] if self.is_shared else [])]


def queue() -> list[Review]:
    """The accounts that wait for a decision, the oldest first."""
    return _reviews(_waits(), order=BankAccount.added_at)


def count_waiting() -> int:
    return session.scalar(select(func.count()).select_from(BankAccount).where(_waits())) or 0


def decided_lately() -> list[Review]:
    decided = BankAccount.verdict.is_not(None)
    return _reviews(decided, order=BankAccount.reviewed_at.desc(), most=LATELY)


def find(public_id: str) -> Review | None:
    return next(iter(_reviews(BankAccount.public_id == public_id)), None)


def sharers(account: BankAccount) -> list[Row[tuple[Cast, BankAccount]]]:
    """Every other cast who has, or had, the same account."""
    wanted = (
        select(Cast, BankAccount)
        .join(BankAccount, BankAccount.account_id == Cast.account_id)
        .where(
            BankAccount.number_mark == account.number_mark,
            BankAccount.account_id != account.account_id,
        )
        .order_by(BankAccount.id)
    )
    return list(session.execute(wanted))


def accept(account_id: int, *, by: int, now: datetime) -> BankAccount:
    """It is the cast's own account. A second decision changes nothing.

    `account_id` is the bank account's.
    """
    return _decide(account_id, Verdict.ACCEPTED, said="", by=by, now=now)


def ask_correction(account_id: int, *, said: str, by: int, now: datetime) -> BankAccount:
    """Ask the cast for another account; until then they neither stand by nor publish times."""
    return _decide(account_id, Verdict.CORRECTION, said=said, by=by, now=now)


def look(account: BankAccount, *, by: int, now: datetime) -> str:
    """The whole number, and a line in the audit that somebody saw it."""
    about = f"bank_account:{account.id}"
    audit.note("bank_account.number_seen", about=about, by=by, now=now, cast=account.account_id)
    return account.number


def _decide(account_id: int, verdict: Verdict, *, said: str, by: int, now: datetime) -> BankAccount:
    account = session.get_one(
        BankAccount, account_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if account.verdict is not None:
        return account
    if account.replaced_at is not None:
        text = N_("The cast has registered another account meanwhile; this one counts no more.")
        raise Refused(Problem(code="replaced", text=text))
    account.verdict, account.said = verdict, said
    account.reviewed_by, account.reviewed_at = by, now
    session.flush()
    about = f"bank_account:{account.id}"
    audit.note(f"bank_account.{verdict}", about=about, by=by, now=now, cast=account.account_id)
    return account


def _waits() -> ColumnElement[bool]:
    return and_(
        BankAccount.replaced_at.is_(None),
        BankAccount.verdict.is_(None),
        or_(BankAccount.holder_ok.is_(False), _is_shared()),
    )


def _is_shared() -> ColumnElement[bool]:
    """Of two with the same account, the later one is looked at."""
    return (
        select(_EARLIER.id)
        .where(
            _EARLIER.number_mark == BankAccount.number_mark,
            _EARLIER.account_id != BankAccount.account_id,
            _EARLIER.id < BankAccount.id,
        )
        .exists()
    )


def _reviews(
    wanted: ColumnElement[bool],
    *,
    order: SQLColumnExpression[Any] = BankAccount.id,
    most: int | None = None,
) -> list[Review]:
    found = session.execute(
        select(BankAccount, Cast, LegalName, _is_shared())
        .join(Cast, Cast.account_id == BankAccount.account_id)
        .join(LegalName, LegalName.account_id == BankAccount.account_id)
        .where(wanted)
        .order_by(order, BankAccount.id)
        .limit(most)
    )
    return [
        Review(account=account, cast=cast, legal=legal, is_shared=is_shared)
        for account, cast, legal, is_shared in found
    ]
