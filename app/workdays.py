"""Business days of the office: Monday to Friday, without public holidays and the turn of the year."""

from datetime import date, timedelta

import jpholiday

from app import policy

DAY = timedelta(days=1)
SATURDAY = 5


def is_workday(day: date) -> bool:
    if day.weekday() >= SATURDAY or jpholiday.is_holiday(day):
        return False
    closes, opens = policy.OFFICE_CLOSED
    return not ((day.month, day.day) >= closes or (day.month, day.day) <= opens)


def after(day: date, number: int) -> date:
    """The business day of this number; the first one after `day` is number 1 (D43)."""
    assert number >= 1
    while number:
        day += DAY
        number -= is_workday(day)
    return day


def between(first: date, last: date) -> int:
    """How many business days have begun after `first`, until and with `last`."""
    days = (first + DAY * passed for passed in range(1, (last - first).days + 1))
    return sum(map(is_workday, days))
