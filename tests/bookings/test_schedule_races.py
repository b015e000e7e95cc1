"""A cast at two pages at once, and a guest who books what is being taken back."""

from datetime import timedelta
from functools import partial

import pytest

from app import policy
from app.bookings import schedule
from app.casts.models import Cast
from app.clock import Span
from app.db import session
from app.errors import Refused
from app.people.models import Account
from tests.factories import NOON, book, japan, make_cast, make_guest, publish

pytestmark = pytest.mark.committed

EIGHT = japan(2026, 11, 22, 20)
HOUR = Span(EIGHT, EIGHT + timedelta(hours=1))
SLOTS = 20


def test_the_same_hour_published_from_many_pages_is_published_once(at_once):
    cast_id = make_cast().account_id
    halves = [Span(EIGHT, EIGHT + 30 * policy.MINUTE), Span(EIGHT + 30 * policy.MINUTE, HOUR.end)]

    made = at_once(
        *[partial(schedule.publish, cast_id, [HOUR], now=NOON)] * 4,
        *[partial(schedule.publish, cast_id, halves[::-1], now=NOON)] * 4,
    )

    assert sum(made) == SLOTS
    assert len(schedule.entries_of(cast_id, HOUR)) == SLOTS


@pytest.mark.req("C33")
def test_a_slot_is_either_booked_or_taken_back(at_once):
    def reserve(guest_id, cast_id):
        guest, cast = session.get_one(Account, guest_id), session.get_one(Cast, cast_id)
        return book(guest, cast, EIGHT, slots=3).public_id

    for _ in range(8):
        guest_id, cast = make_guest(points=10_000).id, make_cast()
        publish(cast, EIGHT)
        cast_id = cast.account_id

        booked, _removed = at_once(
            partial(reserve, guest_id, cast_id),
            partial(schedule.remove, cast_id, HOUR, now=NOON),
        )

        left = schedule.entries_of(cast_id, HOUR)
        if isinstance(booked, Refused):
            assert booked.codes == {"taken"}
            assert left == []
        else:
            assert [entry.booking for entry in left] == [booked] * 3
