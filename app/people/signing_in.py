"""Who is at the door, and which devices are signed in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import contains_eager

from app import audit, policy
from app.db import session, unguessable
from app.errors import Refused
from app.people import passwords
from app.people.credentials import SignIn
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
    if not _is_still(account, account.password_hash):
        return None
    session.refresh(account, ["suspended_at"])  # as it is behind the lock
    if account.suspended_at:
        raise Refused(SUSPENDED)
    audit.note("account.password_given", about=f"account:{account.id}", by=account.id, now=now)
    return account


def begin(account: Account, *, device: str, now: datetime, with_code: bool = False) -> SignIn:
    """Sign a device in; who may do so was found out before."""
    begun = SignIn(
        account_id=account.id, account=account, device=device, signed_in_at=now, with_code=with_code
    )
    session.add(begun)
    session.flush()
    return begun


def find(key: str) -> SignIn | None:
    """The sign-in that a session cookie names, with its account, while it holds."""
    held = select(SignIn).join(SignIn.account).filter(SignIn.key == key, SignIn.ended_at.is_(None))
    may_come = (Account.closed_at.is_(None), Account.suspended_at.is_(None))
    wanted = held.where(*may_come).options(contains_eager(SignIn.account))
    return session.scalars(wanted).one_or_none()


def devices_of(account: Account) -> Sequence[SignIn]:
    """Where this person is signed in, the newest first."""
    wanted = select(SignIn).filter_by(account_id=account.id, ended_at=None)
    return session.scalars(wanted.order_by(SignIn.signed_in_at.desc(), SignIn.id.desc())).all()


def renew(here: SignIn) -> None:
    """Another key for a device that stays: a copy of its cookie opens nothing any more."""
    here.key = unguessable()


def end(here: SignIn, *, now: datetime) -> None:
    """Sign a device out. A second time changes nothing."""
    end_device(here.account_id, here.public_id, now=now)


def end_device(account_id: int, public_id: str, *, now: datetime) -> bool:
    """Sign one device of this person out; says whether it was theirs and signed in."""
    ended = update(SignIn).filter_by(account_id=account_id, public_id=public_id, ended_at=None)
    if not session.scalars(ended.values(ended_at=now).returning(SignIn.id)).all():
        return False
    audit.note("account.signed_out", about=f"account:{account_id}", by=account_id, now=now)
    return True


def end_others(here: SignIn, *, now: datetime) -> None:
    """Sign every other device of this person out."""
    number = end_all(here.account_id, now=now, but=here)
    about, by = f"account:{here.account_id}", here.account_id
    audit.note("account.others_signed_out", about=about, by=by, now=now, devices=number)


def end_all(account_id: int, *, now: datetime, but: SignIn | None = None) -> int:
    """Sign every device out, but for one perhaps; says how many that were."""
    ended = update(SignIn).filter_by(account_id=account_id, ended_at=None)
    if but:
        ended = ended.where(SignIn.id != but.id)
    return len(session.scalars(ended.values(ended_at=now).returning(SignIn.id)).all())


def forget(now: datetime) -> None:
    """Delete sign-ins that are too old to hold, and those that ended some time ago."""
    old = or_(
        SignIn.signed_in_at < now - policy.SIGN_IN_HOLDS,
        SignIn.ended_at < now - policy.SIGN_IN_KEPT,
    )
    session.execute(delete(SignIn).where(old))


def _is_still(account: Account, password_hash: str) -> bool:
    """Is this still the password? Held until the device is signed in.

    So a password that changes at this moment ends the new device as well, or keeps it out.
    """
    same = select(Account.id).filter_by(id=account.id, password_hash=password_hash, closed_at=None)
    return session.scalar(same.with_for_update(read=True)) is not None
