from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.casts import jobs, prices, ranks
from app.casts.models import Rank, RankPrice
from app.db import session
from app.errors import Refused
from tests.factories import (
    NOON,
    book,
    give_points,
    japan,
    make_cast,
    make_guest,
    make_operator,
    make_talk,
    publish,
)

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)
DAY = timedelta(days=1)


@pytest.fixture
def operator():
    ranks.set_first_prices(date(2026, 1, 1))
    return make_operator()


def add(operator, *, rank=Rank.BLUE, day=TOMORROW, price=120, percent=60, slot=350, now=NOON):
    return prices.add(
        rank=rank,
        holds_from=day,
        price_points=price,
        reward_percent=percent,
        slot_points=slot,
        by=operator.id,
        now=now,
    )


def codes(operator, **given):
    with pytest.raises(Refused) as refusal:
        add(operator, **given)
    return refusal.value.codes


@pytest.mark.req("C60")
def test_a_planned_price_holds_from_its_day_and_shows_what_changes(operator):
    add(operator)

    planned, first = prices.lines(today=TODAY)[Rank.BLUE]
    assert (planned.is_ahead, first.holds, first.until) == (True, True, TOMORROW)
    assert (planned.before.price_points, planned.price.price_points) == (100, 120)
    assert (planned.before.reward_yen, planned.price.reward_yen) == (50, 72)
    assert (planned.price.slot_points, planned.price.slot_reward_yen) == (350, 210)

    planned, first = prices.lines(today=TOMORROW)[Rank.BLUE]
    assert (planned.holds, planned.is_ahead, first.holds) == (True, False, False)


@pytest.mark.req("C60")
@pytest.mark.parametrize("day", [TODAY, TODAY - DAY])
def test_no_price_can_be_added_for_today_or_before(operator, day):
    assert codes(operator, day=day) == {"too_soon"}


def test_tomorrow_begins_at_midnight_in_japan(operator):
    assert codes(operator, now=japan(2026, 11, 23)) == {"too_soon"}
    assert add(operator, now=japan(2026, 11, 22, 23, 59, 59)).holds_from == TOMORROW


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"price": 0}, "out_of_range"),
        ({"slot": 0}, "out_of_range"),
        ({"price": 100_001, "slot": 100_001}, "out_of_range"),
        ({"percent": 0}, "no_share"),
        ({"percent": 101}, "no_share"),
        ({"slot": 119}, "cheap_slot"),
    ],
)
def test_amounts_that_cannot_be_meant_are_refused(operator, given, code):
    assert codes(operator, **given) == {code}
    assert len(session.scalars(select(RankPrice).filter_by(rank=Rank.BLUE)).all()) == 1


@pytest.mark.parametrize("given", [{"percent": 1}, {"percent": 100}, {"slot": 120}, {"price": 1}])
def test_the_edges_can_be_meant(operator, given):
    assert add(operator, **given).holds_from == TOMORROW


def test_a_rank_has_one_price_from_one_day_on(operator):
    add(operator)

    assert codes(operator, price=130) == {"taken"}
    assert add(operator, rank=Rank.GOLD).rank is Rank.GOLD


@pytest.mark.req("C60")
def test_what_has_not_begun_can_be_taken_back_and_what_has_begun_stays(operator):
    row = add(operator)
    with pytest.raises(Refused) as refusal:
        prices.remove(row, by=operator.id, now=japan(2026, 11, 23))
    assert refusal.value.codes == {"begun"}

    prices.remove(row, by=operator.id, now=japan(2026, 11, 22, 23, 59))

    assert prices.find(Rank.BLUE, TOMORROW) is None
    did = session.scalars(select(AuditEntry.did).order_by(AuditEntry.id)).all()
    assert did == ["rank_price.added", "rank_price.removed"]
    facts = session.scalars(select(AuditEntry.facts)).first()
    assert facts == {"price_points": 120, "reward_percent": 60, "slot_points": 350}


@pytest.mark.req("C60", "D9")
def test_at_midnight_in_japan_the_price_stands_on_the_cast_and_running_talks_keep_theirs(
    operator, at, queue
):
    talk, cast = make_talk(), make_cast()
    add(operator)

    at(japan(2026, 11, 22, 23, 59, 59))
    queue.do(jobs.apply_prices)
    session.refresh(cast)
    assert (cast.price_points, cast.reward_yen, cast.slot_points) == (100, 50, 300)

    at(japan(2026, 11, 23))
    queue.do(jobs.apply_prices)
    session.refresh(cast)
    session.refresh(talk)
    assert (cast.price_points, cast.reward_yen) == (120, 72)
    assert (cast.slot_points, cast.slot_reward_yen) == (350, 210)
    assert (talk.price_points, talk.reward_yen) == (100, 50)


@pytest.mark.req("D9")
def test_a_booking_made_before_keeps_its_price_and_one_made_after_has_the_new_one(operator):
    cast, guest, other = make_cast(), make_guest(points=1000), make_guest()
    add(operator)
    start = japan(2026, 11, 23, 10)
    publish(cast, start)
    before = book(guest, cast, start)

    ranks.apply_due(TOMORROW)
    session.refresh(cast)
    give_points(other, 1000)
    after = book(other, cast, start + timedelta(minutes=9), now=japan(2026, 11, 23, 1))

    session.refresh(before)
    assert (before.price_points, before.reward_yen) == (300, 150)
    assert (after.price_points, after.reward_yen) == (350, 210)


@pytest.mark.committed
def test_of_two_operators_who_plan_the_same_day_at_once_one_is_refused(at_once):
    ranks.set_first_prices(date(2026, 1, 1))
    operator = make_operator()
    works = [partial(add, operator, price=price) for price in (120, 130)]
    session.expunge(operator)

    outcomes = at_once(*works)

    [refusal] = [each for each in outcomes if isinstance(each, Refused)]
    assert refusal.codes == {"taken"}
    assert len(session.scalars(select(RankPrice).filter_by(holds_from=TOMORROW)).all()) == 1
