"""Making an operator: by whoever holds the server, since no page may do it."""

from datetime import datetime

from app import audit
from app.db import session
from app.errors import N_, Problem, Refused
from app.people import passwords
from app.people.models import Account, Role
from app.people.registration import (
    find_account,
    fold,
    why_not_address,
    why_not_nickname,
    why_not_password,
)


def why_not_add(*, email: str, password: str, name: str) -> list[Problem]:
    """Every reason not to make this operator."""
    return _why_not_address(email) + why_not_nickname(name) + why_not_password(password)


def add(*, email: str, password: str, name: str, now: datetime) -> Account:
    """A new operator. The address counts as confirmed: the server's keeper vouches for it."""
    if problems := why_not_add(email=email, password=password, name=name):
        raise Refused(*problems)
    account = Account(
        role=Role.OPERATOR,
        email=fold(email),
        password_hash=passwords.hash_password(password),
        nickname=name.strip(),
        confirmed_at=now,
        created_at=now,
    )
    session.add(account)
    session.flush()
    audit.note("account.operator_added", about=f"account:{account.id}", by=None, now=now)
    return account


def _why_not_address(email: str) -> list[Problem]:
    if problems := why_not_address(email):
        return problems
    if find_account(email, Role.OPERATOR):
        text = N_("An operator with this address is there already.")
        return [Problem(code="address_taken", about="email", text=text)]
    return []
