"""The key of a person's calendar feed: whoever has the address may read it, until it is renewed."""

from sqlalchemy import select

from app.db import session, unguessable
from app.people.models import Account


def find_by_key(key: str) -> Account | None:
    """Whose feed this key opens; none for an old key, or one of an account that was closed."""
    wanted = select(Account).filter_by(calendar_key=key, closed_at=None)
    return session.scalars(wanted).one_or_none()


def renew_key(account: Account) -> None:
    """From now on the feed has another address; calendars that know the old one hear no more."""
    account.calendar_key = unguessable()
    session.flush()
