"""Whatever operators, banks and casts do, and in whatever order: each claim is paid once, to the yen."""

from collections import Counter
from datetime import timedelta
from functools import partial

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app import workdays
from app.casts import account_reviews, bank_accounts
from app.casts.models import Cast
from app.clock import JAPAN
from app.db import session
from app.errors import Problem, Refused
from app.payouts import batches, planning, returning
from app.payouts.models import (
    BatchState,
    Claim,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
    ReturnReason,
)
from tests import factories, paying
from tests.factories import make_bank_account, make_cast, make_operator, make_remitter

CASTS = 3
HAPPENINGS = (
    *("go_on",) * 6,  # the next step of a batch, so that many reach the bank
    *("claim", "claim", "make", "make", "give_back", "give_back", "change", "confirm"),
    *("approve", "take_out", "withdraw", "hand_out", "accept", "mark_paid", "day", "settings"),
)
happening = st.tuples(st.sampled_from(HAPPENINGS), st.sampled_from([0, 0, 0, 1, 2, 3]))


class House:
    """What may happen, each to the thing of a number; what is refused has not happened."""

    def __init__(self, minutes):
        factories.make_fees()
        make_remitter()
        self.operators = [make_operator().id for _ in range(2)]
        self.casts = [make_cast().account_id for _ in range(CASTS)]
        self.minutes = minutes
        self.claims = 0
        self.now = paying.AFTER
        self.claim(0)

    @property
    def today(self):
        return self.now.astimezone(JAPAN).date()

    def do(self, name, number):
        point = session.begin_nested()
        try:
            getattr(self, name)(number)
            session.flush()
        except Refused:
            point.rollback()
            session.expire_all()
        else:
            point.commit()

    def claim(self, number):
        if self.claims == len(self.minutes):
            return
        cast = session.get_one(Cast, self.casts[number % CASTS])
        at = factories.NOON + timedelta(hours=self.claims)
        paying.make_claim(cast, minutes=self.minutes[self.claims], now=at)
        self.claims += 1

    def make(self, number):
        day = self.today
        while not workdays.is_bank_day(day) or day < paying.PAY_DAY:
            day += workdays.DAY
        batches.make(day, by=self.operators[number % 2], now=self.now)

    def approve(self, number):
        batch = self._one_of(PayoutBatch, number)
        other = next(each for each in self.operators if each != batch.made_by)
        batches.approve(batch.id, by=other, now=self.now)

    def go_on(self, number):
        batch = self._one_of(PayoutBatch, number)
        steps = {
            BatchState.MADE: self.approve,
            BatchState.APPROVED: self.accept,
            BatchState.ACCEPTED: self.mark_paid,
        }
        steps.get(batch.state, self.make)(number)

    def take_out(self, number):
        payout = self._one_of(Payout, number)
        batches.take_out(payout.id, by=self.operators[0], now=self.now)

    def withdraw(self, number):
        self._step(partial(batches.withdraw, bank_lacks_file=True), number)

    def hand_out(self, number):
        self._step(batches.hand_out, number)

    def accept(self, number):
        self.hand_out(number)
        self._step(batches.accept, number)

    def mark_paid(self, number):
        batch = self._one_of(PayoutBatch, number)
        self.now = max(self.now, paying.on(batch.pay_on))
        words = {"paid_on": batch.pay_on, "by": self.operators[0], "now": self.now}
        batches.mark_paid(batch.id, **words)

    def give_back(self, number):
        payout = self._one_of(Payout, number)
        words = {"reason": ReturnReason.OTHER, "returned_on": self.today}
        returning.give_back(payout.id, **words, by=self.operators[1], now=self.now)

    def change(self, number):
        make_bank_account(session.get_one(Cast, self.casts[number % CASTS]), now=self.now)

    def confirm(self, number):
        account = bank_accounts.find(self.casts[number % CASTS])
        account_reviews.accept(account.id, by=self.operators[0], now=self.now)

    def day(self, _number):
        self.now += timedelta(days=1)

    def settings(self, number):
        make_remitter(cast_bears_fee=number % 2 == 0)

    def _step(self, verb, number):
        batch = self._one_of(PayoutBatch, number)
        verb(batch.id, by=self.operators[number % 2], now=self.now)

    def _one_of(self, table, number):
        """The number-th latest of what there is."""
        found = session.scalars(select(table).order_by(table.id.desc()).offset(number).limit(1))
        one = found.one_or_none()
        if one is None:
            raise Refused(_NOTHING_THERE)
        return one


