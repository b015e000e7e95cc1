from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.casts import ranks
from app.casts.models import Rank, RankPrice
from app.db import session
from tests.factories import NOON, make_cast, make_talk

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)


def price_from(day, *, rank=Rank.BLUE, price_points=120, reward_percent=60):
    session.add(
        RankPrice(
            rank=rank,
            holds_from=day,
            price_points=price_points,
            reward_percent=reward_percent,
            slot_points=3 * price_points,
        )
    )
    session.flush()


def _price_of(rank, day):
    price = ranks.price_of(rank, today=day)
    return price.price_points, price.reward_yen


@pytest.mark.req("C60")
@pytest.mark.parametrize(
    ("rank", "price_points", "reward_yen"),
    [
        (Rank.BLUE, 100, 50),
        (Rank.SILVER, 150, 75),
        (Rank.GOLD, 200, 100),
        (Rank.PLATINUM, 300, 165),
        (Rank.BLACK, 500, 300),
    ],
)
def test_what_each_rank_costs_and_earns_at_first(rank, price_points, reward_yen):
    ranks.set_first_prices(TODAY)

    assert _price_of(rank, TODAY) == (price_points, reward_yen)


def test_a_price_holds_from_its_day():
    cast = make_cast()
    price_from(TOMORROW)

    assert _price_of(Rank.BLUE, TODAY) == (100, 50)
    assert _price_of(Rank.BLUE, TOMORROW) == (120, 72)

    ranks.apply_due(TODAY)
    session.refresh(cast)
    assert (cast.price_points, cast.reward_yen) == (100, 50)
    ranks.apply_due(TOMORROW)
    session.refresh(cast)
    assert (cast.price_points, cast.reward_yen) == (120, 72)


def test_applying_again_changes_nobody():
    make_cast()
    price_from(TOMORROW)

    assert [ranks.apply_due(TOMORROW) for _ in range(2)] == [1, 0]


def test_other_ranks_keep_their_price():
    gold = make_cast(rank=Rank.GOLD)
    price_from(TOMORROW)

    ranks.apply_due(TOMORROW)

    session.refresh(gold)
    assert gold.price_points == 200


@pytest.mark.req("D9")
def test_a_running_talk_keeps_the_price_of_its_entry():
    talk = make_talk(now=NOON)
    price_from(TOMORROW)

    ranks.apply_due(TOMORROW)

    session.refresh(talk)
    assert (talk.price_points, talk.reward_yen) == (100, 50)


def test_a_reward_is_rounded_down_to_whole_yen():
    make_cast()
    price_from(TOMORROW, price_points=125, reward_percent=55)

    assert _price_of(Rank.BLUE, TOMORROW) == (125, 68)


@pytest.mark.req("D14")
def test_a_slot_costs_three_minutes_at_first_and_a_price_of_its_own_later():
    cast = make_cast()
    assert (cast.slot_points, cast.slot_reward_yen) == (300, 150)

    price_from(TOMORROW, price_points=120, reward_percent=60)
    session.scalars(select(RankPrice).filter_by(holds_from=TOMORROW)).one().slot_points = 333
    ranks.apply_due(TOMORROW)

    session.refresh(cast)
    assert (cast.slot_points, cast.slot_reward_yen) == (333, 199)
