"""The office's queue of applications, in business days."""

from datetime import date, timedelta

import pytest

from app.entry import queue as waiting_list
from app.entry.models import ApplicationState
from tests.factories import japan, make_operator
from tests.screenings import admit, make_application, refuse

THURSDAY = japan(2026, 11, 19, 15)  # the Monday after it is a holiday


def standing(now, *, sent_at=THURSDAY):
    return waiting_list.standing_of(make_application(now=sent_at), now=now)


@pytest.mark.req("C21", "D43")
@pytest.mark.parametrize(
    ("now", "age", "left"),
    [
        (japan(2026, 11, 19, 23), 0, 7),
        (japan(2026, 11, 20, 0), 1, 6),
        (japan(2026, 11, 23, 12), 1, 6),
        (japan(2026, 11, 24, 12), 2, 5),
        (japan(2026, 12, 1, 23), 7, 0),
        (japan(2026, 12, 2, 0), 8, -1),
    ],
)
def test_age_and_rest_are_counted_in_business_days(now, age, left):
    seen = standing(now)

    assert (seen.age_days, seen.left_days, seen.is_overdue) == (age, left, left < 0)
    assert (seen.soonest_on, seen.due_on) == (date(2026, 11, 24), date(2026, 12, 1))


def test_on_a_weekend_after_the_last_day_it_is_over():
    sent_at = japan(2026, 11, 10, 12)  # a Tuesday; day 7 is a Thursday
    assert standing(japan(2026, 11, 19, 12), sent_at=sent_at).left_days == 0
    sent_at = japan(2026, 11, 11, 12)  # day 7 is a Friday
    assert standing(japan(2026, 11, 21, 12), sent_at=sent_at).left_days == -1


def test_at_two_in_the_morning_it_is_already_the_next_day_in_japan():
    seen = standing(japan(2026, 11, 20, 2), sent_at=japan(2026, 11, 19, 2))

    assert seen.age_days == 1


@pytest.mark.req("C20")
def test_the_oldest_stands_first_and_decided_ones_apart():
    operator = make_operator()
    young, old, passed, refused = (
        make_application(now=THURSDAY - timedelta(hours=hours)) for hours in (1, 3, 5, 7)
    )
    admit(passed, operator, now=THURSDAY)
    refuse(refused, operator, now=THURSDAY + timedelta(hours=1))

    ids = [each.application.id for each in waiting_list.waiting(THURSDAY)]
    assert ids == [old.id, young.id]
    assert [each.id for each in waiting_list.decided_lately()] == [refused.id, passed.id]
    only = waiting_list.decided_lately(state=ApplicationState.PASSED)
    assert [each.id for each in only] == [passed.id]


def test_the_count_is_of_those_that_wait_for_the_office():
    make_application()
    make_application().state = ApplicationState.MORE_DOCUMENTS

    assert waiting_list.count_waiting() == 1
    assert len(waiting_list.waiting(THURSDAY, state=ApplicationState.MORE_DOCUMENTS)) == 1


def test_beside_an_application_stand_the_one_before_and_the_one_after():
    first, second, third = (
        make_application(now=THURSDAY + timedelta(hours=hours)) for hours in range(3)
    )

    assert waiting_list.beside(first) == (None, second)
    assert waiting_list.beside(second) == (first, third)
    assert waiting_list.beside(third) == (second, None)
