"""From the talk to the bank's word and back again, in whatever order: nothing is paid twice, nothing is lost."""

import os
from collections import Counter

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.books import balance, checks, rewards
from app.books.balance import Amount
from app.books.models import ClosedMonth
from app.db import session
from app.payouts import approving, banks_file, planning, statements
from app.payouts.earnings import EARNED
from app.payouts.models import (
    Claim,
    ClaimItem,
    Payout,
    PayoutBatch,
    PayoutClaim,
    PayoutState,
)
from app.points.models import PointEntry
from tests import wages
from tests.circle import House
from tests.factories import NOON, make_cast, make_guest

EXAMPLES = int(os.environ.get("EXAMPLES", "12"))
PAID_OR_TO_BE = (PayoutState.WAITING, PayoutState.PAID)
STEPS = (
    *("talk",) * 5,
    *("reserve", "object", "decide", "go_on") * 3,
    *("claim", "night", "month", "pay_day", "give_back") * 2,
    *("last_talk_of_the_month", "cancel", "show", "press", "approve", "take_out", "withdraw"),
    *("change_account", "confirm", "change_price", "change_rank"),
    *("change_tax", "change_fee", "change_bearer"),
)
NEVER_REFUSED = {"talk", "last_talk_of_the_month", "night", "month", "show"}
steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11)), min_size=12, max_size=22)


class Kept:
    """What was frozen, as it was when it was first seen."""

    def __init__(self):
        self.files, self.months, self.statements, self.claims = {}, {}, {}, {}

    def are_kept(self):
        _same(self.files, _files())
        _same(self.months, _months())
        _same(self.statements, _statements())
        _same(self.claims, _claims())


def _same(before, now):
    assert before.items() <= now.items()
    before.update(now)


def _files():
    wanted = select(PayoutBatch).where(PayoutBatch.file_sha256.is_not(None))
    return {each.id: (each.file, each.file_sha256) for each in session.scalars(wanted)}


def _months():
    closed = session.scalars(select(ClosedMonth))
    return {each.month: (each.figures, each.until_then, each.sha256) for each in closed}


def _statements():
    wanted = select(Payout).where(Payout.statement.is_not(None))
    return {
        each.id: (each.statement, each.claimed_yen, each.transfer_yen, each.account_number)
        for each in session.scalars(wanted)
    }


def _claims():
    items = session.scalars(select(ClaimItem).order_by(ClaimItem.id))
    return {each.id: (each.claim_id, each.talk_id, each.booking_id, each.yen) for each in items}


def paid_of(claim_ids):
    """How often each claim was paid."""
    wanted = (
        select(PayoutClaim.claim_id)
        .join(Payout, Payout.id == PayoutClaim.payout_id)
        .where(Payout.state == PayoutState.PAID, PayoutClaim.claim_id.in_(claim_ids))
    )
    return Counter(session.scalars(wanted))


def agree(house):
    """What holds after every step."""
    claims = {each.id: each.yen for each in session.scalars(select(Claim))}
    waiting = {each.id for each in planning.waiting()}
    live = list(session.scalars(select(PayoutClaim.claim_id).where(PayoutClaim.live)))
    assert Counter([*waiting, *live]) == Counter(
        list(claims)
    )  # each once: it waits or is being paid
    assert set(paid_of(claims).values()) <= {1}
    payouts = session.scalars(select(Payout).where(Payout.state.in_(PAID_OR_TO_BE))).all()
    assert sum(each.claimed_yen for each in payouts) == sum(claims[each] for each in live)
    for each in payouts:
        assert each.transfer_yen + each.withheld_yen + each.fee_yen == each.claimed_yen
    assert_claimed_for_talks(house)
    assert_files_say_the_amounts()
    assert all(side.difference == Amount() for side in balance.of_points().values())
    assert rewards.balance(now=house.now).difference == 0


def claimed_by_subject():
    subjects = {}
    for item in session.scalars(select(ClaimItem).order_by(ClaimItem.id)):
        kind, subject_id = ("talk", item.talk_id) if item.talk_id else ("booking", item.booking_id)
        subjects.setdefault((kind, subject_id), []).append(item)
    return subjects


def assert_claimed_for_talks(house):
    """A talk is claimed once, for a sum that it was worth at some time; more only by a decision."""
    for subject, items in claimed_by_subject().items():
        assert sum(item.case_id is None for item in items) == 1
        assert len(items) == 1 or subject[0] == "booking"
        assert sum(item.yen for item in items) in house.worth[subject]


