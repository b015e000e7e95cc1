"""Holding an account's row while something about its owner changes."""

from sqlalchemy import select

from app.db import session
from app.people.models import Account


def lock(account: Account) -> None:
    """Wait for whoever changes this account, and read it as they left it."""
    wanted = select(Account).filter_by(id=account.id).with_for_update(key_share=True)
    session.scalars(wanted.execution_options(populate_existing=True)).one()
