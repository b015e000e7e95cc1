"""The demo has money, whatever day it is opened on."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app import clock, demo
from app.books import checks, months
from app.db import session
from app.errors import Refused
from app.payouts import batches, claims, closing_watch, ledger
from app.payouts.models import (
    BatchState,
    Claim,
    ClaimKind,
    Payout,
    PayoutBatch,
    PayoutState,
    ReturnReason,
)
from app.people.models import Account, Role
from tests.factories import NOON

DAYS = (
    NOON,
    datetime(2026, 11, 30, 16, 0, tzinfo=UTC),  # 1 December, 1:00 in Japan: no closing yet
    datetime(2026, 12, 31, 3, 0, tzinfo=UTC),  # banks rest
    datetime(2027, 1, 31, 14, 50, tzinfo=UTC),  # a Sunday, the pay day is over
    datetime(2027, 3, 31, 1, 30, tzinfo=UTC),  # the pay day itself
    datetime(2028, 2, 29, 3, 0, tzinfo=UTC),
)


@pytest.mark.parametrize("now", DAYS, ids=lambda now: f"{now:%Y-%m-%d}")
def test_the_demo_shows_every_state_of_money_on_any_day(now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)
    demo.fill(now=now)
    session.flush()

    cast = _account(demo.LOGINS[Role.CAST])
    payable = ledger.claimable(cast.id, now=now)
    assert not claims.why_not_claim(payable, now=now)
    own = {claim.kind for claim in session.scalars(select(Claim).filter_by(cast_id=cast.id))}
    assert own == {ClaimKind.ASKED, ClaimKind.CLOSING}
    paid = session.scalars(select(Payout).filter_by(cast_id=cast.id, state=PayoutState.PAID))
    assert paid.first().statement

    (back,) = session.scalars(select(Payout).filter_by(state=PayoutState.RETURNED))
    assert back.return_reason is ReturnReason.OTHER_NAME
    assert months.closed_months()
    assert checks.problems() == []
    assert closing_watch.count_unpaid(now) <= 1  # what came back


def test_its_batch_waits_for_another_person_than_its_maker():
    demo.fill(now=NOON)

    (batch,) = session.scalars(select(PayoutBatch).filter_by(state=BatchState.MADE))
    with pytest.raises(Refused):
        batches.approve(batch.id, by=_account(demo.SECOND_OPERATOR).id, now=NOON)
    batches.approve(batch.id, by=_account(demo.LOGINS[Role.OPERATOR]).id, now=NOON)

    assert batch.state is BatchState.APPROVED


def _account(email: str) -> Account:
    return session.scalars(select(Account).filter_by(email=email)).one()
