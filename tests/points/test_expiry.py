from datetime import timedelta

import pytest

from app import letters, policy
from app.points import expiry, jobs, lots
from app.points.models import Reason
from app.points.statement import lines
from tests.factories import NOON, SECOND, give_points, japan, make_guest

DAY = timedelta(days=1)


@pytest.mark.req("G47", "D32")
def test_points_are_gone_with_the_last_day_and_not_a_second_before():
    guest = make_guest()
    lot = give_points(guest, 1000, now=japan(2026, 11, 30, 21))

    assert expiry.expire_due(japan(2027, 2, 28, 23, 59, 59)) == 0
    assert expiry.expire_due(japan(2027, 3, 1)) == 1
    assert expiry.expire_due(japan(2027, 3, 1)) == 0

    assert lots.lots_of(guest.id, now=NOON) == []
    [line, _bought] = lines(guest.id)
    assert (line.reason, line.points, line.about) == (Reason.EXPIRY, -1000, f"lot:{lot.id}")


def test_the_job_goes_on_until_nothing_is_due(at, monkeypatch):
    monkeypatch.setattr(expiry, "BATCH", 2)
    guests = [make_guest(points=100).id for _ in range(5)]
    at(japan(2027, 3, 1))

    jobs.expire()

    assert [lines(guest)[0].points for guest in guests] == [-100] * 5


@pytest.mark.req("G47")
@pytest.mark.parametrize("days", policy.EXPIRY_REMINDER_DAYS)
def test_a_guest_hears_30_7_and_1_days_before(days):
    guest = make_guest()
    lot = give_points(guest, 500)
    moment = lot.expires_at - days * DAY

    assert list(expiry.reminders_due(moment - SECOND)) == []
    [reminder] = expiry.reminders_due(moment)

    assert (reminder.guest.id, reminder.points, reminder.days) == (guest.id, 500, days)
    assert reminder.key == f"lot:{lot.id}:expires_in:{days}"


def test_who_was_told_is_not_due_again():
    lot = give_points(make_guest(), 500)
    moment = lot.expires_at - 7 * DAY

    for reminder in expiry.reminders_due(moment):
        letters.expiring(reminder, now=moment)

    assert list(expiry.reminders_due(moment + timedelta(hours=1))) == []


def test_a_lot_that_is_bought_short_is_not_reminded_of_longer_distances():
    give_points(make_guest(), 500, expires_at=NOON + 5 * DAY)

    assert list(expiry.reminders_due(NOON)) == []
    assert [each.days for each in expiry.reminders_due(NOON + 4 * DAY)] == [1]


def test_an_empty_lot_reminds_nobody():
    lot = give_points(make_guest(), 500)
    lot.remaining = 0
    found = list(expiry.reminders_due(lot.expires_at - DAY))
    lot.remaining = 500

    assert found == []
