"""The demo's casts have their conditions in writing."""

from sqlalchemy import select

from app import demo
from app.casts.models import Cast
from app.db import session
from app.demo import LOGINS
from app.payouts import condition_reading, conditions
from app.people.models import Role
from app.people.registration import find_account
from tests.factories import NOON


def test_everybody_was_told_and_who_logs_in_has_one_to_confirm():
    demo.fill(now=NOON)

    told = {
        cast_id: condition_reading.told_to(cast_id, now=NOON)
        for cast_id in session.scalars(select(Cast.account_id))
    }
    seat = find_account(LOGINS[Role.CAST], Role.CAST).id
    assert all(told.values())
    assert {cast_id: [each.waits for each in of].count(True) for cast_id, of in told.items()} == {
        cast_id: cast_id == seat for cast_id in told
    }
    assert told[seat][0].changed
    assert conditions.give_due(NOON) == []
