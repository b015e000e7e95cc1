"""Business days, around holidays and the turn of the year."""

from datetime import date

import pytest

from app import workdays


@pytest.mark.req("D43")
@pytest.mark.parametrize(
    ("sent", "number", "due"),
    [
        (date(2026, 11, 16), 1, date(2026, 11, 17)),  # a Monday: Tuesday is day 1
        (date(2026, 11, 20), 1, date(2026, 11, 24)),  # a weekend, then 勤労感謝の日
        (date(2026, 11, 21), 1, date(2026, 11, 24)),  # sent on a Saturday
        (date(2026, 12, 28), 1, date(2027, 1, 4)),  # the office is closed until January 3
        (date(2026, 12, 24), 7, date(2027, 1, 8)),
        (date(2026, 5, 1), 1, date(2026, 5, 7)),  # 憲法記念日 on a Sunday moves to the 6th
        (date(2026, 9, 18), 2, date(2026, 9, 25)),  # a 国民の休日 between two holidays
    ],
)
def test_a_business_day_is_found_by_its_number(sent: date, number: int, due: date) -> None:
    assert workdays.after(sent, number) == due
    assert workdays.between(sent, due) == number


@pytest.mark.req("D43")
@pytest.mark.parametrize("day", [29, 30, 31])
def test_the_office_is_closed_from_december_29(day: int) -> None:
    assert not workdays.is_workday(date(2026, 12, day))


@pytest.mark.req("D43")
def test_the_office_is_open_on_the_last_and_first_weekdays_beside() -> None:
    assert workdays.is_workday(date(2026, 12, 28))
    assert not workdays.is_workday(date(2025, 1, 3))  # a Friday
    assert workdays.is_workday(date(2027, 1, 4))


@pytest.mark.req("D43")
def test_on_the_day_itself_no_business_day_has_passed() -> None:
    assert workdays.between(date(2026, 11, 16), date(2026, 11, 16)) == 0
    assert workdays.between(date(2026, 11, 20), date(2026, 11, 23)) == 0
