"""Reporting a message or a person's page. Who reported is known to the office only."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app import audit
from app.casts.models import Cast
from app.db import session
from app.desk.moderation_tables import PersonReport, Thing
from app.messages.models import Message
from app.people.models import Account
from app.talks.models import ReportReason

WORDS_LENGTH = 500  # characters


def report_message(
    message: Message,
    *,
    by: Account,
    writer_id: int,
    reason: ReportReason,
    words: str,
    now: datetime,
) -> PersonReport:
    """Keep a report of a message with its words as they read; once, however often pressed."""
    return _keep(
        Thing.MESSAGE,
        about=message.public_id,
        by=by,
        subject_id=writer_id,
        seen=message.words,
        reason=reason,
        words=words,
        now=now,
    )


def report_person(
    subject: Account, *, by: Account, reason: ReportReason, words: str, now: datetime
) -> PersonReport:
    """Keep a report of a person with their page as it read; once for each person."""
    return _keep(
        Thing.PROFILE,
        about="",
        by=by,
        subject_id=subject.id,
        seen=_page_of(subject),
        reason=reason,
        words=words,
        now=now,
    )


def find(thing: Thing, *, about: str, by: Account, subject_id: int) -> PersonReport | None:
    """What this reporter has told of it before."""
    wanted = select(PersonReport).filter_by(
        thing=thing, about=about, reporter_id=by.id, subject_id=subject_id
    )
    return session.scalars(wanted).one_or_none()


def _keep(
    thing: Thing,
    *,
    about: str,
    by: Account,
    subject_id: int,
    seen: str,
    reason: ReportReason,
    words: str,
    now: datetime,
) -> PersonReport:
    new = insert(PersonReport).values(
        reporter_id=by.id,
        subject_id=subject_id,
        thing=thing,
        about=about,
        reason=reason,
        words=words.strip()[:WORDS_LENGTH],
        seen=seen,
        at=now,
    )
    if session.scalar(new.on_conflict_do_nothing().returning(PersonReport.id)) is not None:
        subject = f"account:{subject_id}"
        audit.note("account.reported", about=subject, by=by.id, now=now, reason=reason.value)
    kept = find(thing, about=about, by=by, subject_id=subject_id)
    assert kept
    return kept


def _page_of(subject: Account) -> str:
    cast = session.get(Cast, subject.id)
    if cast is None:
        return subject.nickname
    return "\n\n".join(filter(None, [cast.name, cast.tagline, cast.profile, cast.career]))
