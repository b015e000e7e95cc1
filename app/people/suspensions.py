"""Suspending an account: its person is out everywhere at once, and cannot come in."""

from datetime import datetime

from sqlalchemy import update

from app import audit
from app.db import session
from app.errors import N_, Problem, Refused
from app.people.credentials import SignIn
from app.people.models import Account, Role

BECAUSE_LENGTH = 500  # characters

# Said at the door, and only to whoever knew the password.
SUSPENDED = Problem(
    code="suspended",
    text=N_("This account is suspended at the moment. Please write to the office."),
)


def why_not_suspend(account: Account, *, because: str) -> list[Problem]:
    if account.role is Role.OPERATOR or account.closed_at:
        text = N_("This account cannot be suspended.")
        return [Problem(code="not_suspendable", text=text)]
    return why_not_words(because, about="because")


def suspend(account: Account, *, because: str, by: int, now: datetime) -> None:
    """Close the doors: every session ends. The caller holds the row. Raises Refused."""
    if problems := why_not_suspend(account, because=because):
        raise Refused(*problems)
    account.suspended_at, account.suspended_because = now, because.strip()
    session.execute(
        update(SignIn).filter_by(account_id=account.id, ended_at=None).values(ended_at=now)
    )
    session.flush()
    audit.note("account.suspended", about=f"account:{account.id}", by=by, now=now)


def lift(account: Account, *, by: int, now: datetime) -> None:
    """Let the person come in again. The caller holds the row."""
    account.suspended_at, account.suspended_because = None, ""
    session.flush()
    audit.note("account.suspension_lifted", about=f"account:{account.id}", by=by, now=now)


def why_not_words(words: str, *, about: str = "words") -> list[Problem]:
    if not words.strip():
        return [Problem(code="no_reason", about=about, text=N_("Please say why."))]
    if len(words) > BECAUSE_LENGTH:
        text = N_("Please use at most %(max)d characters.")
        values = {"max": BECAUSE_LENGTH}
        return [Problem(code="too_long", about=about, text=text, values=values)]
    return []
