"""Closings and claims at the same instant, over connections of their own: nobody sees an error."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import session
from app.errors import Refused
from app.payouts import claims, closing, ledger
from app.payouts.models import Claim, ClaimItem, ClaimKind, Closing
from app.talks import history, rating
from app.talks.models import Talk
from tests import wages
from tests.factories import japan, make_cast, make_guest, new_key

pytestmark = pytest.mark.committed
IN_DECEMBER = japan(2026, 12, 1, 3)


def go_on():
    return closing.close_batch(IN_DECEMBER)


def counted():
    """Claims by their kind, and the sum of all their items."""
    kinds = Counter(session.scalars(select(Claim.kind)))
    return kinds, session.scalar(select(func.sum(ClaimItem.yen)))


@pytest.mark.req("D26", "C56")
def test_two_closings_at_once_claim_once(at_once):
    for _ in range(3):
        wages.talk_for(make_cast(), minutes=2)

    began = at_once(*[lambda: closing.begin_due(IN_DECEMBER)] * 4)
    assert not [each for each in began if isinstance(each, Exception)]
    at_once(*[go_on] * 4)
    while at_once(*[go_on] * 4) != [None] * 4:
        pass

    assert counted() == ({ClaimKind.CLOSING: 3}, 300)
    assert session.scalars(select(Closing.finished_at)).one() == IN_DECEMBER


@pytest.mark.req("D26", "C55", "C56")
@pytest.mark.parametrize("attempt", range(3))
def test_a_cast_who_claims_while_the_month_is_closed_is_paid_once(at_once, attempt):
    """Either what was shown is claimed, or the cast hears that it is claimed already."""
    cast = make_cast()
    cast_id = cast.account_id
    wages.talk_for(cast, minutes=100)
    shown = claims.shown_of(ledger.claimable(cast_id, now=IN_DECEMBER))
    closing.begin_due(IN_DECEMBER)

    def ask():
        return claims.claim(cast_id, shown=shown, form_key=key, by=cast_id, now=IN_DECEMBER).id

    key = new_key()
    asked, *_ = at_once(ask, go_on, go_on)

    kind = ClaimKind.CLOSING if isinstance(asked, Refused) else ClaimKind.ASKED
    assert isinstance(asked, int | Refused)
    assert counted() == ({kind: 1}, 5_000)


@pytest.mark.req("D26", "C18")
@pytest.mark.parametrize("attempt", range(3))
def test_a_guest_who_rates_a_talk_while_it_is_claimed_waits_for_nobody_in_vain(at_once, attempt):
    """The guest holds the talk and wants the cast; the closing holds the cast and names the talk."""
    cast, guest = make_cast(), make_guest(points=100_000)
    start = japan(2026, 11, 30, 12)
    talks = [
        wages.talk_for(cast, minutes=2, now=start + n * timedelta(hours=1), guest=guest)
        for n in range(4)
    ]
    public_ids = [talk.public_id for talk in talks]
    closing.begin_due(IN_DECEMBER)

    def rate(public_id):
        talk = history.find(public_id, of=session.merge(guest), lock=True)
        return rating.rate(talk, stars=5, line="", now=IN_DECEMBER).talk_id

    answers = at_once(*[lambda one=one: rate(one) for one in public_ids], go_on)

    assert sorted(answers[:4]) == sorted(session.scalars(select(Talk.id)))
    assert counted() == ({ClaimKind.CLOSING: 1}, 400)
