"""The inquiries as the office sees them: what waits, since when, and what was answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from app import policy
from app.db import session
from app.desk.inquiries import plain_number
from app.desk.inquiry_tables import Inquiry, InquiryLine, LineKind, Subject

SHOWN = 200  # inquiries on one page
PROMISE = timedelta(days=policy.INQUIRY_DAYS[1])
ESCALATION = timedelta(days=policy.INQUIRY_ESCALATE_DAYS)


class Standing(StrEnum):
    WAITING = "waiting"  # the office owes an answer
    ANSWERED = "answered"  # the person may write on
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One inquiry as it stands at a moment."""

    inquiry: Inquiry
    standing: Standing
    age: timedelta  # how long an answer is owed; zero where none is
    promised_at: datetime | None
    is_overdue: bool
    is_escalated: bool


@dataclass(frozen=True, kw_only=True)
class Count:
    waiting: int
    escalated: int


def listed(
    now: datetime,
    *,
    standing: Standing = Standing.WAITING,
    subject: Subject | None = None,
    taken_by: int | None = None,
) -> list[Listed]:
    """Those that wait, the longest first: so what is escalated stands on top. Others newest first."""
    wanted = _standing(_whole(), standing)
    if subject:
        wanted = wanted.where(Inquiry.subject == subject)
    if taken_by is not None:
        wanted = wanted.where(Inquiry.taken_by == taken_by)
    return [stand(each, now=now) for each in session.scalars(wanted.limit(SHOWN))]


def stand(inquiry: Inquiry, *, now: datetime) -> Listed:
    """How long it has waited, and what was promised (G43, G44); the last moment is in time."""
    since = inquiry.waits_since
    age = max(now - since, timedelta(0)) if since else timedelta(0)
    return Listed(
        inquiry=inquiry,
        standing=_of(inquiry),
        age=age,
        promised_at=since + PROMISE if since else None,
        is_overdue=age > PROMISE,
        is_escalated=age >= ESCALATION,
    )


def count(now: datetime) -> Count:
    old = func.count().filter(Inquiry.waits_since <= now - ESCALATION)
    waiting = select(func.count(), old).where(Inquiry.waits_since.is_not(None))
    found = session.execute(waiting).one()
    return Count(waiting=found[0], escalated=found[1])


def next_after(inquiry: Inquiry) -> Inquiry | None:
    """The one that has waited longest besides this one."""
    waiting = _standing(_whole(), Standing.WAITING).where(Inquiry.id != inquiry.id)
    return session.scalars(waiting.limit(1)).one_or_none()


def find(number: str) -> Inquiry | None:
    """Any inquiry, by the number that its person reads out."""
    wanted = _whole().where(Inquiry.number == plain_number(number))
    return session.scalars(wanted).one_or_none()


def lines_of(inquiry: Inquiry) -> list[InquiryLine]:
    """The thread with the notes and who wrote them."""
    wanted = select(InquiryLine).options(joinedload(InquiryLine.operator))
    return list(session.scalars(wanted.filter_by(inquiry_id=inquiry.id).order_by(InquiryLine.id)))


def newest_words(inquiries: list[Inquiry]) -> dict[int, str]:
    """The newest words of each one's person, for the list."""
    newest = (
        select(InquiryLine.inquiry_id, InquiryLine.words)
        .where(
            InquiryLine.inquiry_id.in_([each.id for each in inquiries]),
            InquiryLine.kind == LineKind.ASKED,
        )
        .ext(distinct_on(InquiryLine.inquiry_id))
        .order_by(InquiryLine.inquiry_id, InquiryLine.id.desc())
    )
    return {each.inquiry_id: each.words for each in session.execute(newest)}


def _of(inquiry: Inquiry) -> Standing:
    if inquiry.waits_since:
        return Standing.WAITING
    return Standing.CLOSED if inquiry.closed_at else Standing.ANSWERED


def _standing(wanted: Select[Inquiry], standing: Standing) -> Select[Inquiry]:
    match standing:
        case Standing.WAITING:
            waiting = wanted.where(Inquiry.waits_since.is_not(None))
            return waiting.order_by(Inquiry.waits_since, Inquiry.id)
        case Standing.ANSWERED:
            wanted = wanted.where(Inquiry.waits_since.is_(None), Inquiry.closed_at.is_(None))
        case Standing.CLOSED:
            wanted = wanted.where(Inquiry.closed_at.is_not(None))
    return wanted.order_by(Inquiry.id.desc())


def _whole() -> Select[Inquiry]:
    return (
        select(Inquiry)
        .options(
            joinedload(Inquiry.account), joinedload(Inquiry.taker), joinedload(Inquiry.booking)
        )
        .execution_options(populate_existing=True)
    )
