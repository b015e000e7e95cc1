"""Business days of the office and of banks: Monday to Friday, without public holidays and the turn of the year."""

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


def is_bank_day(day: date) -> bool:
    """Whether banks carry out transfers; they rest for a shorter turn of the year than the office."""
    closes, opens = policy.BANKS_CLOSED
    rests = (day.month, day.day) >= closes or (day.month, day.day) <= opens
    return day.weekday() < SATURDAY and not jpholiday.is_holiday(day) and not rests


def last_bank_day(month: date) -> date:
    """The last day of the month of this day on which banks carry out transfers."""
    day = first_of_next(month) - DAY
    while not is_bank_day(day):
        day -= DAY
    return day


def bank_days_before(day: date, number: int) -> date:
    """The bank day that lies so many bank days before."""
    while number:
        day -= DAY
        number -= is_bank_day(day)
    return day


def first_of_next(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + 31 * DAY).replace(day=1)
