"""Two operators, and two of the house's workers, at the same instant over real connections."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from app.bookings import settlements
from app.bookings.models import Notice, NoticeKind
from app.cases import deciding, opening
from app.cases.models import Case
from app.db import session
from app.errors import Refused
from app.points.models import PointEntry, Reason
from tests.evidence import CAST, GUEST
from tests.factories import NOON, make_operator
from tests.reservations import attend, make_booking, settle

pytestmark = pytest.mark.committed

LATER = NOON + timedelta(hours=3)


@pytest.fixture
def booking_id():
    """Of a booking of 3 slots whose cast came for a moment, and its guest never: unclear."""
    booking = make_booking(slots=3)
    attend(booking, cast=[(0, 60)])
    settle(booking)
    return booking.id


def decide(case_id, operator_id, points):
    decided = deciding.decide(
        case_id,
        returned_points=points,
        earned_yen=0,
        said=f"{points} pt",
        by=operator_id,
        now=LATER,
    )
    return decided.said


@pytest.mark.req("G31")
def test_of_two_operators_who_decide_at_the_same_instant_one_has_decided(at_once, booking_id):
    opening.open_due(LATER)
    case_id = session.scalar(select(Case.id))
    operators = {points: make_operator().id for points in (300, 900)}

    works = [partial(decide, case_id, by, points) for points, by in operators.items()]
    first, second = at_once(*works)

    assert first == second  # both are shown the one decision
    [case] = session.scalars(select(Case)).all()
    settled = settlements.find(booking_id)
    entries = select(PointEntry.delta).filter_by(reason=Reason.BOOKING_RETURNED)
    assert settled and case.returned_points == settled.returned_points
    assert sum(session.scalars(entries)) == settled.returned_points
    assert case.decided_by == operators[settled.returned_points]
    told = session.scalars(select(Notice).filter_by(kind=NoticeKind.DECIDED)).all()
    assert len(told) == 2


def test_objections_and_workers_at_the_same_instant_open_one_case(at_once, booking_id):
    def object_to(number):
        by = (GUEST, CAST)[number % 2]
        return opening.object_to(booking_id, by=by, words=f"{number}", now=LATER).id

    objections = [partial(object_to, number) for number in range(8)]

    outcomes = at_once(*objections, *[partial(opening.open_due, LATER)] * 2)

    codes = {code for each in outcomes if isinstance(each, Refused) for code in each.codes}
    assert codes <= {"open", "objected"}
    assert len(session.scalars(select(Case)).all()) == 1
