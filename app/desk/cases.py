"""Cases: bookings that somebody of the office has to decide about, how they come up, and the queue.

The house opens those that its own settlements leave open; the guest and the cast open one by
objecting (G28, C45). `deciding` knows how a case ends.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app import policy
from app.bookings import settlements
from app.bookings.models import Booking, Outcome, Settlement
from app.db import session, unguessable
from app.desk.models import Case, CaseKind
from app.errors import N_, Problem, Refused
from app.talks.models import Party

BATCH = 200
DECIDED_SHOWN = 20
WORDS_LENGTH = 500  # characters
PROMISE = timedelta(days=policy.CASE_PROMISE_DAYS)
ESCALATION = timedelta(days=policy.CASE_ESCALATE_DAYS)

OPENED_BY = {
    Outcome.UNCLEAR: CaseKind.UNCLEAR,
    Outcome.CAST_EMERGENCY: CaseKind.EMERGENCY,
}
# Taken back in time, with everything returned: there is nothing to object to.
TAKEN_BACK = {Outcome.GUEST_CANCELLED, Outcome.CAST_CANCELLED, Outcome.OFFICE_CANCELLED}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An open case as it stands at a moment."""

    case: Case
    age: timedelta
    promised_at: datetime
    is_overdue: bool
    is_escalated: bool


def open_due(now: datetime) -> int:
    """Open a case for each settlement that leaves something to decide; returns how many are new.

    An objection that came first is the case. Bookings that somebody holds wait for the next run.
    """
    due = (
        select(Settlement.booking_id, Settlement.outcome)
        .join(Booking, Booking.id == Settlement.booking_id)
        .where(
            Settlement.outcome.in_(OPENED_BY),
            Settlement.decided_at.is_(None),
            ~exists().where(Case.booking_id == Settlement.booking_id),
        )
        .order_by(Settlement.booking_id)
        .limit(BATCH)
        .with_for_update(of=Booking, skip_locked=True)
    )
    opened = [
        {
            "public_id": unguessable(),
            "booking_id": booking_id,
            "kind": OPENED_BY[outcome],
            "words": "",
            "opened_at": now,
            "said": "",
        }
        for booking_id, outcome in session.execute(due)
    ]
    if not opened:
        return 0
    new = insert(Case).values(opened).on_conflict_do_nothing().returning(Case.id)
    return len(session.scalars(new).all())


def why_not_object(
    booking: Booking, settlement: Settlement | None, *, by: Party, now: datetime
) -> list[Problem]:
    """Why this one cannot object to how a booking was settled; an empty list where they can (D17)."""
    if settlement is None:
        text = N_(
            "This talk is not settled yet. Once it is, you can write to us for %(days)s days."
        )
        values = {"days": policy.OBJECTION_OPEN.days}
        return [Problem(code="not_settled", text=text, values=values)]
    if settlement.outcome in TAKEN_BACK:
        text = N_("This booking was cancelled in time and everything was returned.")
        return [Problem(code="taken_back", text=text)]
    known = of_booking(booking)
    if any(case.party is by for case in known):
        text = N_("You have written to us about this talk already.")
        return [Problem(code="objected", text=text)]
    if any(case.decided_at is None for case in known):
        text = N_(
            "The office is looking at this talk already. You hear the result within %(days)s days."
        )
        values = {"days": policy.CASE_PROMISE_DAYS}
        return [Problem(code="open", text=text, values=values)]
    told_at = max([settlement.settled_at, *(case.decided_at for case in known if case.decided_at)])
    if now > told_at + policy.OBJECTION_OPEN:  # of the first result, or of a decision
        text = N_("You could write to us about this talk for %(days)s days after it was settled.")
        values = {"days": policy.OBJECTION_OPEN.days}
        return [Problem(code="too_late", text=text, values=values)]
    return []


def object_to(booking_id: int, *, by: Party, words: str, now: datetime) -> Case:
    """One of the two says that it was otherwise. Pressing twice objects once. Raises Refused."""
    booking = settlements.get_locked(booking_id)  # a second press, and the other's, wait here
    words = words.strip()
    if before := next((each for each in of_booking(booking) if _is(each, by, words)), None):
        return before
    settlement = settlements.find(booking_id)
    problems = [
        *why_not_object(booking, settlement, by=by, now=now),
        *_why_not_words(words),
    ]
    if problems:
        raise Refused(*problems)
    case = Case(
        booking_id=booking_id, kind=CaseKind.OBJECTION, party=by, words=words, opened_at=now
    )
    session.add(case)
    session.flush()
    return case


def of_booking(booking: Booking) -> list[Case]:
    """Every case about a booking, the oldest first."""
    return list(session.scalars(_whole().where(Case.booking_id == booking.id).order_by(Case.id)))


def queue(now: datetime, *, kind: CaseKind | None = None) -> list[Waiting]:
    """The open cases, the oldest first: so those that waited too long stand at the top."""
    wanted = _whole().where(Case.decided_at.is_(None)).order_by(Case.opened_at, Case.id)
    return [standing(case, now=now) for case in session.scalars(_of_kind(wanted, kind))]


def standing(case: Case, *, now: datetime) -> Waiting:
    """How old an open case is, and what was promised (G43); the last moment is in time."""
    age = max(now - case.opened_at, timedelta(0))
    return Waiting(
        case=case,
        age=age,
        promised_at=case.opened_at + PROMISE,
        is_overdue=age > PROMISE,
        is_escalated=age >= ESCALATION,
    )


def decided_lately(*, kind: CaseKind | None = None) -> list[Case]:
    wanted = _whole().where(Case.decided_at.is_not(None)).order_by(Case.decided_at.desc())
    return list(session.scalars(_of_kind(wanted, kind).limit(DECIDED_SHOWN)))


def count_open() -> int:
    open_ = select(func.count()).select_from(Case).where(Case.decided_at.is_(None))
    return session.scalar(open_) or 0


def find(public_id: str) -> Case | None:
    """A case with its booking and both people, for the office."""
    return session.scalars(_whole().where(Case.public_id == public_id)).one_or_none()


def _is(case: Case, by: Party, words: str) -> bool:
    return case.party is by and case.words == words


def _why_not_words(words: str) -> list[Problem]:
    if not words:
        text = N_("Please write what was otherwise.")
        return [Problem(code="no_words", about="words", text=text)]
    if len(words) > WORDS_LENGTH:
        text = N_("Please use at most %(max)d characters.")
        return [Problem(code="too_long", about="words", text=text, values={"max": WORDS_LENGTH})]
    return []


def _whole() -> Select[Case]:
    booking = joinedload(Case.booking)
    return (
        select(Case)
        .options(booking.joinedload(Booking.guest), booking.joinedload(Booking.cast))
        .execution_options(populate_existing=True)
    )


def _of_kind(wanted: Select[Case], kind: CaseKind | None) -> Select[Case]:
    return wanted.where(Case.kind == kind) if kind else wanted
