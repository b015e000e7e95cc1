from datetime import timedelta

from sqlalchemy import select

from app import demo, policy
from app.bookings.models import Booking, BookingState, Outcome, Settlement
from app.cases import queue
from app.db import session
from app.demo import bookings
from tests.factories import NOON

HOUR = timedelta(hours=1)


def test_the_demo_holds_one_reservation_of_each_kind_and_cases_to_decide():
    demo.fill(now=NOON)

    outcomes = set(session.scalars(select(Settlement.outcome)))
    ahead = session.scalars(
        select(Booking).filter_by(state=BookingState.CONFIRMED).order_by(Booking.starts_at)
    ).all()
    overdue = [each.is_overdue for each in queue.waiting(NOON)]

    assert outcomes == {
        Outcome.COMPLETED,
        Outcome.GUEST_ABSENT,
        Outcome.CAST_LATE,
        Outcome.UNCLEAR,
    }
    assert [booking.starts_at - NOON for booking in ahead] == [timedelta(minutes=21), 8 * HOUR]
    assert overdue == [True, False, False]  # the last is a walk-in
    assert len(queue.decided_lately()) == 2


def test_whenever_the_demo_begins_an_evening_can_be_booked():
    for minutes in range(24 * 60):
        now = NOON + timedelta(minutes=minutes)

        ahead = bookings._evening_ahead(now) - now

        assert bookings.LEAST_AHEAD <= ahead <= policy.BOOKING_OPENS
