"""The second factor of operators: codes of an authenticator app, and codes for its loss.

A code opens once: the step of the last one that was taken is kept.
"""

import base64
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select, update

from app import audit, policy
from app.db import session
from app.errors import N_, Problem, Refused
from app.people import signing_in
from app.people.credentials import RecoveryCode, SecondFactor, SignIn
from app.people.locking import lock
from app.people.models import Account
from app.vault import vault

STEP_SECONDS = 30
STEPS_AROUND = 1  # a code may come this many steps early or late, as clocks differ
ISSUER = "Sashitalk"
CODE_BYTES = 5  # 40 bits of chance in a recovery code, written as eight letters


def find(account: Account) -> SecondFactor | None:
    """What is known of this person's authenticator, confirmed or not."""
    return session.get(SecondFactor, account.id, populate_existing=True)


def is_asked_of(account: Account) -> bool:
    """Does this person's login need a code?"""
    factor = find(account)
    return factor is not None and factor.secret is not None


def begin(account: Account, *, now: datetime) -> None:
    """Make a new secret that waits for its first code; an older one goes on until then."""
    lock(account)
    factor = find(account) or SecondFactor(account_id=account.id)
    factor.waiting = pyotp.random_base32()
    session.add(factor)
    session.flush()
    audit.note("account.second_factor_begun", about=f"account:{account.id}", by=account.id, now=now)


def address_of(account: Account, secret: str) -> str:
    """What the picture says to an authenticator app (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


def confirm(account: Account, code: str, *, here: SignIn, now: datetime) -> list[str]:
    """The new secret holds, since a code of it was shown; other devices are signed out.

    Gives the recovery codes, this once.
    """
    lock(account)
    factor = find(account)
    step = _step_of(factor.waiting, code, after=0, now=now) if factor and factor.waiting else None
    if factor is None or step is None:
        raise Refused(wrong_code())
    factor.secret, factor.waiting = factor.waiting, None
    factor.last_step, factor.confirmed_at = step, now
    signing_in.end_all(account.id, now=now, but=here)
    here.with_code = True
    audit.note(
        "account.second_factor_confirmed", about=f"account:{account.id}", by=account.id, now=now
    )
    return _new_codes(account)


def renew_codes(account: Account, *, now: datetime) -> list[str]:
    """Ten other recovery codes; those before open nothing any more."""
    lock(account)
    audit.note(
        "account.recovery_codes_renewed", about=f"account:{account.id}", by=account.id, now=now
    )
    return _new_codes(account)


def is_right(account: Account, code: str, *, now: datetime) -> bool:
    """Take a code of the app, or a recovery code. Each opens once only."""
    lock(account)
    factor = find(account)
    if factor is None or factor.secret is None:
        return False
    plain = _plain(code)
    step = _step_of(factor.secret, plain, after=factor.last_step, now=now)
    if step is not None:
        factor.last_step = step
        return True
    return _uses_up(account, plain, now=now)


def codes_left(account: Account) -> int:
    unused = select(func.count(RecoveryCode.id)).filter_by(account_id=account.id, used_at=None)
    return session.scalars(unused).one()


def reset(account: Account, *, now: datetime) -> bool:
    """Forget the authenticator and its codes, by whoever holds the server; was there one?"""
    lock(account)
    factor = find(account)
    session.execute(delete(RecoveryCode).filter_by(account_id=account.id))
    if factor is None:
        return False
    session.delete(factor)
    signing_in.end_all(account.id, now=now)
    audit.note("account.second_factor_reset", about=f"account:{account.id}", by=None, now=now)
    return True


def wrong_code() -> Problem:
    return Problem(
        code="wrong_code",
        about="code",
        text=N_("This code is not right, or was used already. Please give the next one."),
    )


def _step_of(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """The step whose code this is, none of those up to `after`."""
    here = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(here - STEPS_AROUND, here + STEPS_AROUND + 1):
        right = totp.generate_otp(step)
        if step > after and secrets.compare_digest(right.encode(), _plain(code).encode()):
            return step
    return None


def _uses_up(account: Account, code: str, *, now: datetime) -> bool:
    mark = _mark_of(account, code)
    used = update(RecoveryCode).filter_by(account_id=account.id, mark=mark, used_at=None)
    return bool(session.scalars(used.values(used_at=now).returning(RecoveryCode.id)).all())


def _new_codes(account: Account) -> list[str]:
    session.execute(delete(RecoveryCode).filter_by(account_id=account.id))
    codes = [_new_code() for _ in range(policy.RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(account_id=account.id, mark=_mark_of(account, _plain(code))) for code in codes
    )
    return codes


def _new_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    return f"{letters[:4]}-{letters[4:]}"


def _plain(code: str) -> str:
    """As people type it: with spaces, dashes and capitals."""
    return "".join(filter(str.isalnum, code)).lower()


def _mark_of(account: Account, code: str) -> str:
    return vault.mark(f"recovery code {account.id} {code}")
