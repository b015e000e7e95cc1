"""Changing an account's e-mail address: the new one confirms, the old one may take it back (G40).

Nobody learns here whether an address has an account: what is kept and shown is the same, and only
the mail to the address itself differs.
"""

from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app import audit, policy
from app.db import session, unguessable
from app.errors import N_, Problem, Refused
from app.people import changing_passwords, holding
from app.people.credentials import ChangeState, EmailChange
from app.people.locking import lock
from app.people.models import Account
from app.people.registration import find_account, fold

CONFIRM = "change-address"
REVERT = "revert-address"


def why_not_ask(account: Account, email: str, *, password: str) -> list[Problem]:
    """Every reason not to begin this change; whether the address is taken is none of them."""
    problems = changing_passwords.why_not_owner(account, password)
    if fold(email) == account.email:
        text = N_("This is your address already.")
        problems.append(Problem(code="same_address", about="email", text=text))
    return problems


def ask(account: Account, email: str, *, password: str, now: datetime) -> EmailChange:
    """Begin a change; one that was begun before and not confirmed gives way."""
    lock(account)
    if problems := why_not_ask(account, email, password=password):
        raise Refused(*problems)
    before = update(EmailChange).filter_by(account_id=account.id, state=ChangeState.ASKED)
    session.execute(before.values(state=ChangeState.REPLACED, state_at=now))
    change = EmailChange(
        account_id=account.id,
        account=account,
        old_email=account.email,
        new_email=fold(email),
        may_revert=account.confirmed_at is not None,
        asked_at=now,
        state_at=now,
    )
    session.add(change)
    session.flush()
    _note(change, "asked", now=now)
    return change


def waiting_of(account: Account, *, now: datetime) -> EmailChange | None:
    """The change that waits for its new address, while the link there holds."""
    asked = select(EmailChange).filter_by(account_id=account.id, state=ChangeState.ASKED)
    change = session.scalars(asked).one_or_none()
    return change if change and now <= change.asked_at + policy.CHANGE_ADDRESS_WITHIN else None


def withdraw(account: Account, *, now: datetime) -> None:
    """Its owner, signed in, does not want the waiting change any more."""
    lock(account)
    change = waiting_of(account, now=now)
    if change:
        change.state, change.state_at = ChangeState.REPLACED, now
        _note(change, "withdrawn", now=now)


def owner_of(change: EmailChange) -> Account | None:
    """Who has the wished address already, and is to hear of it; nobody else may."""
    return find_account(change.new_email, change.account.role)


def token_of(change: EmailChange, *, purpose: str, secret: str) -> str:
    """The last part of a mailed link, to CONFIRM or REVERT; how long it holds, the row tells."""
    return _signer(secret, purpose).dumps(change.public_id)


def find_by_token(token: str, *, purpose: str, secret: str, now: datetime) -> EmailChange | None:
    """The change whose link this is, while it can be followed; None for a wrong or old link."""
    try:
        public_id = _signer(secret, purpose).loads(token)
    except BadSignature:
        return None
    wanted = select(EmailChange).filter_by(public_id=public_id)
    change = session.scalars(wanted.options(joinedload(EmailChange.account))).one_or_none()
    return change if change and _may(change, purpose, now=now) else None


def confirm(change: EmailChange, *, now: datetime) -> None:
    """The new address answered, and holds from now on. Raises Refused where it is too late."""
    account = _held(change, CONFIRM, now=now)
    try:
        with session.begin_nested():
            account.email = change.new_email
    except IntegrityError:
        raise Refused(_taken()) from None
    # Asked after the address was written: whoever else wanted it has been waited for by then.
    if holding.holder_of(change.new_email, account.role, but=account, now=now):
        raise Refused(_taken())
    account.confirmed_at = now
    change.state, change.state_at = ChangeState.CONFIRMED, now
    _note(change, "confirmed", now=now)


def revert(change: EmailChange, *, now: datetime) -> Account:
    """The old address takes its account back: devices are signed out, and the password is void.

    Changes that were made after this one go with it, and nobody confirms or reverts them any more.
    """
    account = _held(change, REVERT, now=now)
    try:
        with session.begin_nested():
            account.email = change.old_email
    except IntegrityError:
        raise Refused(_taken()) from None
    changing_passwords.put(account, unguessable(), now=now)
    session.execute(
        update(EmailChange)
        .where(EmailChange.account_id == account.id, EmailChange.id >= change.id)
        .values(state=ChangeState.REVERTED, state_at=now)
    )
    _note(change, "reverted", now=now)
    return account


def forget(now: datetime) -> None:
    """Delete changes that nobody can follow any more, with the addresses in them."""
    old = EmailChange.state_at < now - policy.EMAIL_CHANGES_KEPT
    session.execute(delete(EmailChange).where(old))


def revert_until(change: EmailChange) -> datetime:
    """Until when the old address may take the change back: from the last thing that happened."""
    return change.state_at + policy.REVERT_ADDRESS_WITHIN


def _may(change: EmailChange, purpose: str, *, now: datetime) -> bool:
    if change.account.closed_at:
        return False
    if purpose == CONFIRM:
        is_asked = change.state is ChangeState.ASKED
        return is_asked and now <= change.asked_at + policy.CHANGE_ADDRESS_WITHIN
    is_open = change.may_revert and change.state is not ChangeState.REVERTED
    return is_open and now <= revert_until(change)


def _held(change: EmailChange, purpose: str, *, now: datetime) -> Account:
    """Its account, locked, with the change as whoever came before left it."""
    account = change.account
    lock(account)
    session.refresh(change, ["state", "state_at"])
    if not _may(change, purpose, now=now):
        text = N_("This link does not work any more.")
        raise Refused(Problem(code="link_over", text=text))
    return account


def _taken() -> Problem:
    text = N_("This address cannot be used for this account now. Please write to us.")
    return Problem(code="address_taken", text=text)


def _note(change: EmailChange, what: str, *, now: datetime) -> None:
    by = change.account_id
    audit.note(f"account.email_change_{what}", about=f"account:{by}", by=by, now=now)


def _signer(secret: str, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=purpose)
