"""Each check of the books of claims finds what it is there for, and nothing in good books."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.cases import walk_ins
from app.db import session
from app.payouts import checks, closing
from tests import reservations, wages
from tests.factories import japan, make_cast, make_operator

DAY = timedelta(days=1)
IN_DECEMBER = japan(2026, 12, 1, 3)

HARM = {
    "its items add up to": "UPDATE claim SET yen = yen + 1",
    "is claimed by cast": "UPDATE claim SET cast_id = (SELECT max(account_id) FROM talk_cast)",
    "which earned": "UPDATE talk SET reward_yen = reward_yen - 1",
    "without any decision": "UPDATE settlement SET earned_yen = earned_yen - 1",
    "but has no settlement": "DELETE FROM settlement",
    "pt of it are refunded": "UPDATE desk_case SET returned_points = returned_points - 100",
}


@pytest.fixture(name="_claimed")
def _a_claim_of_every_kind():
    """A walk-in of which a minute went back before, and a reservation."""
    talk = wages.talk_for(make_cast(), minutes=3)
    case = walk_ins.object_to(talk.id, words="無音でした。", now=talk.ended_at + DAY)
    said = {"minutes": 1, "keeps_reward": False, "said": "確認しました。"}
    walk_ins.decide(case.id, **said, by=make_operator().id, now=talk.ended_at + 2 * DAY)
    booking = reservations.make_booking()
    reservations.attend(booking, guest=[(0, 170)], cast=[(0, 170)])
    reservations.settle(booking)
    closing.begin_due(IN_DECEMBER)
    while closing.close_batch(IN_DECEMBER):
        pass
    make_cast()
    session.flush()


@pytest.mark.req("D26")
@pytest.mark.usefixtures("_claimed")
@pytest.mark.parametrize("words", HARM)
def test_each_check_of_claims_finds_what_it_is_there_for(words):
    assert checks.problems() == []

    harm = session.begin_nested()
    session.execute(text(HARM[words]))
    session.expire_all()
    found = checks.problems()
    harm.rollback()
    session.expire_all()

    assert any(words in each for each in found), found
