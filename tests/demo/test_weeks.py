"""Whoever opens the demo, at whatever hour, finds something to book."""

from datetime import timedelta
from random import Random

import pytest

from app.bookings import reserving
from app.bookings.models import Slot
from app.db import session
from app.demo import weeks
from tests.factories import japan, make_cast


@pytest.mark.req("G20", "G21")
@pytest.mark.parametrize("hour", range(24))
def test_every_cast_can_be_booked_at_every_hour_of_the_day(hour):
    now = japan(2026, 11, 22, 0, 15) + timedelta(hours=hour)
    casts = [make_cast(online=False) for _ in range(4)]

    weeks.publish(casts, dice=Random(5), now=now)

    for cast in casts:
        slots = session.query(Slot).filter_by(cast_id=cast.account_id)
        assert any(not reserving.why_not_at(each.starts_at, slots=1, now=now) for each in slots)
