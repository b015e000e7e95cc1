"""Closing an account: it can be held while it is open, and once closed nothing of its person is left.

Whatever a guest begins holds the account by `hold_open` first, so of leaving and beginning at the
same instant one waits for the other.
"""

from datetime import datetime

from sqlalchemy import delete

from app import audit
from app.db import session, unguessable
from app.errors import N_, Problem, Refused
from app.people.credentials import EmailChange, PasswordRequest, SignIn
from app.people.models import Account, DeviceCheck, Role

GONE = "退会したゲスト"  # what the other side reads instead of the nickname
GONE_CAST = "退会したキャスト"
NOBODY = "left.invalid"  # no mail can ever go there (RFC 2606)
CLOSED = Problem(code="closed", text=N_("This account is closed."))


def get_held(account_id: int) -> Account:
    """The account as it is now, held until the end of the transaction."""
    held = {"key_share": True}
    return session.get_one(Account, account_id, with_for_update=held, populate_existing=True)


def hold_open(account_id: int) -> Account:
    """The same; raises Refused where its person has left."""
    account = get_held(account_id)
    if account.closed_at:
        raise Refused(CLOSED)
    return account


def close(account: Account, *, now: datetime, by: int | None = None) -> None:
    """Close a held account: all sessions end, and its address is free to register anew."""
    asked = delete(PasswordRequest).filter_by(role=account.role, email=account.email)
    session.execute(asked)
    account.closed_at = now
    account.email = f"{account.public_id.lower()}@{NOBODY}"
    account.nickname = GONE_CAST if account.role is Role.CAST else GONE
    account.born_on, account.password_hash = None, ""
    account.calendar_key, account.locale = unguessable(), "ja"
    account.suspended_at, account.suspended_because = None, ""
    for table in (DeviceCheck, SignIn, EmailChange):
        session.execute(delete(table).where(table.account_id == account.id))
    session.flush()
    audit.note("account.left", about=f"account:{account.id}", by=by or account.id, now=now)
