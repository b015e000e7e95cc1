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
from app.people import changing_passwords
from app.people.credentials import PasswordRequest
from app.people.models import Account, Role
from app.people.registration import confirm_address, find_account, fold, why_not_password

SALT = "choose-password"
BATCH = 50


def ask(email: str, role: Role, *, now: datetime) -> None:
    """Keep that somebody wants a link. The same work for every address, registered or not."""
    session.add(PasswordRequest(role=role, email=fold(email), asked_at=now))


def take_requests() -> list[Account | None]:
    """Who is to be mailed a link, None for an unknown address; a batch, each handed out once."""
    waiting = session.scalars(
        select(PasswordRequest)
        .order_by(PasswordRequest.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for each in waiting:
        session.delete(each)
    found = [find_account(each.email, each.role) for each in waiting]
    return [account if account and not account.closed_at else None for account in found]


def token_of(
    account: Account, *, secret: str, now: datetime, holds: timedelta = policy.RESET_WITHIN
) -> str:
    """The last part of a link through which the owner of the address may choose a password."""
    until = int((now + holds).timestamp())
    return _signer(secret).dumps([account.public_id, mark_of(account), until])


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
    changing_passwords.put(account, password, now=now)
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
    return account if account and mark_of(account) == mark else None


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=SALT)


def mark_of(account: Account) -> str:
    """Another one after any change of the password or the address; shows neither."""
    seen = f"{account.password_hash} {account.email}"
    return sha256(seen.encode()).hexdigest()[:32]