def assert_files_say_the_amounts():
    for batch in session.scalars(select(PayoutBatch).where(PayoutBatch.file_sha256.is_not(None))):
        sent = banks_file.read(batch.file).transfers
        wanted = select(Payout).where(Payout.batch_id == batch.id, Payout.statement.is_not(None))
        payouts = session.scalars(wanted.order_by(Payout.id)).all()
        assert [(each.customer_number, each.yen) for each in sent] == [
            (each.id, each.transfer_yen) for each in payouts
        ]
        assert approving.hash_of(batch.file) == batch.file_sha256


def all_is_paid(house):
    """What holds in the end: all that is worth something stands in claims, and the claims are paid."""
    claimed = claimed_by_subject()
    for subject, values in house.worth.items():
        yen = sum(item.yen for item in claimed.get(subject, []))
        assert yen >= values[-1]  # what went back after the claim is borne by the house
        assert len(values) > 1 or yen == values[0]
    for number in (0, 1):
        cast_id = house.casts[number]
        assert_paid(house, cast_id)
    for payout in session.scalars(select(Payout).where(Payout.statement.is_not(None))).all():
        assert_statement_adds_up(payout)


def assert_paid(house, cast_id):
    yen = select(func.coalesce(func.sum(Claim.yen), 0)).where(Claim.cast_id == cast_id)
    claimed = session.scalar(yen)
    wanted = select(Payout).where(Payout.cast_id == cast_id, Payout.state == PayoutState.PAID)
    paid = session.scalars(wanted).all()
    assert cast_id not in {each.cast_id for each in planning.waiting()}
    assert sum(each.transfer_yen + each.withheld_yen + each.fee_yen for each in paid) == claimed
    of_cast = EARNED.c.cast_id == cast_id
    earned = session.scalar(select(func.coalesce(func.sum(EARNED.c.yen), 0)).where(of_cast))
    of_borne = rewards.BORNE.c.cast_id == cast_id
    borne = session.scalar(select(func.coalesce(func.sum(rewards.BORNE.c.yen), 0)).where(of_borne))
    assert claimed == earned + borne


def assert_statement_adds_up(payout):
    statement = statements.find(payout.public_id, cast_id=payout.cast_id)
    if payout.state is PayoutState.WITHDRAWN:
        assert statement is None
        return
    assert sum(line.yen for line in statement.lines) == payout.claimed_yen
    assert sum(statement.yen_by_share.values()) == payout.claimed_yen


@pytest.mark.req("C53", "C56", "C57", "C58", "C60", "D19", "D25", "D26", "G31")
@settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.generate])
@given(steps=steps)
def test_whatever_happens_everything_earned_is_paid_once_and_to_the_yen(undone, steps):
    with undone():
        house, kept = House(), Kept()
        for name, number in steps:
            assert house.do(name, number) or name not in NEVER_REFUSED
            agree(house)
            kept.are_kept()
            if name in {"night", "month", "pay_day"}:
                assert checks.problems() == []
        house.finish()
        agree(house)
        kept.are_kept()
        all_is_paid(house)


def left_by(talk):
    """What a talk leaves, but for its names and the moments at which it was written."""
    entries = session.scalars(
        select(PointEntry).where(PointEntry.about == f"talk:{talk.id}").order_by(PointEntry.id)
    )
    row = (talk.state, talk.ended_by, talk.ended_at, talk.shared, talk.price_points)
    counted = (talk.reward_yen, talk.minutes_charged, talk.minutes_returned, talk.minutes_waived)
    said = [(each.reason, each.delta, each.key.partition(":minute:")[2]) for each in entries]
    earned = session.execute(select(EARNED).where(EARNED.c.talk_id == talk.id)).one()
    return row, counted, said, (earned.yen, earned.units, earned.final_at, earned.on_hold)


@pytest.mark.parametrize("minutes", [0, 1, 3])
def test_a_talk_that_is_told_late_leaves_what_one_leaves_that_is_told_at_once(minutes):
    told = [
        tell(make_cast(), minutes=minutes, now=NOON, guest=make_guest(points=10_000))
        for tell in (wages.talk_for, wages.talk_told_late)
    ]

    at_once, late = (left_by(talk) for talk in told)

    assert at_once == late
    assert at_once[1][1] == minutes
