"""Where a talk stands with the office, for one of the two: a link to the form, an open case, a decision."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app import clock
from app.bookings.models import Booking, Settlement
from app.cases import opening, queue, walk_ins
from app.cases.models import Case, CaseKind
from app.errors import Problem
from app.payouts.claim_lists import counted_yen
from app.talks.models import Party, Talk


@dataclass(frozen=True, kw_only=True)
class Line:
    """What objections/_line.html and its form say about a talk, to one of the two."""

    url: str  # of the form, and of what became of it
    case: Case | None
    may_object: bool
    problems: list[Problem]  # why this one cannot write
    returned_points: int
    earned_yen: int

    @property
    def promised_at(self) -> datetime | None:
        return self.case and self.case.opened_at + queue.PROMISE


def line_of_booking(booking: Booking, settlement: Settlement | None, party: Party) -> Line:
    """An emergency of the cast that is open yet is nothing that the guest waits for."""
    problems = opening.why_not_object(booking, settlement, by=party, now=clock.now())
    return Line(
        url=url_for("objections.show", public_id=booking.public_id),
        case=_newest(booking, party),
        may_object=not problems,
        problems=problems,
        returned_points=settlement.returned_points if settlement else 0,
        earned_yen=counted_yen(settlement.earned_yen, booking_id=booking.id) if settlement else 0,
    )


def line_of_talk(talk: Talk, *, viewer: Party) -> Line:
    """Of a walk-in; only its guest can write."""
    problems = walk_ins.why_not_object(talk, now=clock.now())
    return Line(
        url=url_for("objections.show_of_talk", public_id=talk.public_id),
        case=queue.of_talk(talk),
        may_object=viewer is Party.GUEST and not problems,
        problems=problems,
        returned_points=talk.points_returned,
        earned_yen=counted_yen(talk.earned_yen, talk_id=talk.id),
    )


def _newest(booking: Booking, party: Party) -> Case | None:
    known = [
        case
        for case in queue.of_booking(booking)
        if case.decided_at or case.kind is not CaseKind.EMERGENCY or party is Party.CAST
    ]
    return known[-1] if known else None
