"""Everything that was written down about a booking, on one axis of time: for whoever decides about it.

Of messages only when and by whom: what the two wrote to each other is theirs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from app.audit import AuditEntry
from app.bookings import completions, settlements
from app.bookings.models import Booking, Notice
from app.cases import queue
from app.db import session
from app.messages import thread
from app.people.models import Account
from app.points.models import PointEntry
from app.talks import recording, reports, reserved
from app.talks.models import Party, Talk

TICKS = {"messages": "message", "points": "money"}  # sources that the axis marks, and as what
COMINGS = {"joined", "left", "closed", "boot"}  # heartbeats are the axis' own


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was written down about a booking."""

    at: datetime
    source: str  # booking, presence, points, messages, notices, report, case or audit
    what: str
    people: tuple[Party, ...] = ()  # who did it, or whom it is about
    said: str = ""


def log_of(booking: Booking) -> list[Line]:
    """All of it, in the order of time."""
    talk = reserved.find_talk(booking)
    lines = [
        *_steps(booking),
        *(_presence(talk) if talk else ()),
        *_points(booking),
        *_messages(booking),
        *_notices(booking),
        *_cases(booking),
        *_audit(booking),
    ]
    return sorted(lines, key=lambda line: line.at)


def ticks_of(log: Iterable[Line]) -> list[tuple[str, datetime]]:
    """What the axis marks of it: when somebody wrote, and when points moved."""
    return [(TICKS[line.source], line.at) for line in log if line.source in TICKS]


def _steps(booking: Booking) -> Iterator[Line]:
    yield Line(booking.booked_at, "booking", "booked", (Party.GUEST,))
    if report := completions.find(booking):
        yield Line(report.filed_at, "report", report.kind.value, (Party.CAST,))
    if settlement := settlements.find(booking.id):
        yield Line(settlement.settled_at, "booking", settlement.outcome.value)


def _presence(talk: Talk) -> Iterator[Line]:
    for seen in recording.sightings_of(talk.id):
        if seen.kind in COMINGS:
            people = tuple(sorted({party for party, _, _ in seen.people}))
            yield Line(seen.at, "presence", seen.kind, people)
    if talk.ended_at and talk.ended_by:
        yield Line(talk.ended_at, "presence", f"ended_by_{talk.ended_by}")
    for report in reports.of_talk(talk):
        yield Line(report.at, "report", "talk_reported", (report.party,))


def _points(booking: Booking) -> Iterator[Line]:
    about_it = select(PointEntry).where(PointEntry.about == booking.about)
    for entry in session.scalars(about_it.order_by(PointEntry.id)):
        yield Line(entry.at, "points", entry.reason.value, said=f"{entry.delta:+,} pt")


def _messages(booking: Booking) -> Iterator[Line]:
    for message in thread.of_booking(booking):
        what = "message_flagged" if message.flagged else "message"
        yield Line(message.at, "messages", what, (message.party,))


def _notices(booking: Booking) -> Iterator[Line]:
    """Both people's notices of one cause are one line."""
    told = select(Notice).where(Notice.booking_id == booking.id)
    order = (Notice.at, Notice.kind, Notice.number, Notice.id)
    for (at, kind, _), each in groupby(session.scalars(told.order_by(*order)), key=_cause):
        people = sorted(_party_of(notice.account_id, booking) for notice in each)
        yield Line(at, "notices", f"notice_{kind}", tuple(people))


def _cause(notice: Notice) -> tuple[datetime, str, int]:
    return notice.at, notice.kind.value, notice.number


def _party_of(account_id: int, booking: Booking) -> Party:
    return Party.GUEST if account_id == booking.guest_id else Party.CAST


def _cases(booking: Booking) -> Iterator[Line]:
    for case in queue.of_booking(booking):
        yield Line(
            case.opened_at, "case", f"opened_{case.kind}", (case.party,) if case.party else ()
        )
        if case.decided_at:
            yield Line(case.decided_at, "case", "decided", said=case.said)


def _audit(booking: Booking) -> Iterator[Line]:
    notes = session.execute(
        select(AuditEntry, Account.role, Account.nickname)
        .outerjoin(Account, Account.id == AuditEntry.by)
        .where(AuditEntry.about == booking.about)
        .order_by(AuditEntry.id)
    )
    for note, role, nickname in notes:
        facts = [f"{name}: {fact}" for name, fact in note.facts.items()]
        who = [f"{role} {nickname}"] if role else []
        yield Line(note.at, "audit", note.did, said=" · ".join(who + facts))
