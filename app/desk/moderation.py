"""What was reported or flagged, for the office: talks, messages and profiles in one list (D41)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, String, cast, exists, func, or_, select
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
    found: list[Item] = []
    if kind in {None, Kind.TALK}:
        found += _talks(_is_looked_at(_TALK, looked_at))
    if kind in {None, Kind.MESSAGE, Kind.PROFILE}:
        things = [PersonReport.thing == Thing(kind)] if kind else []
        found += _reports(_is_looked_at(_REPORT, looked_at), *things)
    if kind in {None, Kind.FLAGGED}:
        found += _flagged(_is_looked_at(_FLAGGED, looked_at))
    return _sorted(found)


def about_person(account: Account) -> list[Item]:
    """Everything about one person, the newest first."""
    person_id = account.id
    of_talk = (Talk.cast_id == person_id) & (TalkReport.party == Party.GUEST)
    of_call = (Talk.guest_id == person_id) & (TalkReport.party == Party.CAST)
    by_cast = (Booking.cast_id == person_id) & (Message.party == Party.CAST)
    by_guest = (Booking.guest_id == person_id) & (Message.party == Party.GUEST)
    return _sorted(
        [
            *_talks(or_(of_talk, of_call)),
            *_reports(PersonReport.subject_id == person_id),
            *_flagged(or_(by_cast, by_guest)),
        ]
    )


def count_new() -> int:
    """How much waits for a look; the side list of every operator's page says it."""
    talks = select(func.count()).select_from(TalkReport).join(Talk, Talk.id == TalkReport.talk_id)
    reports = select(func.count()).select_from(PersonReport)
    flagged = select(func.count()).select_from(Message).where(Message.flagged)
    counts = [
        talks.where(_is_looked_at(_TALK, False)),
        reports.where(_is_looked_at(_REPORT, False)),
        flagged.where(_is_looked_at(_FLAGGED, False)),
    ]
    return sum(session.scalars(each).one() for each in counts)


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


def look_at(item: Item, *, verdict: Verdict, words: str, by: int, now: datetime) -> bool:
    """Say what comes of it, once; what was said first stands. Says whether this was it."""
    kept = insert(Look).values(
        about=item.about, subject_id=item.subject.id, verdict=verdict, words=words, at=now, by=by
    )
    if session.scalar(kept.on_conflict_do_nothing().returning(Look.about)) is None:
        return False
    audit.note("moderation.looked_at", about=item.about, by=by, now=now, verdict=verdict.value)
    return True


def reports_by(account: Account) -> int:
    """How often this person has reported others' messages or pages."""
    return len(list(session.scalars(select(PersonReport.id).filter_by(reporter_id=account.id))))


# What each kind's looks are kept under, as `Item.about` says it.
_TALK = func.concat(f"{Kind.TALK}:", Talk.public_id, ".", cast(TalkReport.party, String))
_REPORT = func.concat(cast(PersonReport.thing, String), ":", PersonReport.public_id)
_FLAGGED = func.concat(f"{Kind.FLAGGED}:", Message.public_id)


def _is_looked_at(about: ColumnElement[str], wanted: bool) -> ColumnElement[bool]:  # noqa: FBT001
    looked = exists().where(Look.about == about)
    return looked if wanted else ~looked


def _sorted(found: list[Item]) -> list[Item]:
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
