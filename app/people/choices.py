"""Which mails somebody wants. What must be told about money, bookings and safety always comes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete

from app import policy
from app.db import session
from app.errors import N_, Problem
from app.people import closing
from app.people.models import Account, MailChoices, Role


class Topic(StrEnum):
    """What can be switched off; each is a column of the choices."""

    EXPIRY = "expiry"
    REMINDERS = "reminders"
    MESSAGES = "messages"
    OPENINGS = "openings"
    FAVOURITES = "favourites"


TOPICS = {
    Role.GUEST: tuple(Topic),
    Role.CAST: (Topic.REMINDERS, Topic.MESSAGES),
    Role.OPERATOR: (),
}


def of(account_id: int) -> MailChoices:
    """What this person has chosen; without a row, every mail between the usual hours."""
    return session.get(MailChoices, account_id) or _usual(account_id)


def wants(account_id: int, topic: Topic) -> bool:
    return bool(getattr(of(account_id), topic))


def why_not_hours(tell_from: int, tell_until: int) -> list[Problem]:
    """Why favourites cannot be told of between these hours of the day."""
    if tell_from == tell_until:
        text = N_("Please choose two different hours.")
        return [Problem(code="same_hour", about="tell_until", text=text)]
    return []


def keep(
    account: Account,
    wanted: dict[Topic, bool],
    *,
    tell_from: int | None = None,
    tell_until: int | None = None,
    now: datetime,
) -> MailChoices:
    """Keep what somebody chose; what their page did not ask stays as it was."""
    closing.hold_open(account.id)
    choices = of(account.id)
    for topic in TOPICS[account.role]:
        setattr(choices, topic, wanted[topic])
    if tell_from is not None and tell_until is not None:
        choices.tell_from, choices.tell_until = tell_from, tell_until
    choices.chosen_at = now
    session.add(choices)
    session.flush()
    return choices


def switch_off(account_id: int, topic: Topic, *, now: datetime) -> None:
    """No more of these mails, from the link at their end."""
    closing.hold_open(account_id)
    choices = of(account_id)
    setattr(choices, topic, False)
    choices.chosen_at = now
    session.add(choices)
    session.flush()


def forget(account_id: int) -> None:
    session.execute(delete(MailChoices).where(MailChoices.account_id == account_id))


def _usual(account_id: int) -> MailChoices:
    tell_from, tell_until = policy.FAVOURITE_HOURS
    wanted = dict.fromkeys(map(str, Topic), True)
    return MailChoices(account_id=account_id, **wanted, tell_from=tell_from, tell_until=tell_until)
