"""The mails of the office: its answers to inquiries, and what it says of somebody's conduct."""

from datetime import datetime

from app.desk.inquiry_tables import Inquiry, InquiryLine
from app.desk.moderation_tables import PersonNote
from app.letters import Reader, link, write
from app.people.models import Account


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
    write(
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
    write(
        f"inquiry_{name}",
        to=Reader(
            email=inquiry.email,
            nickname=inquiry.name,
            locale=inquiry.locale,
            account_id=inquiry.account_id,
        ),
        key=f"inquiry:{inquiry.id}:{key}",
        now=now,
        inquiry=inquiry,
        link=link("inquiries.show", named=inquiry.key),
        words=words,
        apply_link=apply_link,
    )
