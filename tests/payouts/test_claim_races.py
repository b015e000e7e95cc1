"""Claims at the same instant, over real connections: two presses, two windows, a decision, the closing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from app.cases import deciding, opening
from app.casts.models import Cast
from app.db import session
from app.errors import Refused
from app.payouts import claims, gathering, ledger
from app.payouts.looking_back import EVERYTHING
from app.payouts.models import Claim, ClaimItem
from app.talks.models import Party
from tests import reservations, wages
from tests.factories import NOON, make_cast, make_guest, make_operator, new_key
from tests.processes import SOMEBODY_WAITS, in_context_of, wait_until

pytestmark = pytest.mark.committed

LATER = NOON + timedelta(hours=8)


@pytest.fixture
def cast_id():
    """Of a cast with two talks of 5,000 yen that can be claimed."""
    cast = _earning_much()
    for hours in (0, 1):
        wages.talk_for(cast, minutes=2, now=NOON + timedelta(hours=hours))
    return cast.account_id


def _earning_much():
    cast = make_cast(online=False)
    cast.reward_yen = cast.slot_reward_yen = 2_500
    session.flush()
    return cast


def shown_to(cast_id):
    return claims.shown_of(ledger.claimable(cast_id, now=LATER))


def claim(cast_id, shown, key):
    made = claims.claim(cast_id, shown=shown, form_key=key, by=cast_id, now=LATER)
    return made.id, made.yen


def claimed_yen():
    return session.scalar(select(func.sum(ClaimItem.yen)))


@pytest.mark.req("C56")
def test_two_presses_of_one_button_make_one_claim(at_once, cast_id):
    press = partial(claim, cast_id, shown_to(cast_id), new_key())

    first, second = at_once(press, press)

    assert first == second
    assert claimed_yen() == 10_000


@pytest.mark.req("C56")
def test_of_two_windows_with_the_same_list_one_claims(at_once, cast_id):
    shown = shown_to(cast_id)

    ends = at_once(*(partial(claim, cast_id, shown, new_key()) for _ in range(2)))

    [refused] = [end for end in ends if isinstance(end, Refused)]
    assert refused.codes == {"claimed"}
    assert claimed_yen() == 10_000
    assert session.scalar(select(func.count(Claim.id))) == 1


@pytest.mark.req("C56")
def test_lists_that_overlap_claim_no_talk_twice(at_once, cast_id):
    whole = shown_to(cast_id)
    one = dict([next(iter(whole.items()))])

    at_once(*(partial(claim, cast_id, shown, new_key()) for shown in (whole, one)))

    talks = select(func.count(ClaimItem.talk_id), func.count(ClaimItem.talk_id.distinct()))
    items, different = session.execute(talks).one()
    assert items == different >= 1


@pytest.mark.req("C56", "D26")
def test_a_claim_and_the_closing_take_each_talk_once(at_once, cast_id):
    shown = shown_to(cast_id)

    asked, _closed = at_once(partial(claim, cast_id, shown, new_key()), partial(close, cast_id))

    assert claimed_yen() == 10_000
    [made] = session.scalars(select(Claim)).all()
    if isinstance(asked, Refused):
        assert asked.codes == {"claimed"}
    else:
        assert asked == (made.id, 10_000)


@pytest.mark.req("C56")
def test_a_closing_waits_for_a_claim_that_is_being_made(app, cast_id):
    shown = shown_to(cast_id)
    session.commit()
    claim(cast_id, shown, new_key())  # and is not committed yet
    with ThreadPoolExecutor(1) as thread:
        closed = thread.submit(in_context_of(app, close), cast_id)
        wait_until(lambda: session.scalar(SOMEBODY_WAITS))
        session.commit()
    closed.result()

    assert claimed_yen() == 10_000
    assert session.scalar(select(func.count(Claim.id))) == 1


def close(cast_id):
    gathering.claim_for([cast_id], EVERYTHING, served_before=LATER, now=LATER)


@pytest.mark.req("C56", "D20")
def test_a_claim_and_a_decision_come_one_after_the_other(at_once):
    cast = _earning_much()
    booking = reservations.make_booking(cast=cast, guest=make_guest(points=5_000), slots=4)
    reservations.attend(booking, guest=[(0.0, 720.0)], cast=[(0.0, 720.0)])
    reservations.settle(booking)
    shown = shown_to(cast.account_id)
    booking_id, cast_id, operator_id = booking.id, cast.account_id, make_operator().id

    def take_half():
        case = opening.object_to(booking_id, by=Party.GUEST, words="途中で", now=LATER)
        decided = {"returned_points": 600, "earned_yen": 5_000, "said": "半分", "by": operator_id}
        deciding.decide(case.id, **decided, now=LATER)

    asked, _decided = at_once(partial(claim, cast_id, shown, new_key()), take_half)

    if isinstance(asked, Refused):
        assert asked.codes == {"changed"}  # the decision came first
        assert claimed_yen() is None
    else:
        assert asked[1] == claimed_yen() == 10_000  # the claim did; the house bears the rest


def test_a_cast_who_claims_does_not_hold_up_who_names_them(at_once, cast_id):
    """What only points to the cast's row, such as a new talk, need not wait for a claim."""
    shown = shown_to(cast_id)

    def name_them():
        wanted = select(Cast.account_id).where(Cast.account_id == cast_id)
        return session.scalar(wanted.with_for_update(read=True, key_share=True, nowait=True))

    made, named = at_once(partial(claim, cast_id, shown, new_key()), name_them)

    assert named == cast_id
    assert made[1] == 10_000
