"""Months that are frozen: each once, by the month, sealing the one before."""

import hashlib
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.books import balance, checks, jobs, months
from app.books.balance import Amount
from app.books.models import ClosedMonth
from app.db import session
from app.points.models import Kind
from tests import wages
from tests.books.payments import close_claims
from tests.books.test_balance import give_back, spend
from tests.factories import NOON, give_points, japan, make_cast, make_guest

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
SECOND_OF_DECEMBER = japan(2026, 12, 2, 9, 0)
SECOND_OF_JANUARY = japan(2027, 1, 2, 9, 0)


def closed(month):
    found = session.get(ClosedMonth, month)
    assert found
    return found


@pytest.fixture
def guest():
    """Somebody who bought 1,000 points in November and used 300."""
    guest = make_guest()
    give_points(guest, 1000)
    spend(guest, 300, "a")
    return guest


def test_a_month_stays_open_until_its_close_claims(guest):
    assert months.close_due(SECOND_OF_DECEMBER) == 0
    close_claims(NOVEMBER, finished=False)
    assert months.close_due(SECOND_OF_DECEMBER) == 0


def test_a_month_is_frozen_a_day_after_its_end_and_once(guest):
    close_claims(NOVEMBER)

    assert months.close_due(japan(2026, 12, 1, 23, 59)) == 0
    assert months.close_due(japan(2026, 12, 2, 0, 0)) == 1
    assert months.close_due(SECOND_OF_DECEMBER) == 0
    assert closed(NOVEMBER).figures["paid_used_points"] == -300


def test_earlier_months_are_frozen_with_it_each_by_itself(guest):
    other = make_guest()
    give_points(other, 500, now=japan(2026, 9, 30, 23, 59))
    spend(other, 200, "b", now=japan(2026, 10, 31, 23, 59))
    close_claims(NOVEMBER)

    assert months.close_due(SECOND_OF_DECEMBER) == 3
    assert closed(date(2026, 9, 1)).figures["paid_bought_points"] == 500
    assert closed(OCTOBER).figures["paid_used_points"] == -200
    assert closed(NOVEMBER).figures["paid_used_points"] == -300
    assert closed(NOVEMBER).until_then["paid_used_points"] == -500


def test_a_return_after_the_closing_lands_in_the_next_month(guest):
    close_claims(NOVEMBER)
    months.close_due(SECOND_OF_DECEMBER)
    before = dict(closed(NOVEMBER).figures)

    give_back("a", points=120, now=SECOND_OF_DECEMBER)
    close_claims(DECEMBER)
    months.close_due(SECOND_OF_JANUARY)

    assert closed(NOVEMBER).figures == before
    december = months.listed(SECOND_OF_JANUARY)[1]
    assert (december.month, december.closed is not None) == (DECEMBER, True)
    assert december.sales.used == -120
    assert checks.problems() == []


@pytest.mark.req("C60")
def test_rewards_that_change_after_the_closing_are_corrected_in_the_next_month():
    talk = wages.talk_for(make_cast(), minutes=2)  # 50 yen a minute
    close_claims(NOVEMBER)
    months.close_due(SECOND_OF_DECEMBER)
    assert closed(NOVEMBER).figures["rewards_yen"] == 100

    undone = session.begin_nested()
    session.execute(text("UPDATE talk SET minutes_returned = 1 WHERE id = :id"), {"id": talk.id})
    december, november = months.listed(SECOND_OF_DECEMBER)

    assert november.sales.rewards == 100
    assert december.sales.rewards == -50
    undone.rollback()


def test_open_months_are_shown_as_they_stand_and_closed_ones_as_frozen(guest):
    close_claims(NOVEMBER)
    open_month = months.listed(NOON)[0]
    months.close_due(SECOND_OF_DECEMBER)

    december, november = months.listed(SECOND_OF_DECEMBER)

    assert open_month.closed is None
    assert november.closed and november.figures == open_month.figures
    assert (december.closed, december.sales.total) == (None, 0)


def test_the_balance_goes_on_from_the_last_closed_month(guest):
    close_claims(NOVEMBER)
    months.close_due(SECOND_OF_DECEMBER)
    spend(guest, 50, "c", now=SECOND_OF_DECEMBER)

    for until in (None, SECOND_OF_DECEMBER + timedelta(days=1)):
        paid = balance.of_points(until)[Kind.PAID]
        assert (paid.used.points, paid.unused.points) == (350, 650)
        assert paid.difference == Amount()
    assert balance.of_points(NOON + timedelta(days=1))[Kind.PAID].used.points == 300


def test_each_month_seals_the_one_before(guest):
    close_claims(NOVEMBER)
    close_claims(DECEMBER)
    months.close_due(SECOND_OF_JANUARY)
    first, second = closed(NOVEMBER), closed(DECEMBER)

    assert first.sha256 == months.digest(NOVEMBER, first.figures, first.until_then, before="")
    assert second.sha256 == months.digest(
        DECEMBER, second.figures, second.until_then, before=first.sha256
    )


def test_the_hash_is_one_that_anybody_can_make_again():
    said = b'{"before":"","figures":{"a_points":1,"b_yen":2},"month":"2026-11-01","until_then":{}}'
    figures = {"b_yen": 2, "a_points": 1}

    assert months.digest(NOVEMBER, figures, {}, before="") == hashlib.sha256(said).hexdigest()


def test_a_changed_month_breaks_the_chain_and_is_named(guest):
    close_claims(NOVEMBER)
    months.close_due(SECOND_OF_DECEMBER)
    undone = session.begin_nested()
    month = closed(NOVEMBER)
    month.figures = month.figures | {"paid_used_points": -299}
    session.flush()

    assert checks.problems() == [
        "month 2026-11: its hash is not that of its figures",
        "month 2026-11: paid_used_points is frozen as -299, but its entries add up to -300",
    ]
    undone.rollback()
    session.expire_all()


def test_an_entry_written_into_a_closed_month_is_found(guest):
    close_claims(NOVEMBER)
    months.close_due(SECOND_OF_DECEMBER)
    undone = session.begin_nested()
    spend(guest, 10, "late", now=NOON)

    found = checks.problems()

    assert (
        "month 2026-11: paid_used_points is frozen as -300, but its entries add up to -310" in found
    )
    undone.rollback()
    session.expire_all()


@pytest.mark.committed
def test_two_jobs_at_once_freeze_a_month_once(at_once, at):
    give_points(make_guest(), 1000)
    close_claims(NOVEMBER)
    session.commit()
    at(SECOND_OF_DECEMBER)

    at_once(*[jobs.freeze_months] * 3)

    assert [each.month for each in months.closed_months()] == [NOVEMBER]
