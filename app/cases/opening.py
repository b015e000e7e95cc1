"""How cases come up: the house opens those that its own settlements leave open; the guest and the cast open one by objecting (G28, C45)."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from app import policy
from app.bookings import settlements
from app.bookings.models import Booking, Outcome, Settlement
from app.cases.models import Case, CaseKind
from app.cases.queue import of_booking
from app.db import session, unguessable
from app.errors import N_, Problem, Refused
from app.talks.models import Party

BATCH = 200
WORDS_LENGTH = 500  # characters

OPENED_BY = {
    Outcome.UNCLEAR: CaseKind.UNCLEAR,
    Outcome.CAST_EMERGENCY: CaseKind.EMERGENCY,
}
# Taken back in time, with everything returned: there is nothing to object to.
TAKEN_BACK = {Outcome.GUEST_CANCELLED, Outcome.CAST_CANCELLED, Outcome.OFFICE_CANCELLED}


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
        *why_not_words(words),
    ]
    if problems:
        raise Refused(*problems)
    case = Case(
        booking_id=booking_id, kind=CaseKind.OBJECTION, party=by, words=words, opened_at=now
    )
    session.add(case)
    session.flush()
    return case


def _is(case: Case, by: Party, words: str) -> bool:
    return case.party is by and case.words == words


def why_not_words(words: str) -> list[Problem]:
    """Why these are not the words of an objection; an empty list where they are."""
    if not words:
        text = N_("Please write what was otherwise.")
        return [Problem(code="no_words", about="words", text=text)]
    if len(words) > WORDS_LENGTH:
        text = N_("Please use at most %(max)d characters.")
        return [Problem(code="too_long", about="words", text=text, values={"max": WORDS_LENGTH})]
    return []
