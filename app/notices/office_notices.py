"""Notices of the office: writing and withdrawing them, who sees them, and who has read them (C25)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app import audit
from app.db import session
from app.errors import N_, Problem, Refused
from app.notices.models import Audience, NoticeReading, OfficeNotice
from app.people.models import Account, Role

LISTED = 200  # of the office's list, the newest
AUDIENCES = {
    Role.CAST: (Audience.CASTS, Audience.BOTH),
    Role.GUEST: (Audience.GUESTS, Audience.BOTH),
}
ROLES = {
    Audience.CASTS: (Role.CAST,),
    Audience.GUESTS: (Role.GUEST,),
    Audience.BOTH: (Role.CAST, Role.GUEST),
}


@dataclass(frozen=True)
class Held:
    """A notice that holds now, as one person sees it."""

    notice: OfficeNotice
    read_at: datetime | None

    @property
    def is_pressing(self) -> bool:
        """Stays on top until it is confirmed."""
        return self.notice.must_read and self.read_at is None


@dataclass(frozen=True)
class Spread:
    """A notice with how many people have read it, of how many that it is for."""

    notice: OfficeNotice
    readers: int
    people: int


def holding(account: Account, *, now: datetime) -> list[Held]:
    """What this person is to see now: what must be read first, then the unread, the newest first."""
    found = session.execute(_holding(account, now=now))
    held = [Held(notice, read_at) for notice, read_at in found]
    return sorted(held, key=lambda each: (not each.is_pressing, each.read_at is not None))


def find_held(public_id: str, *, of: Account, now: datetime) -> OfficeNotice | None:
    """A notice that holds for this person; any other does not exist for them."""
    wanted = _holding(of, now=now).where(OfficeNotice.public_id == public_id)
    found = session.execute(wanted).one_or_none()
    return found[0] if found else None


def confirm(notice: OfficeNotice, *, by: Account, now: datetime) -> None:
    """This person has read it. The first time counts."""
    made = insert(NoticeReading).values(notice_id=notice.id, account_id=by.id, at=now)
    session.execute(made.on_conflict_do_nothing())


def find(public_id: str) -> OfficeNotice | None:
    return session.scalars(select(OfficeNotice).filter_by(public_id=public_id)).one_or_none()


def listed() -> list[Spread]:
    """All notices for the office, the newest first, with their readers."""
    people = _people()
    readers = (
        select(func.count())
        .select_from(NoticeReading)
        .where(NoticeReading.notice_id == OfficeNotice.id)
        .scalar_subquery()
    )
    wanted = (
        select(OfficeNotice, readers)
        .options(joinedload(OfficeNotice.writer))
        .order_by(OfficeNotice.starts_at.desc(), OfficeNotice.id.desc())
        .limit(LISTED)
    )
    return [
        Spread(notice, count, sum(people.get(role, 0) for role in ROLES[notice.audience]))
        for notice, count in session.execute(wanted)
    ]


def why_not_window(
    *, starts_at: datetime, ends_at: datetime | None, now: datetime
) -> list[Problem]:
    """Why a notice cannot stand from then until then; an empty list where it can."""
    if ends_at is None:
        return []
    if ends_at <= starts_at:
        text = N_("The end must be after the beginning.")
        return [Problem(code="no_window", about="ends_on", text=text)]
    if ends_at <= now:
        text = N_("This end is past already, so nobody would see the notice.")
        return [Problem(code="past", about="ends_on", text=text)]
    return []


def write(
    *,
    title: str,
    words: str,
    audience: Audience,
    starts_at: datetime,
    ends_at: datetime | None,
    must_read: bool,
    by: int,
    now: datetime,
) -> OfficeNotice:
    """Raises Refused."""
    if problems := why_not_window(starts_at=starts_at, ends_at=ends_at, now=now):
        raise Refused(*problems)
    notice = OfficeNotice(
        title=title,
        words=words,
        audience=audience,
        starts_at=starts_at,
        ends_at=ends_at,
        must_read=must_read,
        written_by=by,
        written_at=now,
    )
    session.add(notice)
    session.flush()
    _note("written", notice, by=by, now=now)
    return notice


def change(
    notice_id: int,
    *,
    title: str,
    words: str,
    audience: Audience,
    starts_at: datetime,
    ends_at: datetime | None,
    must_read: bool,
    by: int,
    now: datetime,
) -> None:
    """Whoever has read it keeps that; what it said before stays in the audit. Raises Refused."""
    notice = _locked(notice_id)
    problems = [*why_not_change(notice)]
    problems += why_not_window(starts_at=starts_at, ends_at=ends_at, now=now)
    if problems:
        raise Refused(*problems)
    before = {"title_before": notice.title, "words_before": notice.words}
    notice.title, notice.words, notice.audience = title, words, audience
    notice.starts_at, notice.ends_at, notice.must_read = starts_at, ends_at, must_read
    _note("changed", notice, by=by, now=now, **before)


def why_not_change(notice: OfficeNotice) -> list[Problem]:
    if notice.withdrawn_at:
        text = N_("This notice was withdrawn. Please write a new one.")
        return [Problem(code="withdrawn", text=text)]
    return []


def withdraw(notice_id: int, *, by: int, now: datetime) -> None:
    """Nobody sees it from now on. Pressing twice withdraws once."""
    notice = _locked(notice_id)
    if notice.withdrawn_at is None:
        notice.withdrawn_at = now
        _note("withdrawn", notice, by=by, now=now)


def holds(*, now: datetime) -> ColumnElement[bool]:
    return and_(
        OfficeNotice.withdrawn_at.is_(None),
        OfficeNotice.starts_at <= now,
        or_(OfficeNotice.ends_at.is_(None), OfficeNotice.ends_at > now),
    )


def forget(account_id: int) -> None:
    """Which notices this person has read is nobody's business once they have left."""
    session.execute(delete(NoticeReading).where(NoticeReading.account_id == account_id))


def _holding(account: Account, *, now: datetime) -> Select[OfficeNotice, datetime | None]:
    mine = and_(NoticeReading.notice_id == OfficeNotice.id, NoticeReading.account_id == account.id)
    return (
        select(OfficeNotice, NoticeReading.at)
        .outerjoin(NoticeReading, mine)
        .where(OfficeNotice.audience.in_(AUDIENCES.get(account.role, ())), holds(now=now))
        .order_by(OfficeNotice.starts_at.desc(), OfficeNotice.id.desc())
    )


def _people() -> dict[Role, int]:
    counted = select(Account.role, func.count()).where(Account.closed_at.is_(None))
    return dict(session.execute(counted.group_by(Account.role)).all())


def _locked(notice_id: int) -> OfficeNotice:
    return session.get_one(OfficeNotice, notice_id, with_for_update=True, populate_existing=True)


def _note(did: str, notice: OfficeNotice, *, by: int, now: datetime, **facts: object) -> None:
    audit.note(
        f"office_notice.{did}",
        about=f"office_notice:{notice.id}",
        by=by,
        now=now,
        title=notice.title,
        audience=notice.audience.value,
        must_read=notice.must_read,
        **facts,
    )
