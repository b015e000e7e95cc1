"""The mails about signing in: links to passwords and addresses, and what was changed by whom.

Each goes to an address that must hear of it, which is not always the one that the account has.
"""

from datetime import datetime, timedelta

from flask import current_app

from app import clock, policy
from app.jobs import periodic, transaction
from app.letters import link, write_at
from app.people import addresses, recovery
from app.people.credentials import EmailChange
from app.people.models import Account


@periodic
def send_password_links() -> None:
    """Mail a link to everyone who asked for a new password, a batch in each transaction."""
    asked = True
    while asked:
        now = clock.now()
        with transaction():
            found = recovery.take_requests()
            for account in filter(None, found):
                password_link(account, now=now)
        asked = bool(found)


def password_link(account: Account, *, now: datetime) -> None:
    """The link to choose a new password; asked for again, it goes out once in a while."""
    slice_ = int(now.timestamp() // policy.CONFIRMATION_AGAIN.total_seconds())
    token = recovery.token_of(account, secret=_secret(), now=now)
    write_at(
        account.email,
        "password_link",
        to=account,
        key=f"account:{account.id}:password_link:{slice_}",
        now=now,
        not_after=now + policy.RESET_WITHIN,
        until=now + policy.RESET_WITHIN,
        link=link("recovery.choose", token=token),
    )


def password_changed(account: Account, *, now: datetime) -> None:
    """To its owner, who may not have been the one."""
    _tell("password_changed", account, now=now, link=_way_back(account))


def second_factor_set(account: Account, *, now: datetime) -> None:
    _tell("second_factor_set", account, now=now, link=link("second_factor.show"))


def second_factor_reset(account: Account, *, now: datetime) -> None:
    _tell("second_factor_reset", account, now=now, link=link("signing_in.operator_login"))


def change_asked(change: EmailChange, *, now: datetime) -> None:
    """The new address is asked to confirm, or its owner told; the old one hears of it."""
    owner = addresses.owner_of(change)
    if owner is None:
        token = addresses.token_of(change, purpose=addresses.CONFIRM, secret=_secret())
        _of_change(
            "email_change_link", change, at=change.new_email, now=now, link=_confirming(token)
        )
    else:
        at = change.new_email
        write_at(at, "email_change_taken", to=owner, key=_key(change, "taken"), now=now)
    if change.may_revert:
        _to_old_address("email_change_asked", change, now=now)


def change_confirmed(change: EmailChange, *, now: datetime) -> None:
    if change.may_revert:
        _to_old_address("email_change_done", change, now=now)


def _to_old_address(name: str, change: EmailChange, *, now: datetime) -> None:
    token = addresses.token_of(change, purpose=addresses.REVERT, secret=_secret())
    back, until = link("email_change.reverting", token=token), addresses.revert_until(change)
    _of_change(name, change, at=change.old_email, now=now, link=back, until=until)


def _of_change(
    name: str, change: EmailChange, *, at: str, now: datetime, **context: object
) -> None:
    account, key = change.account, _key(change, name)
    hours = policy.CHANGE_ADDRESS_WITHIN // timedelta(hours=1)
    write_at(
        at,
        name,
        to=account,
        key=key,
        now=now,
        not_after=None,
        change=change,
        hours=hours,
        **context,
    )


def _key(change: EmailChange, what: str) -> str:
    return f"email_change:{change.id}:{what}"


def _tell(name: str, account: Account, *, now: datetime, **context: object) -> None:
    key = f"account:{account.id}:{name}:{now.timestamp():.3f}"
    write_at(account.email, name, to=account, key=key, now=now, not_after=None, at=now, **context)


def _confirming(token: str) -> str:
    return link("email_change.confirming", token=token)


def _way_back(account: Account) -> str:
    return link("recovery.ask", role=account.role.value)


def _secret() -> str:
    return str(current_app.config["SETTINGS"].secret_key)