_NOTHING_THERE = Problem(code="nothing_there", text="There is no such thing yet.")


def paid_by_claim():
    wanted = (
        select(PayoutClaim.claim_id, func.count())
        .join(Payout, Payout.id == PayoutClaim.payout_id)
        .where(Payout.state == PayoutState.PAID)
        .group_by(PayoutClaim.claim_id)
    )
    return Counter(dict(session.execute(wanted).all()))


def agree(house):
    """Every claim waits, is on its way, or is paid; and the sums are those of the claims."""
    claims = {claim.id: claim.yen for claim in session.scalars(select(Claim))}
    waiting = {claim.id for claim in planning.waiting()}
    live = paying.live_claims()
    paid = paid_by_claim()
    assert len(claims) == house.claims
    assert waiting | live == set(claims)
    assert not waiting & live
    assert set(paid) <= live
    assert set(paid.values()) <= {1}
    counts = Payout.state.in_([PayoutState.WAITING, PayoutState.PAID])
    payouts = session.scalars(select(Payout).where(counts)).all()
    assert sum(each.claimed_yen for each in payouts) == sum(claims[each] for each in live)
    for each in payouts:
        assert each.transfer_yen + each.fee_yen + each.withheld_yen == each.claimed_yen
        assert each.fee_yen in {0, 110, 330}


def finish(house):
    """In the end everybody does their work, and whatever can be paid is."""
    for _ in range(2):
        for number in range(CASTS):
            house.do("confirm", number)
        for batch in session.scalars(select(PayoutBatch).order_by(PayoutBatch.id)).all():
            if batch.state in {BatchState.MADE, BatchState.APPROVED}:
                batches.withdraw(
                    batch.id, by=house.operators[0], now=house.now, bank_lacks_file=True
                )
            elif batch.state is BatchState.ACCEPTED:
                house.now = max(house.now, paying.on(batch.pay_on))
                words = {"paid_on": batch.pay_on, "by": house.operators[0], "now": house.now}
                batches.mark_paid(batch.id, **words)
        for name in ("make", "approve", "accept", "mark_paid"):
            house.do(name, 0)


# What chance finds too seldom: money that comes back from the bank, before and after it is paid.
COMES_BACK = [
    *[("make", 0), ("approve", 0), ("accept", 0), ("give_back", 0), ("confirm", 0)],
    *[("make", 0), ("approve", 0), ("accept", 0), ("mark_paid", 0), ("give_back", 0)],
    *[("change", 0), ("make", 0), ("approve", 0), ("accept", 0), ("mark_paid", 0)],
]


@settings(max_examples=10)
@example(steps=COMES_BACK, minutes=[20, 61])
@given(
    steps=st.lists(happening, min_size=10, max_size=20),
    minutes=st.lists(st.sampled_from([1, 2, 3, 20, 61]), min_size=2, max_size=4),
)
def test_every_claim_is_paid_once_and_to_the_yen(undone, steps, minutes):
    with undone():
        house = House(minutes)
        for name, number in steps:
            house.do(name, number)
            agree(house)
        finish(house)
        agree(house)
        paid = paid_by_claim()
        for claim in session.scalars(select(Claim)):
            left = [each for each in planning.waiting() if each.cast_id == claim.cast_id]
            # What still waits is less than the fee of sending it.
            assert claim.id in paid or sum(each.yen for each in left) <= 110
