"""Devices that the demo's people are signed in on, and mails about their accounts, with links to try."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app import account_letters
from app.people import addresses, signing_in
from app.people.models import Account

DEVICES = (
    ("Chrome 130 / Windows", timedelta(days=41)),
    ("Safari 17 / iPadOS 17", timedelta(days=12, hours=3)),
)


def keep(
    people: Sequence[Account], guest: Account, *, password: str, new_email: str, now: datetime
) -> None:
    """Earlier devices for these people; one guest's address is being changed."""
    for person in people:
        for device, ago in DEVICES:
            signing_in.begin(person, device=device, now=now - ago)
    change = addresses.ask(guest, new_email, password=password, now=now)
    account_letters.change_asked(change, now=now)
    account_letters.password_link(guest, now=now)
