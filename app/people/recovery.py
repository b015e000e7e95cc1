"""Choosing a password through a mailed link: forgotten, or the first one (G39).

A link works once: it carries a mark of the password that it replaces, and of the address that it
was sent to, so it dies with either.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from app import audit, policy
from app.db import session
from app.errors import Refused
from app.people import passwords
from app.people.models import Account
from app.people.registration import confirm_address, why_not_password

SALT = "choose-password"


def token_of(
    account: Account, *, secret: str, now: datetime, holds: timedelta = policy.RESET_WITHIN
) -> str:
    """The last part of a link through which the owner of the address may choose a password."""
    until = int((now + holds).timestamp())
    return _signer(secret).dumps([account.public_id, _mark_of(account), until])


def find_by_token(token: str, *, secret: str, now: datetime) -> Account | None:
    """The account whose link this is; None for a wrong, used or old one."""
    return _find(token, secret=secret, now=now, held=False)


def choose_password(token: str, password: str, *, secret: str, now: datetime) -> Account | None:
    """Put a new password through a mailed link; every session ends, and nobody is let in.

    Whoever opened the mail has the address, so it is confirmed as well: somebody else may have
    registered with it. Of two who use one link at once, the second gets None.
    """
    if problems := why_not_password(password):
        raise Refused(*problems)
    account = _find(token, secret=secret, now=now, held=True)
    if account is None:
        return None
    confirm_address(account, now=now)
    passwords.change(account, password)
    audit.note("account.password_reset", about=f"account:{account.id}", by=account.id, now=now)
    return account


def _find(token: str, *, secret: str, now: datetime, held: bool) -> Account | None:
    try:
        public_id, mark, until = _signer(secret).loads(token)
    except BadSignature:
        return None
    if now > datetime.fromtimestamp(until, UTC):
        return None
    wanted = select(Account).filter_by(public_id=public_id, closed_at=None)
    if held:
        wanted = wanted.with_for_update(key_share=True)
        wanted = wanted.execution_options(populate_existing=True)
    account = session.scalars(wanted).one_or_none()
    return account if account and _mark_of(account) == mark else None


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=SALT)


def _mark_of(account: Account) -> str:
    """Another one after any change of the password or the address; shows neither."""
    seen = f"{account.password_hash} {account.email}"
    return sha256(seen.encode()).hexdigest()[:32]
