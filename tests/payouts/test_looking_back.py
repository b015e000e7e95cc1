"""What is open is found where it can be, however long ago its talk was, and without reading everything."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app import policy
from app.cases import walk_ins
from app.db import session
from app.payouts import checks, closing, ledger, looking_back
from app.payouts.models import Claim, Closing
from app.talks.models import Talk
from tests import wages
from tests.factories import NOON, japan, make_cast, make_operator

DAY = timedelta(days=1)
APRIL = japan(2027, 4, 10, 12)


@pytest.fixture
def cast():
    return make_cast()


def sweep(now, *, by=None):
    session.flush()
    closing.begin_due(now, by=by)
    while closing.close_batch(now):
        pass
    session.expire_all()


def closed_until_march():
    for month in range(1, 5):
        sweep(japan(2026 if month == 0 else 2027, month, 2, 4))


def claims_of(cast):
    wanted = select(Claim).where(Claim.cast_id == cast.account_id).order_by(Claim.id)
    return session.scalars(wanted).all()


def test_a_house_that_closed_no_month_looks_everywhere(cast):
    assert looking_back.reach(cast.account_id) is looking_back.EVERYTHING


@pytest.mark.req("D26")
def test_a_case_of_long_ago_is_seen_and_swept_up_once_it_is_decided(cast):
    talk = wages.talk_for(cast, minutes=3)
    case = walk_ins.object_to(talk.id, words="聞こえませんでした。", now=talk.ended_at + DAY)
    closed_until_march()
    assert looking_back.reach(cast.account_id).since > talk.ended_at
    assert ledger.open_of(cast.account_id, now=APRIL).on_hold_yen == 150
    by = make_operator().id
    said = {"minutes": 1, "keeps_reward": False, "said": "確認しました。"}
    walk_ins.decide(case.id, **said, by=by, now=APRIL)
    session.flush()

    seen = ledger.claimable(cast.account_id, now=APRIL + DAY)
    assert [line.talk_id for line in seen] == [talk.id]
    sweep(APRIL + DAY)

    assert not session.scalars(select(Closing.whole).order_by(Closing.month.desc())).first()
    assert [claim.yen for claim in claims_of(cast)] == [100]
    assert ledger.open_of(cast.account_id, now=APRIL + DAY).payable_yen == 0


@pytest.mark.req("D26")
@pytest.mark.parametrize("asked", [True, False])
def test_what_was_mended_long_after_is_named_by_the_books_and_found_by_the_next_whole_round(
    cast, asked
):
    talk = wages.talk_for(cast, minutes=3)
    talk.fault = "failed"
    closed_until_march()
    assert ledger.open_of(cast.account_id, now=APRIL).on_hold_yen == 150
    session.get_one(Talk, talk.id).fault = None
    session.flush()
    sweep(APRIL)
    assert claims_of(cast) == []
    assert any("left 1 earnings" in each for each in checks.problems())

    if asked:
        sweep(APRIL + DAY, by=make_operator().id)
    else:
        sweep(japan(2027, 5, 2, 4))

    assert [claim.yen for claim in claims_of(cast)] == [150]
    assert checks.problems() == []


@pytest.mark.req("D26")
def test_nothing_of_the_last_two_closed_months_needs_a_case_to_be_found(cast):
    closed_until_march()
    talk = wages.talk_for(cast, minutes=2, now=japan(2027, 2, 1))  # written down late

    assert looking_back.reach(cast.account_id).since == japan(2027, 2, 1)
    assert [line.talk_id for line in ledger.claimable(cast.account_id, now=APRIL)] == [talk.id]
    sweep(APRIL)
    assert [claim.pay_on for claim in claims_of(cast)] == [date(2027, 4, 30)]


@pytest.mark.req("C52")
def test_a_list_takes_as_many_talks_as_one_claim_and_the_rest_waits(cast, monkeypatch):
    monkeypatch.setattr(policy, "CLAIM_MOST_ITEMS", 2)
    made = [wages.talk_for(cast, now=NOON + hour * timedelta(hours=1)).id for hour in range(3)]
    now = NOON + DAY

    assert [line.talk_id for line in ledger.claimable(cast.account_id, now=now)] == made[:2]
    assert ledger.open_of(cast.account_id, now=now).payable_yen == 300
