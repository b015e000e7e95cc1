"""Another password for one who is signed in; what a mailed link does stands in recovery."""

from datetime import datetime

from app import audit
from app.errors import N_, Problem, Refused
from app.people import passwords, signing_in
from app.people.credentials import SignIn
from app.people.locking import lock
from app.people.models import Account
from app.people.registration import why_not_password


def why_not_change(account: Account, *, current: str, anew: str) -> list[Problem]:
    """Every reason not to take this new password."""
    return why_not_owner(account, current) + why_not_password(anew)


def why_not_owner(account: Account, current: str) -> list[Problem]:
    """Somebody at an open page may not be its owner, who knows the password."""
    if passwords.matches(current, account.password_hash):
        return []
    return [
        Problem(code="wrong_password", about="current", text=N_("This is not your password now."))
    ]


def change(account: Account, *, current: str, anew: str, here: SignIn, now: datetime) -> None:
    """Take the new password; every device but this one is signed out."""
    lock(account)
    if problems := why_not_change(account, current=current, anew=anew):
        raise Refused(*problems)
    put(account, anew, now=now, but=here)
    signing_in.renew(here)
    audit.note("account.password_changed", about=f"account:{account.id}", by=account.id, now=now)


def put(account: Account, password: str, *, now: datetime, but: SignIn | None = None) -> None:
    """Another password from now on; the devices of the account, which is locked, are signed out."""
    account.password_hash = passwords.hash_password(password)
    signing_in.end_all(account.id, now=now, but=but)
