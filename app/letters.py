"""The mails of the house, in the reader's language: a text template each, its first line the subject.

Links are made of BASE_URL, never of what a request says its host is.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import inspect, select

from app import clock, mail, policy, verdicts
from app.bookings import notices, openings, settlements
from app.bookings.models import Notice, NoticeKind, Settlement
from app.cases.models import Case
from app.casts import favourites
from app.db import Base, session
from app.jobs import periodic, transaction
from app.mail import Mail
from app.payouts.claim_lists import counted_yen
from app.people import choices, registration
from app.people.choices import Topic
from app.people.models import Account
from app.points import expiry
from app.talks.models import Party

log = logging.getLogger(__name__)

# Mails that their reader may switch off; all others tell of money, bookings, safety.
TOPICS = {
    "expiring": Topic.EXPIRY,
    "booking_reminder": Topic.REMINDERS,
    "booking_message": Topic.MESSAGES,
    "opening": Topic.OPENINGS,
    "favourite": Topic.FAVOURITES,
}
LAST = ("left", "left_cast")  # outlive the account, until the time of every mail is over


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody whom we write to as they named themselves, with or without an account."""

    email: str
    nickname: str
    locale: str
    account_id: int | None = None  # where they were signed in


def confirmation(account: Account, *, now: datetime) -> None:
    """The link that confirms the address; asked for again, it goes out once in a while."""
    secret = current_app.config["SETTINGS"].secret_key
    token = registration.confirmation_token(account, secret=secret, now=now)
    write(
        "confirmation",
        to=account,
        key=f"account:{account.id}:confirmation:{slice_of(now)}",
        now=now,
        link=link("signing_in.confirmation", token=token),
        hours=int(policy.CONFIRM_ADDRESS_WITHIN.total_seconds() // 3600),
    )


def already_registered(account: Account, *, address: str = "", now: datetime) -> None:
    """Somebody registered with an address that has an account: its owner hears of it, nobody else.

    An account that has just left the address, and could still come back, hears of it there.
    """
    write_at(
        address or account.email,
        "already_registered",
        to=account,
        key=f"account:{account.id}:already_registered:{slice_of(now)}",
        now=now,
        link=link("signing_in.login"),
    )


def expiring(reminder: expiry.Reminder, *, now: datetime) -> None:
    write(
        "expiring",
        to=reminder.guest,
        key=reminder.key,
        now=now,
        reminder=reminder,
        until=reminder.expires_at - timedelta(seconds=1),
        link=link("wallet.show"),
    )


@periodic
def remind() -> None:
    """Tell guests 30, 7 and 1 days before points expire, a batch in each transaction."""
    tell_all(expiry.reminders_due, expiring)


@periodic
def send_mails() -> None:
    """Send what waits in the outbox."""
    settings = current_app.config["SETTINGS"]
    sent = 1
    while sent:
        with transaction():
            sent = mail.send_due(
                smtp_url=settings.smtp_url, sender=settings.mail_from, now=clock.now()
            )


@periodic
def tell_of_bookings() -> None:
    """Mail what happened to bookings."""
    tell_each(lambda _now: notices.unmailed(), _notice)


@periodic
def tell_of_openings() -> None:
    """Mail guests who asked to hear when booking opens."""
    tell_all(openings.take_due, opening)


def tell_all(take_due: Callable[[datetime], Iterable[object]], tell: Callable[..., None]) -> None:
    """Mail whatever is due, a batch in each transaction, until nothing is."""
    told = True
    while told:
        now = clock.now()
        with transaction():
            due = list(take_due(now))
            for each in due:
                tell(each, now=now)
        told = bool(due)


def tell_each(find_due: Callable[[datetime], Iterable[Base]], tell: Callable[..., None]) -> None:
    """Mail each of what is due, a batch in each transaction, until none can be written any more.

    For what stays due until its mail is there: one that cannot be written is tried again with the
    next run, and holds up nobody.
    """
    told = True
    while told:
        now = clock.now()
        with transaction():
            mailed = [_is_told(each, tell, now=now) for each in find_due(now)]
        told = any(mailed)


def _is_told(each: Base, tell: Callable[..., None], *, now: datetime) -> bool:
    try:
        with session.begin_nested():
            tell(each, now=now)
    except Exception:
        named = inspect(each).identity
        log.exception("%s %s could not be mailed", type(each).__name__, named)
        return False
    return True


def _notice(notice: Notice, *, now: datetime) -> None:
    of_booking(notice, now=now)
    notices.mark_mailed(notice, now=now)


def of_booking(notice: Notice, *, now: datetime) -> None:
    """One notice as a mail to the person whom it is for."""
    booking = notice.booking
    to = session.get_one(Account, notice.account_id)
    is_guest = to.id == booking.guest_id
    settlement = settlements.find(booking.id)
    page = "bookings.show" if is_guest else "cast_room.booking"
    write(
        f"booking_{notice.kind}",
        to=to,
        key=notices.mail_key(notice.id),
        now=now,
        booking=booking,
        settlement=settlement,
        earned_yen=counted_yen(settlement.earned_yen, booking_id=booking.id) if settlement else 0,
        said=_verdict(notice, settlement, is_guest=is_guest, locale=to.locale),
        is_guest=is_guest,
        other=booking.cast.name if is_guest else booking.guest.nickname,
        minutes=notice.number,
        decision=_decision(notice),
        link=link(page, public_id=booking.public_id),
        test_link=link("device_test.show"),
        cast_link=link("casts.show", public_id=booking.cast.public_id),
        not_after=_last_use(notice),
    )


def _last_use(notice: Notice) -> datetime | None:
    """When the mail of a notice is of no use any more."""
    match notice.kind:
        case NoticeKind.REMINDER | NoticeKind.TEST_MISSING:
            return notice.booking.starts_at
        case NoticeKind.REPORT_DUE:
            return notice.booking.report_until
        case _:
            return None


def _decision(notice: Notice) -> str:
    """What the office said about the case that the notice tells of."""
    if notice.kind is not NoticeKind.DECIDED:
        return ""
    return session.get_one(Case, notice.number).said


def _verdict(notice: Notice, settlement: Settlement | None, *, is_guest: bool, locale: str) -> str:
    if settlement is None:
        return ""
    with force_locale(locale):
        to = Party.GUEST if is_guest else Party.CAST
        return verdicts.say(notice.booking, settlement, to=to)


def opening(due: openings.Due, *, now: datetime) -> None:
    """Booking is open now for a time that a guest asked about."""
    call = due.call
    write(
        "opening",
        to=due.guest,
        key=f"opening:{call.guest_id}:{call.cast_id}:{call.starts_at.timestamp():.0f}",
        now=now,
        cast=due.cast,
        starts_at=call.starts_at,
        link=link("casts.show", public_id=due.cast.public_id),
    )


@periodic
def tell_of_favourites() -> None:
    """Mail guests whose favourite stands by, if they asked."""
    tell_all(favourites.take_due, favourite)


def favourite(due: favourites.Due, *, now: datetime) -> None:
    """A favourite stands by now; one press on the link ends such mails about this cast."""
    secret = current_app.config["SETTINGS"].secret_key
    token = favourites.stop_token(due.guest, due.cast, secret=secret)
    stop = link("stopping.show", token=token)
    write(
        "favourite",
        to=due.guest,
        key=f"favourite:{due.guest.id}:{due.cast.account_id}:{due.since.timestamp():.0f}",
        now=now,
        not_after=now + policy.FAVOURITE_TOLD_WITHIN,
        cast=due.cast,
        link=link("casts.show", public_id=due.cast.public_id),
        stop=stop,
        choices_link=link("my_mails.show"),
    )


def left(account: Account, *, points: int, now: datetime) -> None:
    """The last mail to somebody who leaves, written while the address is still known (D35)."""
    write(
        "left",
        to=account,
        key=f"account:{account.id}:left",
        now=now,
        points=points,
        days=policy.MAILS_KEPT.days,
        years=policy.BOOKS_KEPT_YEARS,
        link=link("signing_in.register"),
    )


def left_cast(account: Account, *, now: datetime) -> None:
    """The same to a cast whose account the office closes."""
    write(
        "left_cast",
        to=account,
        key=f"account:{account.id}:left",
        now=now,
        days=policy.MAILS_KEPT.days,
        years=policy.BOOKS_KEPT_YEARS,
        link=link("applying.start"),
    )


@periodic
def erase_old() -> None:
    """Address and words of old mails go, and at once those of people who have left."""
    now = clock.now()
    with transaction():
        mail.erase_old(before=now - policy.MAILS_KEPT, now=now)
        for account_id in _left_with_mails():
            mail.erase_of(account_id, now=now)


def _left_with_mails() -> list[int]:
    """Who has left while a job was writing to them."""
    wanted = (
        select(Account.id)
        .join(Mail, Mail.account_id == Account.id)
        .where(Account.closed_at.is_not(None), Mail.erased_at.is_(None))
    )
    return list(session.scalars(wanted.distinct()))


def link(endpoint: str, **values: str) -> str:
    """An address of ours, the same from a request and from a job."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['SETTINGS'].base_url}{path}"


def write(
    name: str,
    *,
    to: Account | Reader,
    key: str,
    now: datetime,
    not_after: datetime | None = None,
    **context: object,
) -> None:
    """A mail to this person, once for each key."""
    write_at(to.email, name, to=to, key=key, now=now, not_after=not_after, **context)


def write_at(
    address: str,
    name: str,
    *,
    to: Account | Reader,
    key: str,
    now: datetime,
    not_after: datetime | None = None,
    **context: object,
) -> None:
    """A mail to this person at an address that may be another than the account's own.

    None is written to who has left, or does not want it. A link named `stop` ends such mails.
    """
    account_id = to.id if isinstance(to, Account) else to.account_id
    if isinstance(to, Account) and not _is_wanted(name, to):
        mail.leave_out(key=key, account_id=to.id, now=now)
        return
    with force_locale(to.locale):
        text = render_template(f"mail/{name}.txt", account=to, **context)
    subject, _, body = text.strip().partition("\n")
    mail.post(
        to=address,
        subject=subject,
        body=f"{body.strip()}\n",
        key=key,
        now=now,
        not_after=not_after,
        account_id=None if name in LAST else account_id,
        stop_url=str(context.get("stop", "")),
    )


def _is_wanted(name: str, account: Account) -> bool:
    topic = TOPICS.get(name)
    return not account.closed_at and (topic is None or choices.wants(account.id, topic))


def slice_of(now: datetime) -> int:
    """The number of this stretch of time, in which a mail goes out only once."""
    return int(now.timestamp() // policy.CONFIRMATION_AGAIN.total_seconds())
