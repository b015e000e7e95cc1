"""Whatever is shown, claimed, closed and decided in whatever order: what was shown is claimed, and no yen twice."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.cases import deciding, opening
from app.db import session
from app.errors import Refused
from app.payouts import claims, gathering, ledger, looking_back
from app.payouts.models import Claim, ClaimItem
from app.talks.models import Party
from tests import reservations, wages
from tests.factories import NOON, make_cast, make_guest, make_operator, new_key

LATER = NOON + timedelta(hours=8)
STEPS = st.lists(
    st.one_of(
        st.just(("show",)),
        st.tuples(st.just("claim"), st.integers(0, 5)),
        st.just(("close",)),
        st.tuples(st.just("object"), st.sampled_from([Party.GUEST, Party.CAST])),
        st.tuples(st.just("decide"), st.integers(0, 10_000)),
    ),
    max_size=12,
)


class Desk:
    """A cast with two walk-ins of 5,000 yen and a reservation of 10,000, and open windows."""

    def __init__(self):
        cast = make_cast(online=False)
        cast.reward_yen = cast.slot_reward_yen = 2_500
        session.flush()
        self.cast_id = cast.account_id
        self.operator_id = make_operator().id
        self.booking = reservations.make_booking(
            cast=cast, guest=make_guest(points=5_000), slots=4, start=NOON + timedelta(hours=4)
        )
        for hours in (0, 1):
            wages.talk_for(cast, minutes=2, now=NOON + timedelta(hours=hours))
        reservations.attend(self.booking, guest=[(0.0, 720.0)], cast=[(0.0, 720.0)])
        reservations.settle(self.booking)
        self.shown, self.case, self.made, self.peak_yen = [], None, {}, 10_000

    def show(self):
        listed = ledger.claimable(self.cast_id, now=LATER)
        self.shown.append((new_key(), claims.shown_of(listed)))

    def claim(self, number):
        if not self.shown:
            return
        key, shown = self.shown[number % len(self.shown)]
        made = claims.claim(self.cast_id, shown=shown, form_key=key, by=self.cast_id, now=LATER)
        items = select(ClaimItem.yen).where(ClaimItem.claim_id == made.id)
        assert sorted(session.scalars(items)) == sorted(shown.values())
        assert self.made.setdefault(key, made.id) == made.id  # one list, one claim

    def close(self):
        reach = looking_back.reach(self.cast_id)
        gathering.claim_for([self.cast_id], reach, served_before=LATER, now=LATER)

    def object(self, party):
        self.case = opening.object_to(self.booking.id, by=party, words="ちがいます", now=LATER)

    def decide(self, yen):
        if self.case:
            deciding.decide(
                self.case.id,
                returned_points=0,
                earned_yen=yen,
                said="決定",
                by=self.operator_id,
                now=LATER,
            )


@pytest.mark.req("C53", "C56", "D26")
@settings(max_examples=25)
@given(steps=STEPS)
def test_a_claim_is_what_was_shown_and_nothing_is_claimed_twice(undone, steps):
    with undone():
        desk = Desk()
        for name, *more in steps:
            point = session.begin_nested()
            try:
                getattr(desk, name)(*more)
                session.flush()
                point.commit()
            except Refused:
                point.rollback()
        _check(desk)


def _check(desk):
    of_talks = select(func.coalesce(func.sum(ClaimItem.yen), 0)).where(
        ClaimItem.talk_id.is_not(None)
    )
    of_booking = select(func.coalesce(func.sum(ClaimItem.yen), 0)).where(
        ClaimItem.booking_id.is_not(None)
    )
    assert session.scalar(of_talks) in {0, 5_000, 10_000}
    assert session.scalar(of_booking) <= 10_000
    every = select(
        func.count(Claim.id), func.count(Claim.form_key), func.count(Claim.form_key.distinct())
    )
    _claims, keyed, keys = session.execute(every).one()
    assert keyed == keys == len(desk.made)
    able = ledger.claimable(desk.cast_id, now=LATER)
    seen = ledger.all_of_month(desk.cast_id, NOON.date(), now=LATER)
    assert {each.key for each in able} <= {each.key for each in seen}
