"""Claims: exactly what was shown, from 5,000 yen on, each talk once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.cases import deciding, opening
from app.db import session
from app.errors import Refused
from app.payouts import claims, ledger
from app.payouts.ledger import State
from app.payouts.models import Claim, ClaimItem, ClaimKind
from app.talks.models import Party
from tests import factories, reservations, wages
from tests.factories import NOON, make_cast, make_guest, make_operator, new_key

HOUR = timedelta(hours=1)
LATER = NOON + 8 * HOUR
REWARD = 2_500  # yen a minute


@pytest.fixture
def cast():
    """One who earns much by the minute, so that talks may be short."""
    cast = make_cast(online=False)
    cast.reward_yen = REWARD
    cast.slot_reward_yen = REWARD
    session.flush()
    return cast


def talk(cast, *, minutes=1, hour=0, guest=None):
    return wages.talk_for(cast, minutes=minutes, now=NOON + hour * HOUR, guest=guest)


def able(cast, *, now=LATER):
    return ledger.claimable(cast.account_id, now=now)


def claim(cast, shown, *, form_key="", now=LATER):
    key = form_key or new_key()
    return claims.claim(cast.account_id, shown=shown, form_key=key, by=cast.account_id, now=now)


def refusal(cast, shown, **more):
    with pytest.raises(Refused) as refused:
        claim(cast, shown, **more)
    return refused.value


@pytest.mark.req("C52", "C53", "C55", "C60")
def test_a_claim_takes_exactly_what_was_shown(cast):
    first, second = talk(cast, minutes=2), talk(cast, hour=1)
    shown = claims.shown_of(able(cast))

    made = claim(cast, shown)

    assert shown == {f"{first.public_id}:0": 5000, f"{second.public_id}:0": 2500}
    assert (made.kind, made.items, made.yen) == (ClaimKind.ASKED, 2, 7500)
    items = session.scalars(select(ClaimItem).order_by(ClaimItem.id)).all()
    claimed = [(item.talk_id, item.served_at, item.units, item.yen) for item in items]
    assert claimed == [
        (first.id, first.ended_at, 2, 5000),
        (second.id, second.ended_at, 1, 2500),
    ]
    assert able(cast) == []
    [noted] = session.scalars(select(AuditEntry).filter_by(did="claim.made")).all()
    assert (noted.about, noted.by) == (f"claim:{made.id}", cast.account_id)
    assert noted.facts == {"yen": 7500}


@pytest.mark.req("D26")
def test_a_claim_is_paid_on_the_last_bank_day_of_the_month_or_of_the_next(cast):
    talk(cast, minutes=2)

    made = claim(cast, claims.shown_of(able(cast)))

    # From Sunday 22 November four bank days are left until Monday the 30th.
    assert made.pay_on == date(2026, 12, 30)


@pytest.mark.req("C54")
@pytest.mark.parametrize(("reward", "codes"), [(4_999, {"too_little"}), (5_000, set())])
def test_five_thousand_yen_can_be_claimed_and_a_yen_less_cannot(cast, reward, codes):
    cast.reward_yen = reward
    talk(cast)
    earnings = able(cast)

    why_not = claims.why_not_claim(earnings, now=LATER)

    assert {problem.code for problem in why_not} == codes
    if codes:
        assert why_not[0].values == {"yen": "4,999", "least": "5,000", "day": "2026/12/30"}
        assert refusal(cast, claims.shown_of(earnings)).codes == codes
        assert session.scalars(select(Claim)).all() == []
    else:
        assert claim(cast, claims.shown_of(earnings)).yen == 5_000


@pytest.mark.req("C55")
def test_nothing_cannot_be_claimed(cast):
    assert refusal(cast, {}).codes == {"nothing"}


@pytest.mark.req("C56")
def test_pressing_twice_claims_once(cast):
    talk(cast, minutes=2)
    shown, key = claims.shown_of(able(cast)), new_key()

    first = claim(cast, shown, form_key=key)
    second = claim(cast, shown, form_key=key, now=LATER + HOUR)

    assert first is second
    assert len(session.scalars(select(Claim)).all()) == 1


@pytest.mark.req("C56")
def test_a_list_of_another_window_is_claimed_already_and_says_so_by_name(cast):
    talk(cast, minutes=2, guest=make_guest(points=1_000, nickname="みずいろ"))
    shown = claims.shown_of(able(cast))
    claim(cast, shown)

    refused = refusal(cast, shown)

    assert refused.codes == {"claimed"}
    assert refused.problems[0].values == {"name": "みずいろ", "at": "11/22 12:02"}


@pytest.mark.req("C53")
def test_what_came_after_the_list_is_not_slipped_in(cast):
    talk(cast, minutes=2)
    shown = claims.shown_of(able(cast))
    later = talk(cast, minutes=2, hour=2)

    made = claim(cast, shown)

    assert (made.items, made.yen) == (1, 5000)
    assert [each.talk_id for each in able(cast)] == [later.id]


@pytest.mark.req("C53", "D20")
def test_a_talk_that_is_worth_less_by_now_is_named_with_both_amounts(cast):
    changed = talk(cast, minutes=3, guest=make_guest(points=1_000, nickname="こはく"))
    talk(cast, minutes=2, hour=1)
    shown = claims.shown_of(able(cast))
    shown[f"{changed.public_id}:0"] += REWARD  # as it stood before a minute went back

    refused = refusal(cast, shown)

    assert refused.codes == {"changed"}
    [problem] = refused.problems
    assert problem.values["name"] == "こはく"
    assert (problem.values["before"], problem.values["now"]) == ("10,000", "7,500")
    assert session.scalars(select(Claim)).all() == []


def settled(cast, *, guest=None, slots=2):
    """A reservation of this cast that took place: 5,000 yen."""
    guest = guest or make_guest(points=10_000, nickname="わかば")
    booking = reservations.make_booking(cast=cast, guest=guest, slots=slots)
    whole = (0.0, slots * 180.0)
    reservations.attend(booking, guest=[whole], cast=[whole])
    reservations.settle(booking)
    return booking


@pytest.mark.req("D20", "C56")
def test_a_reservation_in_dispute_cannot_be_claimed_until_it_is_decided(cast):
    booking = settled(cast)
    shown = claims.shown_of(able(cast))
    case = opening.object_to(booking.id, by=Party.GUEST, words="途中で切れました", now=LATER)
    session.flush()

    assert refusal(cast, shown).codes == {"on_hold"}
    [held] = ledger.open_of(cast.account_id, now=LATER).on_hold
    assert (held.state, held.reason, held.pay_on) == (State.ON_HOLD, "dispute", None)

    decide(case, earned_yen=booking.full_reward_yen)
    assert claim(cast, shown).yen == 5000


def decide(case, *, earned_yen, returned_points=0):
    deciding.decide(
        case.id,
        returned_points=returned_points,
        earned_yen=earned_yen,
        said="記録のとおりです",
        by=make_operator().id,
        now=LATER,
    )
    session.flush()


@pytest.mark.req("D20", "C56")
def test_what_a_decision_takes_after_the_claim_is_not_taken_from_it(cast):
    booking = settled(cast)
    made = claim(cast, claims.shown_of(able(cast)))
    case = opening.object_to(booking.id, by=Party.GUEST, words="途中で切れました", now=LATER)
    decide(case, earned_yen=0, returned_points=booking.points)

    [line] = ledger.of_these(cast.account_id, booking_ids=[booking.id], now=LATER)

    assert made.yen == 5000
    assert (line.state, line.yen, line.counted_yen, line.open_yen) == (State.CLAIMED, 0, 5000, 0)


@pytest.mark.req("D20", "C56")
def test_what_a_decision_gives_after_the_claim_is_claimed_on_top(cast):
    booking = settled(cast, slots=4)
    case = opening.object_to(booking.id, by=Party.GUEST, words="途中で切れました", now=LATER)
    decide(case, earned_yen=5_000, returned_points=600)
    claim(cast, claims.shown_of(able(cast)))
    more = opening.object_to(booking.id, by=Party.CAST, words="最後までいました", now=LATER)
    decide(more, earned_yen=10_000, returned_points=600)

    [on_top] = able(cast)
    made = claim(cast, claims.shown_of([on_top]))

    assert (on_top.claimed_yen, on_top.open_yen) == (5000, 5000)
    assert made.yen == 5000
    [item] = session.scalars(select(ClaimItem).filter_by(claim_id=made.id)).all()
    assert (item.booking_id, item.case_id) == (booking.id, more.id)


def test_nobody_claims_the_talks_of_somebody_else(cast):
    talk(cast, minutes=2)
    shown = claims.shown_of(able(cast))
    other = factories.make_cast(online=False)

    assert refusal(other, shown).codes == {"anew"}


def test_many_changes_are_counted_after_the_first_five(cast):
    for hour in range(7):
        talk(cast, hour=hour)
    shown = claims.shown_of(able(cast))
    claim(cast, shown)

    problems = refusal(cast, shown).problems

    assert [problem.code for problem in problems] == ["claimed"] * 5 + ["more_changed"]
    assert problems[-1].values == {"number": 2}
