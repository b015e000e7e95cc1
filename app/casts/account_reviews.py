"""What the office looks at: holders with another name, one account of two casts (D27, D44), and
accounts that money came back from.
"""

from collections.abc import Collection
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
        came_back = ["came_back"] if self.account.came_back_at else []
        other_name = [] if self.account.holder_ok else ["holder"]
        return [*came_back, *other_name, *(["shared"] if self.is_shared else [])]


def queue() -> list[Review]:
    """The accounts that wait for a decision, the oldest first."""
    return _reviews(_waits(), order=BankAccount.added_at)


def count_waiting() -> int:
    return session.scalar(select(func.count()).select_from(BankAccount).where(_waits())) or 0


def waiting_among(cast_ids: Collection[int]) -> dict[int, list[str]]:
    """Of these casts those whose account waits for a look, with the reasons."""
    wanted = and_(_waits(), BankAccount.account_id.in_(cast_ids))
    return {each.cast.account_id: each.reasons for each in _reviews(wanted)}


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

    `account_id` is the bank account's. Of an account that money came back from this is the office's
    word that it is right all the same: the next batch pays to it again.
    """
    return _decide(account_id, Verdict.ACCEPTED, said="", by=by, now=now)


def ask_correction(account_id: int, *, said: str, by: int, now: datetime) -> BankAccount:
    """Ask the cast for another account; until then they neither stand by nor publish times."""
    return _decide(account_id, Verdict.CORRECTION, said=said, by=by, now=now)


def money_came_back(account_id: int, *, by: int, now: datetime) -> BankAccount:
    """A bank sent a payout back: nothing is paid there until it is confirmed, or another is named.

    It stops nobody from working, unlike a correction: the bank's word comes weeks after the work,
    often for a slip of the bank's own, and what is earned meanwhile only waits for the next batch.
    """
    account = _held(account_id)
    if account.replaced_at is None and account.came_back_at is None:
        account.came_back_at = now
        session.flush()
        about = f"bank_account:{account.id}"
        audit.note("bank_account.came_back", about=about, by=by, now=now, cast=account.account_id)
    return account


def look(account: BankAccount, *, by: int, now: datetime) -> str:
    """The whole number, and a line in the audit that somebody saw it."""
    about = f"bank_account:{account.id}"
    audit.note("bank_account.number_seen", about=about, by=by, now=now, cast=account.account_id)
    return account.number


def _decide(account_id: int, verdict: Verdict, *, said: str, by: int, now: datetime) -> BankAccount:
    account = _held(account_id)
    confirms = account.came_back_at is not None and verdict is Verdict.ACCEPTED
    if account.verdict is not None and not confirms:
        return account
    if account.replaced_at is not None:
        text = N_("The cast has registered another account meanwhile; this one counts no more.")
        raise Refused(Problem(code="replaced", text=text))
    account.verdict, account.said = verdict, said
    account.reviewed_by, account.reviewed_at = by, now
    if confirms:
        account.came_back_at = None
    session.flush()
    about = f"bank_account:{account.id}"
    audit.note(f"bank_account.{verdict}", about=about, by=by, now=now, cast=account.account_id)
    return account


def _held(account_id: int) -> BankAccount:
    held = {"key_share": True}
    return session.get_one(BankAccount, account_id, with_for_update=held, populate_existing=True)


def _waits() -> ColumnElement[bool]:
    is_odd = or_(BankAccount.holder_ok.is_(False), _is_shared())
    return and_(
        BankAccount.replaced_at.is_(None),
        or_(
            and_(BankAccount.verdict.is_(None), is_odd),
            BankAccount.came_back_at.is_not(None),
        ),
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
