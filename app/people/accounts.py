"""Finding an account by the name that addresses use."""

from sqlalchemy import select

from app.db import session
from app.people.models import Account


def find(public_id: str) -> Account | None:
    return session.scalars(select(Account).filter_by(public_id=public_id)).one_or_none()
