"""Who is at the door."""

from datetime import datetime

from sqlalchemy import select

from app import audit
from app.db import session
from app.errors import Refused
from app.people import passwords
from app.people.models import Account, Role
from app.people.registration import find_account
from app.people.suspensions import SUSPENDED


def sign_in(email: str, password: str, *, role: Role, now: datetime) -> Account | None:
    """The account of these words, or None without telling which of them was wrong.

    Raises Refused where the office has suspended it; only whoever knew the password hears that.

    An account whose address is not confirmed is returned as well; the caller asks for the mail.
    """
    account = find_account(email, role)
    if account and account.closed_at:
        account = None
    if not passwords.matches(password, account.password_hash if account else None):
        return None
    assert account
    if account.suspended_at:
        raise Refused(SUSPENDED)
    audit.note("account.signed_in", about=f"account:{account.id}", by=account.id, now=now)
    return account


def account_of_session(session_id: str) -> Account | None:
    """The account that a session cookie names, while its key still holds."""
    public_id, _, key = session_id.partition(".")
    wanted = select(Account).filter_by(
        public_id=public_id, session_key=key, closed_at=None, suspended_at=None
    )
    return session.scalars(wanted).one_or_none()


def session_id_of(account: Account) -> str:
    return f"{account.public_id}.{account.session_key}"
