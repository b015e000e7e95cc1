"""Addresses that an account has just left and could still come back to: nobody else may have them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app import policy
from app.db import session
from app.people.credentials import ChangeState, EmailChange
from app.people.models import Account, Role


def holder_of(
    email: str, role: Role, *, now: datetime, but: Account | None = None
) -> Account | None:
    """Whose address this was until a change that can be taken back yet; `email` is folded."""
    left = (
        select(EmailChange)
        .join(EmailChange.account)
        .options(contains_eager(EmailChange.account))
        .where(
            EmailChange.old_email == email,
            EmailChange.state == ChangeState.CONFIRMED,
            EmailChange.may_revert,
            EmailChange.state_at >= now - policy.REVERT_ADDRESS_WITHIN,
            Account.role == role,
            Account.closed_at.is_(None),
        )
    )
    if but:
        left = left.where(Account.id != but.id)
    change = session.scalars(left.limit(1)).first()
    return change.account if change else None
