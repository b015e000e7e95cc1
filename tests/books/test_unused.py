"""Unused paid points at the end of a day (資金決済法)."""

from datetime import date, timedelta

import pytest

from app.books import unused
from app.books.unused import Level
from app.points import expiry
from app.points.models import Kind
from tests.books.test_balance import spend
from tests.factories import NOON, give_points, japan, make_guest

DAY = timedelta(days=1)
SUNDAY = date(2026, 11, 22)


def test_the_unused_paid_points_of_a_day_stand_by_the_month_of_their_last_day():
    guest = make_guest()
    give_points(guest, 1000, expires_at=japan(2027, 2, 1, 0, 0))  # January 31 is its last day
    give_points(guest, 500, expires_at=japan(2027, 2, 23, 0, 0))
    give_points(guest, 700, expires_at=japan(2027, 2, 24, 0, 0))
    give_points(guest, 9000, kind=Kind.FREE)
    spend(guest, 200, "a")

    found = unused.at_end_of(SUNDAY)

    assert [(each.month, each.lots, each.points, each.yen) for each in found.by_expiry] == [
        (date(2027, 1, 1), 1, 800, 800),
        (date(2027, 2, 1), 2, 1200, 1200),
    ]
    assert (found.lots, found.points, found.yen) == (3, 2000, 2000)


def test_an_earlier_day_knows_nothing_of_what_came_after():
    guest = make_guest()
    give_points(guest, 1000, expires_at=NOON + 9 * DAY)
    spend(guest, 400, "a", now=NOON + DAY)
    expiry.expire_due(NOON + 9 * DAY)

    days = [SUNDAY - DAY, SUNDAY, SUNDAY + DAY, SUNDAY + 9 * DAY]

    assert [unused.at_end_of(day).points for day in days] == [0, 1000, 600, 0]


def test_a_day_ends_at_midnight_in_japan():
    guest = make_guest()
    give_points(guest, 1000, now=japan(2026, 11, 21, 23, 59))
    give_points(guest, 500, now=japan(2026, 11, 22, 0, 0))

    assert [unused.at_end_of(day).points for day in (SUNDAY - DAY, SUNDAY)] == [1000, 1500]


@pytest.mark.parametrize(
    ("points", "level"),
    [
        (6_999_999, Level.CALM),
        (7_000_000, Level.NEAR),
        (10_000_000, Level.NEAR),
        (10_000_001, Level.OVER),
    ],
)
def test_the_house_is_warned_before_the_law_asks_for_anything(points, level):
    give_points(make_guest(), points)

    assert unused.at_end_of(SUNDAY).level is level


def test_the_days_that_the_law_counts_by_are_offered():
    assert unused.report_days(NOON, number=3) == [
        date(2026, 9, 30),
        date(2026, 3, 31),
        date(2025, 9, 30),
    ]
    assert unused.report_days(japan(2027, 3, 31, 9, 0), number=1) == [date(2027, 3, 31)]
