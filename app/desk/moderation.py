"""What was reported or flagged, for the office: talks, messages and profiles in one list (D41)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app import audit
from app.bookings.models import Booking
from app.db import session
from app.desk.moderation_tables import Look, PersonReport, Thing, Verdict
from app.messages.models import Message
from app.people.models import Account
from app.talks.models import Party, ReportReason, Talk, TalkReport

SHOWN = 100  # of each kind, the newest


class Kind(StrEnum):
    TALK = "talk"  # a talk was reported
    MESSAGE = "message"  # a message was reported
    PROFILE = "profile"  # a page, or a guest
    FLAGGED = "flagged"  # sent in spite of the warning; nobody has complained


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing to look at."""

    kind: Kind
    name: str  # in addresses
    at: datetime
    subject: Account  # whom it is about
    reporter: Account | None
    reason: ReportReason | None
    words: str  # of the reporter
    seen: str  # what was before them, where it is words
    talk: str = ""  # the public id of the talk
    look: Look | None = None

    @property
    def about(self) -> str:
        return f"{self.kind}:{self.name}"


def listed(*, kind: Kind | None = None, looked_at: bool = False) -> list[Item]:
    """What waits, or what was looked at; the newest first."""
    found = [each for each in _all(None) if kind is None or each.kind is kind]
    return [each for each in found if bool(each.look) is looked_at]


def about_person(account: Account) -> list[Item]:
    """Everything about one person, the newest first."""
    return _all(account.id)


def count_new() -> int:
    return len(listed())


def find(kind: Kind, name: str) -> Item | None:
    """One thing, by the name that addresses use."""
    match kind:
        case Kind.TALK:
            public_id, _, party = name.rpartition(".")
            found = _talks(Talk.public_id == public_id, TalkReport.party == party)
        case Kind.FLAGGED:
            found = _flagged(Message.public_id == name)
        case Kind.MESSAGE | Kind.PROFILE:
            found = _reports(PersonReport.public_id == name, PersonReport.thing == Thing(kind))
    return _with_looks(found)[0] if found else None


def look_at(item: Item, *, verdict: Verdict, words: str, by: int, now: datetime) -> Look:
    """Say what comes of it, once; a second operator gets what the first said."""
    kept = insert(Look).values(
        about=item.about, subject_id=item.subject.id, verdict=verdict, words=words, at=now, by=by
    )
    if session.scalar(kept.on_conflict_do_nothing().returning(Look.about)):
        audit.note("moderation.looked_at", about=item.about, by=by, now=now, verdict=verdict.value)
    return session.get_one(Look, item.about, populate_existing=True)


def reports_by(account: Account) -> int:
    """How often this person has reported others' messages or pages."""
    return len(list(session.scalars(select(PersonReport.id).filter_by(reporter_id=account.id))))


def _all(subject_id: int | None) -> list[Item]:
    if subject_id is None:
        found = [*_talks(), *_reports(), *_flagged()]
    else:
        of_talk = (Talk.cast_id == subject_id) & (TalkReport.party == Party.GUEST)
        of_call = (Talk.guest_id == subject_id) & (TalkReport.party == Party.CAST)
        by_cast = (Booking.cast_id == subject_id) & (Message.party == Party.CAST)
        by_guest = (Booking.guest_id == subject_id) & (Message.party == Party.GUEST)
        found = [
            *_talks(or_(of_talk, of_call)),
            *_reports(PersonReport.subject_id == subject_id),
            *_flagged(or_(by_cast, by_guest)),
        ]
    return _with_looks(sorted(found, key=lambda each: each.at, reverse=True))


def _talks(*where: object) -> list[Item]:
    talk = joinedload(TalkReport.talk)
    wanted = (
        select(TalkReport)
        .join(Talk, Talk.id == TalkReport.talk_id)
        .options(talk.joinedload(Talk.guest), talk.joinedload(Talk.cast))
        .where(*where)  # type: ignore[arg-type]
        .order_by(TalkReport.id.desc())
        .limit(SHOWN)
    )
    reports = session.scalars(wanted).all()
    casts = _accounts(each.talk.cast_id for each in reports)
    return [_of_talk(each, casts[each.talk.cast_id]) for each in reports]


def _of_talk(report: TalkReport, cast: Account) -> Item:
    by_guest, guest = report.party is Party.GUEST, report.talk.guest
    return Item(
        kind=Kind.TALK,
        name=f"{report.talk.public_id}.{report.party}",
        at=report.at,
        subject=cast if by_guest else guest,
        reporter=guest if by_guest else cast,
        reason=report.reason,
        words=report.words,
        seen="",
        talk=report.talk.public_id,
    )


def _reports(*where: object) -> list[Item]:
    wanted = (
        select(PersonReport)
        .options(joinedload(PersonReport.reporter), joinedload(PersonReport.subject))
        .where(*where)  # type: ignore[arg-type]
        .order_by(PersonReport.id.desc())
        .limit(SHOWN)
    )
    return [
        Item(
            kind=Kind(each.thing.value),
            name=each.public_id,
            at=each.at,
            subject=each.subject,
            reporter=each.reporter,
            reason=each.reason,
            words=each.words,
            seen=each.seen,
        )
        for each in session.scalars(wanted)
    ]


def _flagged(*where: object) -> list[Item]:
    wanted = (
        select(Message, Booking.guest_id, Booking.cast_id)
        .join(Booking, Booking.id == Message.booking_id)
        .where(Message.flagged, *where)  # type: ignore[arg-type]
        .order_by(Message.id.desc())
        .limit(SHOWN)
    )
    found = [
        (message, guest_id if message.party is Party.GUEST else cast_id)
        for message, guest_id, cast_id in session.execute(wanted)
    ]
    writers = _accounts(writer for _, writer in found)
    return [
        Item(
            kind=Kind.FLAGGED,
            name=message.public_id,
            at=message.at,
            subject=writers[writer],
            reporter=None,
            reason=None,
            words="",
            seen=message.words,
        )
        for message, writer in found
    ]


def _with_looks(items: list[Item]) -> list[Item]:
    wanted = select(Look).where(Look.about.in_([each.about for each in items]))
    looks = {look.about: look for look in session.scalars(wanted)}
    return [replace(each, look=looks.get(each.about)) for each in items]


def _accounts(ids: Iterable[int]) -> dict[int, Account]:
    wanted = select(Account).where(Account.id.in_(set(ids)))
    return {each.id: each for each in session.scalars(wanted)}
