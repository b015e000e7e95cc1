"""Claims: exactly what was shown, from 5,000 yen on, each talk once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app import policy
from app.audit import AuditEntry
from app.cases import opening
from app.db import session
from app.errors import Refused
from app.payouts import claims, ledger
from app.payouts.ledger import State
from app.payouts.models import Claim, ClaimItem, ClaimKind
from app.talks.models import Party
from tests import factories, reservations, wages
from tests.factories import NOON, make_cast, make_guest, new_key

HOUR = timedelta(hours=1)
LATER = NOON + 6 * HOUR


def open_now(cast, *, now=LATER):
    return ledger.claimable(cast.account_id, now=now)


def claim(cast, shown, *, form_key="", now=LATER):
    key = form_key or new_key()
    return claims.claim(cast.account_id, shown=shown, form_key=key, by=cast.account_id, now=now)


def rich(cast, *, minutes=(60, 50)):
    """Talks of a blue cast, 50 yen a minute, one after the other; 5,500 yen if not said otherwise."""
    return [
        wages.talk_for(cast, minutes=each, now=NOON + number * 2 * HOUR)
        for number, each in enumerate(minutes)
    ]


def refusal(cast, shown, **more):
    with pytest.raises(Refused) as refused:
        claim(cast, shown, **more)
    return refused.value


@pytest.mark.req("C52", "C53", "C55")
def test_a_claim_takes_exactly_what_was_shown():
    cast = make_cast()
    first, second = rich(cast)
    shown = claims.shown_of(open_now(cast))

    made = claim(cast, shown)

    assert shown == {f"{first.public_id}:0": 3000, f"{second.public_id}:0": 2500}
    assert (made.kind, made.items, made.yen) == (ClaimKind.ASKED, 2, 5500)
    assert made.pay_on == date(2026, 12, 30)  # six bank days ahead is too near for 30 November
    items = session.scalars(select(ClaimItem).order_by(ClaimItem.id)).all()
    assert [(item.talk_id, item.units, item.yen) for item in items] == [
        (first.id, 60, 3000),
        (second.id, 50, 2500),
    ]
    assert open_now(cast) == []
    [noted] = session.scalars(select(AuditEntry).filter_by(did="claim.made")).all()
    assert (noted.by, noted.facts) == (cast.account_id, {"yen": 5500})
