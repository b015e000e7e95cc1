"""The mails of the house, in the reader's language: a text template each, its first line the subject.

Links are made of BASE_URL, never of what a request says its host is.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, render_template
from flask_babel import force_locale

from app import clock, mail, policy, verdicts
from app.bookings import notices, openings, settlements
from app.bookings.models import Notice, NoticeKind, Settlement
from app.db import session
from app.desk.inquiry_tables import Inquiry, InquiryLine
from app.desk.models import Case
from app.desk.moderation_tables import PersonNote
from app.jobs import periodic, transaction
from app.people import registration
from app.people.models import Account
from app.points import expiry
from app.talks.models import Party

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody whom we write to as they named themselves, with or without an account."""

    email: str
    nickname: str
    locale: str


def confirmation(account: Account, *, now: datetime) -> None:
    """The link that confirms the address; asked for again, it goes out once in a while."""
    secret = current_app.config["SETTINGS"].secret_key
    token = registration.confirmation_token(account, secret=secret, now=now)
    _write(
        "confirmation",
        to=account,
        key=f"account:{account.id}:confirmation:{_slice(now)}",
        now=now,
        link=link("signing_in.confirmation", token=token),
        hours=int(policy.CONFIRM_ADDRESS_WITHIN.total_seconds() // 3600),
    )


def already_registered(account: Account, *, now: datetime) -> None:
    """Somebody registered with an address that has an account: its owner hears of it, nobody else."""
    _write(
        "already_registered",
        to=account,
        key=f"account:{account.id}:already_registered:{_slice(now)}",
        now=now,
        link=link("signing_in.login"),
    )


def expiring(reminder: expiry.Reminder, *, now: datetime) -> None:
    _write(
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
    told = True
    while told:
        now = clock.now()
        with transaction():
            due = list(expiry.reminders_due(now))
            for reminder in due:
                expiring(reminder, now=now)
        told = bool(due)


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
    """Mail what happened to bookings, a batch in each transaction."""
    told = True
    while told:
        now = clock.now()
        with transaction():
            mailed = [_is_mailed(notice, now=now) for notice in notices.unmailed()]
        told = any(mailed)


@periodic
def tell_of_openings() -> None:
    """Mail guests who asked to hear when booking opens."""
    told = True
    while told:
        now = clock.now()
        with transaction():
            due = openings.take_due(now)
            for each in due:
                opening(each, now=now)
        told = bool(due)


def _is_mailed(notice: Notice, *, now: datetime) -> bool:
    """Mail one of many. One that cannot be written is tried again, and holds up nobody."""
    try:
        with session.begin_nested():
            of_booking(notice, now=now)
            notices.mark_mailed(notice, now=now)
    except Exception:
        log.exception("notice %s could not be mailed", notice.id)
        return False
    return True


def of_booking(notice: Notice, *, now: datetime) -> None:
    """One notice as a mail to the person whom it is for."""
    booking = notice.booking
    to = session.get_one(Account, notice.account_id)
    is_guest = to.id == booking.guest_id
    settlement = settlements.find(booking.id)
    page = "bookings.show" if is_guest else "cast_room.booking"
    _write(
        f"booking_{notice.kind}",
        to=to,
        key=notices.mail_key(notice.id),
        now=now,
        booking=booking,
        settlement=settlement,
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
    _write(
        "opening",
        to=due.guest,
        key=f"opening:{call.guest_id}:{call.cast_id}:{call.starts_at.timestamp():.0f}",
        now=now,
        cast=due.cast,
        starts_at=call.starts_at,
        link=link("casts.show", public_id=due.cast.public_id),
    )


def inquiry_received(inquiry: Inquiry, *, now: datetime) -> None:
    """The number and the way back, at once. Without the words: the address may be a stranger's."""
    _of_inquiry("received", inquiry, key="received", now=now)


def inquiry_answered(inquiry: Inquiry, line: InquiryLine, *, now: datetime) -> None:
    _of_inquiry("answered", inquiry, key=f"line:{line.id}", now=now, words=line.words)


def inquiry_apply(inquiry: Inquiry, *, now: datetime) -> None:
    """The way to apply as a cast, for somebody who asked about it (D31)."""
    _of_inquiry("apply", inquiry, key="apply", now=now, apply_link=link("applying.start"))


def warned(account: Account, note: PersonNote, *, now: datetime) -> None:
    """The office asks somebody to keep the rules."""
    _of_conduct("warned", account, note, now=now)


def suspended(account: Account, note: PersonNote, *, now: datetime) -> None:
    """The account is shut: why, and how to object."""
    _of_conduct("suspended", account, note, now=now)


def suspension_lifted(account: Account, note: PersonNote, *, now: datetime) -> None:
    _of_conduct("suspension_lifted", account, note, now=now)


def _of_conduct(name: str, account: Account, note: PersonNote, *, now: datetime) -> None:
    _write(
        name,
        to=account,
        key=f"person_note:{note.id}",
        now=now,
        words=note.words,
        link=link("inquiries.ask", subject="account"),
        terms_link=link("home.terms"),
    )


def _of_inquiry(
    name: str, inquiry: Inquiry, *, key: str, now: datetime, words: str = "", apply_link: str = ""
) -> None:
    _write(
        f"inquiry_{name}",
        to=Reader(email=inquiry.email, nickname=inquiry.name, locale=inquiry.locale),
        key=f"inquiry:{inquiry.id}:{key}",
        now=now,
        inquiry=inquiry,
        link=link("inquiries.show", named=inquiry.key),
        words=words,
        apply_link=apply_link,
    )


def link(endpoint: str, **values: str) -> str:
    """An address of ours, the same from a request and from a job."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['SETTINGS'].base_url}{path}"


def _write(
    name: str,
    *,
    to: Account | Reader,
    key: str,
    now: datetime,
    not_after: datetime | None = None,
    **context: object,
) -> None:
    with force_locale(to.locale):
        text = render_template(f"mail/{name}.txt", account=to, **context)
    subject, _, body = text.strip().partition("\n")
    mail.post(
        to=to.email,
        subject=subject,
        body=f"{body.strip()}\n",
        key=key,
        now=now,
        not_after=not_after,
    )


def _slice(now: datetime) -> int:
    """The number of this stretch of time, in which a mail goes out only once."""
    return int(now.timestamp() // policy.CONFIRMATION_AGAIN.total_seconds())
