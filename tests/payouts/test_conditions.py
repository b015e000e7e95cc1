"""Conditions in writing: at the start, and before each change holds, to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app import policy
from app.casts import invitations, prices, profiles, ranks
from app.casts.models import LegalName, Rank
from app.clock import JAPAN
from app.db import session
from app.jobs import transaction
from app.payouts import (
    condition_reading,
    condition_terms,
    conditions,
    payday,
    remitters,
)
from app.payouts.condition_models import ConditionsNotice, ConditionsSeen
from app.payouts.condition_reading import Standing
from app.people.models import Account
from tests.commissions import SELLER, give, name_seller
from tests.factories import NOON, japan, make_cast, make_operator

TODAY = date(2026, 11, 22)
TOMORROW, IN_A_WEEK = date(2026, 11, 23), date(2026, 11, 29)
DAY = timedelta(days=1)


@pytest.fixture
def house():
    name_seller()


def plan_price(day, *, rank=Rank.BLUE, points=120, percent=60, now=NOON):
    values = {"price_points": points, "slot_points": 3 * points, "reward_percent": percent}
    return prices.add(rank=rank, holds_from=day, by=make_operator().id, now=now, **values)


def accept_rank(cast, rank, day, *, now=NOON):
    office = make_operator().id
    made = invitations.invite(
        cast.account_id, rank=rank, holds_from=day, words="どうぞ", by=office, now=now
    )
    invitations.answer(made.id, accepts=True, by=cast.account_id, now=now)


def set_bearer(*, cast_bears_fee, now=NOON):
    settings = remitters.Settings(
        code="1234567890",
        name="ミホン",
        bank_code="0005",
        branch_code="341",
        account_number="1234567",
        cast_bears_fee=cast_bears_fee,
    )
    remitters.write(settings, by=make_operator().id, now=now)


def told(cast, *, now=NOON):
    """(number, holds from, rank, reward of a minute) of every notice, in order."""
    return [
        (
            each.notice.number,
            each.notice.holds_from,
            each.notice.content["terms"]["rank"],
            each.notice.content["terms"]["reward_yen"],
        )
        for each in condition_reading.told_to(cast.account_id, now=now)[::-1]
    ]


def test_a_new_cast_is_told_at_once_and_once(house):
    cast = make_cast()

    give()
    give()

    assert told(cast) == [(1, TODAY, "blue", 50)]


def test_a_notice_says_everything_that_the_law_asks_for(house):
    cast = make_cast()

    (notice,) = give()

    content, terms = notice.content, notice.content["terms"]
    assert (terms["seller"], content["cast"]) == (SELLER, "山田 花子")
    assert content["address"]["ja"] == "見本のaddress"
    assert (content["given_on"], notice.holds_from) == ("2026-11-22", TODAY)
    assert (terms["reward_yen"], terms["slot_reward_yen"], terms["reward_percent"]) == (50, 150, 50)
    assert (terms["claim_least_yen"], terms["tax_percent"]) == (policy.CLAIM_LEAST_YEN, 10)
    assert (terms["cast_bears_fee"], terms["free_seconds"]) == (True, 60)
    assert notice.cast_id == cast.account_id


@pytest.mark.parametrize("month", [date(2026, 11, 22), date(2026, 12, 1), date(2027, 1, 31)])
def test_the_days_of_the_example_are_those_on_which_we_pay(month):
    days = {
        name: date.fromisoformat(day) for name, day in condition_terms.example_of(month).items()
    }

    for served_on in (days["first"], days["closes_on"]):
        assert (
            payday.of_talk(japan(served_on.year, served_on.month, served_on.day, 23))
            == (days["pay_on"])
        )
    assert payday.of_claim(days["claim_until"]) == days["claim_pay_on"]
    assert payday.of_claim(days["claim_until"] + DAY) == days["pay_on"]


def test_while_nobody_is_named_who_commissions_nothing_is_given():
    cast = make_cast()

    assert give() == []
    name_seller()
    give()

    assert told(cast) == [(1, TODAY, "blue", 50)]


def test_another_seller_is_another_condition(house):
    cast = make_cast()
    give()
    name_seller({"ja": "別の会社", "en": ""}, now=NOON + DAY)

    give(NOON + DAY)

    assert told(cast) == [(1, TODAY, "blue", 50), (2, TOMORROW, "blue", 50)]


@pytest.mark.req("C60")
def test_a_planned_price_is_told_before_its_day_to_the_casts_of_its_rank(house):
    blue, gold = make_cast(), make_cast(rank=Rank.GOLD)
    give()
    plan_price(IN_A_WEEK)

    give()
    give(japan(2026, 11, 29, 0, 0))

    assert told(blue) == [(1, TODAY, "blue", 50), (2, IN_A_WEEK, "blue", 72)]
    assert told(gold) == [(1, TODAY, "gold", 100)]


@pytest.mark.req("C16", "C60")
def test_an_accepted_rank_is_told_before_its_day(house):
    cast = make_cast()
    give()
    accept_rank(cast, Rank.GOLD, IN_A_WEEK)

    give()
    midnight = japan(2026, 11, 29, 0, 0)
    give(midnight)  # before the rank is applied
    invitations.apply_due(midnight)
    ranks.apply_due(IN_A_WEEK)
    give(midnight)

    assert told(cast) == [(1, TODAY, "blue", 50), (2, IN_A_WEEK, "gold", 100)]


def test_an_invitation_that_waits_for_its_answer_is_no_condition(house):
    cast = make_cast()
    give()
    invitations.invite(
        cast.account_id,
        rank=Rank.GOLD,
        holds_from=IN_A_WEEK,
        words="どうぞ",
        by=make_operator().id,
        now=NOON,
    )

    assert give() == []


def test_a_price_of_the_rank_to_come_is_told_with_it(house):
    cast = make_cast()
    give()
    accept_rank(cast, Rank.GOLD, IN_A_WEEK)
    plan_price(IN_A_WEEK + DAY, rank=Rank.GOLD, points=300, percent=50)
    plan_price(TOMORROW, rank=Rank.GOLD, points=250, percent=50)

    give()

    assert told(cast)[1:] == [
        (2, IN_A_WEEK, "gold", 125),
        (3, IN_A_WEEK + DAY, "gold", 150),
    ]


@pytest.mark.req("C60")
def test_a_plan_taken_back_gives_a_notice_in_its_place_and_so_does_the_same_plan_again(house):
    cast = make_cast()
    give()
    row = plan_price(IN_A_WEEK)
    give()
    prices.remove(row, by=make_operator().id, now=NOON)
    give()
    plan_price(IN_A_WEEK)
    give()

    assert told(cast)[1:] == [
        (2, IN_A_WEEK, "blue", 72),
        (3, IN_A_WEEK, "blue", 50),
        (4, IN_A_WEEK, "blue", 72),
    ]
    standings = [each.standing for each in condition_reading.told_to(cast.account_id, now=NOON)]
    assert standings == [Standing.AHEAD, Standing.OVER, Standing.OVER, Standing.HOLDS]


def test_a_price_between_two_days_holds_only_until_the_later_one(house):
    cast = make_cast()
    plan_price(IN_A_WEEK)
    give()
    plan_price(TOMORROW, points=110, percent=50)
    give()

    assert told(cast) == [
        (1, TODAY, "blue", 50),
        (2, IN_A_WEEK, "blue", 72),
        (3, TOMORROW, "blue", 55),
    ]
    newest = condition_reading.told_to(cast.account_id, now=NOON)[0]
    assert newest.before.number == 1
    assert newest.changed == {"price_points", "slot_points", "reward_yen", "slot_reward_yen"}


@pytest.mark.req("D25")
def test_who_bears_the_fee_is_a_condition(house):
    cast = make_cast()
    give()
    set_bearer(cast_bears_fee=True)
    assert give() == []
    set_bearer(cast_bears_fee=False)

    (notice,) = give(NOON + DAY)

    newest = condition_reading.told_to(cast.account_id, now=NOON + DAY)[0]
    assert (notice.holds_from, newest.changed) == (TOMORROW, {"cast_bears_fee"})
    assert notice.content["terms"]["cast_bears_fee"] is False


def test_a_number_of_the_business_is_a_condition(house, monkeypatch):
    make_cast()
    give()
    monkeypatch.setattr(policy, "CLAIM_LEAST_YEN", 3_000)

    (notice,) = give()

    assert notice.content["terms"]["claim_least_yen"] == 3_000


def test_hidden_casts_are_told_and_those_who_left_are_not(house):
    hidden, left = make_cast(), make_cast()
    profiles.hide(hidden.account_id, now=NOON)
    session.get_one(Account, left.account_id).closed_at = NOON

    give()

    assert len(told(hidden)) == 1
    assert told(left) == []


def test_one_cast_can_be_told_everything_at_once(house):
    cast, other = make_cast(), make_cast()
    plan_price(IN_A_WEEK)

    given = conditions.give_to(cast.account_id, now=NOON)

    assert [each.holds_from for each in given] == [TODAY, IN_A_WEEK]
    assert told(other) == []
    assert conditions.give_to(cast.account_id, now=NOON) == []


def test_many_casts_are_told_in_batches(house, monkeypatch):
    monkeypatch.setattr(conditions, "BATCH", 2)
    for _ in range(5):
        make_cast()

    sizes = [len(conditions.give_due(NOON)) for _ in range(4)]

    assert sizes == [2, 2, 1, 0]


def test_nothing_that_was_told_can_be_changed(house):
    make_cast()
    give()

    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text("UPDATE conditions_notice SET holds_from = holds_from + 1"))


def test_a_notice_is_confirmed_once(house):
    cast = make_cast()
    (notice,) = give()

    condition_reading.confirm(notice, now=NOON)
    condition_reading.confirm(notice, now=NOON + DAY)

    assert session.scalars(select(ConditionsSeen.at)).all() == [NOON]
    assert condition_reading.waiting(cast.account_id, now=NOON) == []


def test_only_what_holds_or_comes_waits_to_be_confirmed(house):
    cast = make_cast()
    row = plan_price(IN_A_WEEK)
    give()
    prices.remove(row, by=make_operator().id, now=NOON)
    give()

    def waiting(now):
        return [each.number for each in condition_reading.waiting(cast.account_id, now=now)]

    assert waiting(NOON) == [1, 3]
    assert waiting(japan(2026, 11, 28, 23, 59)) == [1, 3]
    assert waiting(japan(2026, 11, 29, 0, 0)) == [3]


def test_the_office_asks_after_a_week(house):
    make_cast()
    (notice,) = give()
    week = policy.CONDITIONS_UNSEEN

    assert condition_reading.count_overdue(NOON + week) == 0
    assert condition_reading.count_overdue(NOON + week + timedelta(seconds=1)) == 1
    condition_reading.confirm(notice, now=NOON)
    assert condition_reading.count_overdue(NOON + week + timedelta(seconds=1)) == 0


def test_the_name_is_the_one_of_that_time(house):
    cast = make_cast()
    give()
    session.get_one(LegalName, cast.account_id).family_name = "佐藤"
    plan_price(IN_A_WEEK)
    give()

    named = session.scalars(select(ConditionsNotice).order_by(ConditionsNotice.number))
    assert [each.content["cast"] for each in named] == ["山田 花子", "佐藤 花子"]


_DAYS = st.integers(min_value=1, max_value=4)
_ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("price"), _DAYS, st.sampled_from([100, 120, 150])),
        st.tuples(st.just("remove"), _DAYS, st.just(0)),
        st.tuples(st.just("rank"), _DAYS, st.just(0)),
        st.tuples(st.just("fee"), st.just(0), st.booleans()),
        st.tuples(st.just("pass"), _DAYS, st.just(0)),
        st.tuples(st.just("tell"), st.just(0), st.just(0)),
    ),
    max_size=8,
)


@hypothesis_given(acts=_ACTS)
def test_whatever_happens_each_day_is_told_as_it_will_be(undone, acts):
    with undone():
        name_seller()
        cast, now = make_cast(), NOON
        give(now)
        for act, number, value in acts:
            today = now.astimezone(JAPAN).date()
            _do(act, number, value, cast=cast, today=today, now=now)
            if act == "pass":
                now += number * DAY
                invitations.apply_due(now)
            if act == "tell":
                give(now)
        give(now)
        _is_told_as_it_will_be(cast, now=now)
        assert conditions.give_due(now) == []


def _do(act, number, value, *, cast, today, now):
    day = today + number * DAY
    found = prices.find(Rank.BLUE, day)
    if act == "price" and not found:
        plan_price(day, points=value, percent=50, now=now)
    if act == "remove" and found:
        prices.remove(found, by=make_operator().id, now=now)
    if act == "rank" and cast.rank is Rank.BLUE and not invitations.ahead_of(cast.account_id):
        accept_rank(cast, Rank.GOLD, day, now=now)
    if act == "fee":
        set_bearer(cast_bears_fee=value, now=now)


def _is_told_as_it_will_be(cast, *, now):
    notices = session.scalars(select(ConditionsNotice).filter_by(cast_id=cast.account_id)).all()
    assert sorted(each.number for each in notices) == [*range(1, len(notices) + 1)]
    ahead = invitations.ahead_of(cast.account_id)
    for passed in range(10):
        day = now.astimezone(JAPAN).date() + passed * DAY
        rank = ahead.rank if ahead and ahead.holds_from <= day else cast.rank
        terms = condition_reading.holding(notices, day=day).content["terms"]
        price = ranks.price_of(rank, today=day)
        assert (terms["rank"], terms["reward_yen"]) == (rank, price.reward_yen)
        assert terms["cast_bears_fee"] == conditions.cast_bears_fee()


@pytest.mark.committed
def test_two_jobs_at_once_give_each_notice_once(at_once, monkeypatch):
    monkeypatch.setattr(conditions, "BATCH", 4)
    with transaction():
        name_seller()
        ids = [make_cast().account_id for _ in range(6)]

    def tell():
        given = 0
        for _ in range(3):
            with transaction():
                given += len(conditions.give_due(NOON))
        return given

    counts = at_once(tell, tell)

    assert sum(counts) == len(ids)
    found = session.execute(select(ConditionsNotice.cast_id, ConditionsNotice.number)).all()
    assert sorted(found) == [(cast_id, 1) for cast_id in sorted(ids)]
