"""The closing of a month: when it begins, what it claims to the second, what it waits for and sweeps up."""

from datetime import UTC, date, timedelta

import pytest
from sqlalchemy import delete, select

from app import policy
from app.audit import AuditEntry
from app.cases import deciding, opening, walk_ins
from app.casts.models import Cast
from app.clock import JAPAN
from app.db import session
from app.payouts import (
    checks,
    closing,
    closing_watch,
    earned,
    gathering,
    jobs,
    ledger,
    payday,
)
from app.payouts.looking_back import EVERYTHING
from app.payouts.models import Claim, ClaimItem, ClaimKind, Closing
from app.talks.models import Party
from tests import reservations, wages
from tests.factories import NOON, SECOND, japan, make_cast, make_operator, make_talk

DAY = timedelta(days=1)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
IN_DECEMBER = japan(2026, 12, 1, 3)  # when November is closed
LENGTH = timedelta(seconds=110)  # of a talk of one charged minute


def close(now):
    """What the job does at this moment."""
    session.flush()
    closing.begin_due(now)
    while closing.close_batch(now):
        pass
    session.expire_all()


def claims_of(whom):
    """The claims of a cast, or of the cast of a booking."""
    cast_id = whom.account_id if isinstance(whom, Cast) else whom.cast_id
    wanted = select(Claim).where(Claim.cast_id == cast_id).order_by(Claim.id)
    return session.scalars(wanted).all()


def items_of(claim):
    return session.scalars(select(ClaimItem).where(ClaimItem.claim_id == claim.id)).all()


def months():
    return session.scalars(select(Closing.month).order_by(Closing.month)).all()


def talk_that_ends(cast, moment):
    """A talk of one charged minute, 50 yen, until this moment."""
    talk = wages.talk_for(cast, minutes=1, now=moment - LENGTH)
    assert talk.ended_at == moment
    return talk


@pytest.mark.req("D26")
def test_1200_yen_that_nobody_claimed_are_claimed_and_have_a_pay_day():
    cast = make_cast()
    talk = wages.talk_for(cast, minutes=24)

    close(IN_DECEMBER)

    [claim] = claims_of(cast)
    [item] = items_of(claim)
    assert (claim.kind, claim.items, claim.yen) == (ClaimKind.CLOSING, 1, 1_200)
    assert (item.talk_id, item.units, item.yen) == (talk.id, 24, 1_200)
    assert claim.pay_on == date(2026, 12, 30) == payday.of_talk(talk.ended_at)
    assert claim.yen < policy.CLAIM_LEAST_YEN


@pytest.mark.req("D26")
def test_a_talk_without_a_charged_minute_is_in_no_claim():
    cast = make_cast()
    wages.talk_for(cast, minutes=0)

    close(IN_DECEMBER)

    assert claims_of(cast) == []
    assert months() == [NOVEMBER]


@pytest.mark.req("D26", "C56")
def test_walk_ins_and_reservations_of_a_cast_stand_in_one_claim():
    booking = reservations.make_booking()
    cast = session.get_one(Cast, booking.cast_id)
    reservations.attend(booking, guest=[(0, 170)], cast=[(0, 170)])
    reservations.settle(booking)
    wages.talk_for(cast, minutes=2, now=NOON + 3 * reservations.HOUR)

    close(IN_DECEMBER)

    [claim] = claims_of(cast)
    assert (claim.items, claim.yen) == (2, 100 + 150)
    assert sum(item.yen for item in items_of(claim)) == claim.yen


@pytest.mark.req("D26")
@pytest.mark.parametrize(
    ("ended_at", "is_claimed"),
    [
        (japan(2026, 11, 30, 23, 59, 59), True),
        (japan(2026, 12, 1, 0, 0, 0), False),
        (japan(2026, 12, 1, 0, 0, 1), False),
    ],
)
def test_a_month_ends_at_midnight_in_japan(ended_at, is_claimed):
    cast = make_cast()
    talk_that_ends(cast, ended_at)

    close(IN_DECEMBER)

    assert bool(claims_of(cast)) is is_claimed


@pytest.mark.req("D26")
@pytest.mark.parametrize(("starts_at", "is_november"), [((23, 57), True), ((24, 0), False)])
def test_a_reservation_is_of_the_month_in_which_its_talk_ends_and_its_pad_is_not_of_it(
    starts_at, is_november
):
    """From 23:57 to 24:00 it is talked until 23:59:30, and 60 days are counted from there."""
    hour, minute = starts_at
    start = japan(2026, 11, 30) + timedelta(hours=hour, minutes=minute)
    booking = reservations.make_booking(start=start, now=start - timedelta(hours=1))
    reservations.attend(booking, guest=[(0, 170)], cast=[(0, 170)])
    listed, other = (NOVEMBER, DECEMBER) if is_november else (DECEMBER, NOVEMBER)
    by = booking.ends_at
    assert len(ledger.of_month(booking.cast_id, listed, now=by)) == 1, "not settled yet"
    assert closing.why_not_close(NOVEMBER) == [] or is_november
    reservations.settle(booking)

    close(IN_DECEMBER)
    close(japan(2027, 1, 1, 3))

    [claim] = claims_of(booking)
    [item] = items_of(claim)
    assert item.served_at == booking.ends_at - policy.PAD
    assert claim.pay_on == (date(2026, 12, 30) if is_november else date(2027, 1, 29))
    assert claim.pay_on == payday.of_talk(item.served_at)
    assert (claim.pay_on - item.served_at.astimezone(JAPAN).date()).days <= 60
    now = japan(2027, 1, 2)
    assert ledger.of_month(booking.cast_id, other, now=now) == []
    assert earned.in_month(booking.cast_id, listed, now=now).yen == claim.yen


@pytest.mark.req("D26")
@pytest.mark.parametrize(
    ("ended_at", "closes_at", "pay_on"),
    [
        (japan(2028, 2, 29, 23, 59, 59), japan(2028, 3, 1, 3), date(2028, 3, 31)),
        (japan(2027, 2, 28, 23, 59, 59), japan(2027, 3, 1, 3), date(2027, 3, 31)),
        (japan(2026, 12, 31, 23, 59, 59), japan(2027, 1, 1, 3), date(2027, 1, 29)),
    ],
)
def test_leap_years_and_the_turn_of_the_year(ended_at, closes_at, pay_on):
    cast = make_cast(now=ended_at - DAY)
    talk_that_ends(cast, ended_at)

    close(closes_at)

    [claim] = claims_of(cast)
    assert claim.pay_on == pay_on == payday.of_talk(ended_at)
    assert months() == [ended_at.date().replace(day=1)]


@pytest.mark.req("D26")
def test_it_begins_at_three_and_not_a_second_earlier():
    close(japan(2026, 11, 22, 3))  # October
    close(IN_DECEMBER - SECOND)
    assert months() == [date(2026, 10, 1)]

    close(IN_DECEMBER)

    assert months() == [date(2026, 10, 1), NOVEMBER]


@pytest.mark.req("D26", "C56")
def test_running_it_twice_claims_once():
    cast = make_cast()
    wages.talk_for(cast)

    close(IN_DECEMBER)
    close(IN_DECEMBER + SECOND)
    close(IN_DECEMBER + DAY)

    assert len(claims_of(cast)) == 1


@pytest.mark.req("D26")
def test_a_house_that_slept_closes_each_month_in_its_order():
    close(IN_DECEMBER)
    cast = make_cast(now=IN_DECEMBER)
    talk_that_ends(cast, japan(2026, 12, 10))
    talk_that_ends(cast, japan(2027, 1, 10))
    late = japan(2027, 2, 20, 12)

    close(late)
    december, *rest = claims_of(cast)
    assert (december.yen, rest, months()[-1]) == (50, [], DECEMBER)
    close(late + SECOND)

    assert [claim.yen for claim in claims_of(cast)] == [50, 50]
    assert months()[-1] == date(2027, 1, 1)
    assert december.pay_on > payday.of_talk(japan(2026, 12, 10)), "too late, and it says so"


@pytest.mark.req("D26")
def test_the_first_closing_takes_all_before_with_it():
    cast = make_cast(now=japan(2026, 9, 1))
    talk_that_ends(cast, japan(2026, 9, 10))
    talk_that_ends(cast, japan(2026, 11, 10))

    close(IN_DECEMBER)

    [claim] = claims_of(cast)
    assert (claim.items, months()) == (2, [NOVEMBER])


def objected(start=reservations.START, *, objects_at=None):
    """A booking that took place, 900 points and 450 yen, and that its guest objects to."""
    now = start - timedelta(hours=1)
    booking = reservations.make_booking(slots=3, start=start, now=now)
    reservations.attend(booking, guest=[(0, 1_000)], cast=[(0, 1_000)])
    reservations.settle(booking)
    if objects_at:
        close(objects_at - DAY)
    now = objects_at or booking.report_until + timedelta(minutes=5)
    case = opening.object_to(booking.id, by=Party.GUEST, words="始まりませんでした。", now=now)
    return booking, case


@pytest.mark.req("D26")
def test_what_is_in_dispute_is_swept_up_by_the_night_after_its_decision():
    booking, case = objected()

    close(IN_DECEMBER)
    assert claims_of(booking) == []
    [held] = closing_watch.held()
    assert held.case.id == case.id
    decided_at = japan(2026, 12, 8, 14)
    close(japan(2026, 12, 8, 3))
    decide(case, returned_points=300, earned_yen=300, now=decided_at)
    close(decided_at + timedelta(hours=1))
    assert claims_of(booking) == [], "not before the night"
    close(japan(2026, 12, 9, 3))

    [claim] = claims_of(booking)
    assert (claim.yen, claim.pay_on) == (300, date(2026, 12, 30))
    assert closing_watch.held() == []
    [month] = closing_watch.months()
    assert (month.claims, month.swept_claims, month.swept_yen) == (0, 1, 300)


@pytest.mark.req("D26")
def test_a_walk_in_in_dispute_waits_for_its_decision_too():
    cast = make_cast()
    talk = wages.talk_for(cast, minutes=3)
    said = {"words": "聞こえませんでした。", "now": talk.ended_at + DAY}
    case = walk_ins.object_to(talk.id, **said)

    close(IN_DECEMBER)
    assert claims_of(cast) == []
    assert [held.case.id for held in closing_watch.held()] == [case.id]
    walk_ins.decide(
        case.id,
        minutes=1,
        keeps_reward=False,
        said="確認しました。",
        by=make_operator().id,
        now=IN_DECEMBER + timedelta(hours=9),
    )
    assert checks.problems() == [], "what was decided after the round is no difference"
    close(IN_DECEMBER + DAY)

    assert [claim.yen for claim in claims_of(cast)] == [100]


@pytest.mark.req("D26", "C56")
def test_what_a_decision_gives_on_top_after_the_claim_is_claimed_by_itself():
    """The cast came late and earned less; that was claimed, and the office gives all of it then."""
    start = japan(2026, 11, 30, 20)
    booking = reservations.make_booking(slots=2, start=start, now=start - timedelta(hours=1))
    reservations.attend(booking, guest=[(0, 330)], cast=[(60, 330)])
    settled = reservations.settle(booking)
    close(IN_DECEMBER)
    now = IN_DECEMBER + timedelta(hours=1)
    case = opening.object_to(booking.id, by=Party.CAST, words="時間通りでした。", now=now)
    close(japan(2026, 12, 2, 3))
    assert len(claims_of(booking)) == 1, "what is in dispute waits"
    decide(case, returned_points=settled.returned_points, earned_yen=300, now=now + DAY)
    close(japan(2026, 12, 3, 3))
    close(japan(2026, 12, 4, 3))

    before, more = claims_of(booking)
    assert (before.yen, more.yen) == (270, 30)
    assert [item.case_id for item in (*items_of(before), *items_of(more))] == [None, case.id]


@pytest.mark.req("D26")
def test_what_goes_back_to_the_guest_after_the_closing_changes_no_claim():
    booking, case = objected(japan(2026, 11, 30, 20), objects_at=IN_DECEMBER + DAY)

    decide(case, returned_points=900, earned_yen=0, now=IN_DECEMBER + 2 * DAY)
    close(IN_DECEMBER + 3 * DAY)

    [claim] = claims_of(booking)
    assert claim.yen == 450


@pytest.mark.req("D26")
def test_it_waits_for_reservations_that_are_not_settled_but_no_longer_than_a_day():
    close(japan(2026, 11, 22, 3))
    start = japan(2026, 11, 30, 20)
    booking = reservations.make_booking(start=start, now=start - timedelta(hours=1))
    reservations.attend(booking, guest=[(0, 170)], cast=[(0, 170)])
    cast = make_cast(now=start)
    talk_that_ends(cast, japan(2026, 11, 30, 21))

    close(IN_DECEMBER)
    assert NOVEMBER not in months()
    assert [each.code for each in closing.why_not_close(NOVEMBER)] == ["unsettled"]
    waits = closing_watch.waiting(IN_DECEMBER)
    assert (waits.is_due, [each.id for each in waits.bookings]) == (True, [booking.id])
    assert list(waits.talks_of) == [booking.id]
    close(IN_DECEMBER + policy.CLOSING_WAITS - SECOND)
    assert claims_of(cast) == []
    close(IN_DECEMBER + policy.CLOSING_WAITS)
    assert len(claims_of(cast)) == 1
    assert claims_of(booking) == []
    reservations.settle(booking, seconds=30 * 3600)
    close(japan(2026, 12, 3, 3))

    assert [claim.yen for claim in claims_of(booking)] == [150]


@pytest.mark.req("D26")
def test_it_goes_on_as_soon_as_what_it_waited_for_is_settled():
    close(japan(2026, 11, 22, 3))
    start = japan(2026, 11, 30, 20)
    booking = reservations.make_booking(start=start, now=start - timedelta(hours=1))
    reservations.attend(booking, guest=[(0, 170)], cast=[(0, 170)])

    close(IN_DECEMBER)
    assert claims_of(booking) == []
    reservations.settle(booking)
    close(IN_DECEMBER + timedelta(minutes=1))

    assert len(claims_of(booking)) == 1


@pytest.mark.req("D26")
def test_it_waits_for_talks_of_the_month_that_still_run():
    close(japan(2026, 11, 22, 3))
    talk = make_talk(now=japan(2026, 11, 30, 23, 59, 30))

    close(IN_DECEMBER)

    assert [each.code for each in closing.why_not_close(NOVEMBER)] == ["running"]
    assert [each.id for each in closing_watch.waiting(IN_DECEMBER).talks] == [talk.id]
    assert NOVEMBER not in months()


@pytest.mark.req("D26")
def test_an_operator_need_not_wait_for_the_night():
    close(IN_DECEMBER)
    cast = make_cast()
    talk_that_ends(cast, japan(2026, 11, 30))
    now, operator = IN_DECEMBER + timedelta(hours=9), make_operator()

    close(now)
    assert claims_of(cast) == []
    closing.begin_due(now, by=operator.id)
    close(now)

    assert len(claims_of(cast)) == 1
    noted = session.scalars(select(AuditEntry).filter_by(did="closing.asked")).one()
    assert (noted.by, noted.about) == (operator.id, "closing:2026-11")


@pytest.mark.req("D26")
def test_each_closing_is_noted_with_its_figures_and_a_night_that_found_nothing_is_not():
    wages.talk_for(make_cast(), minutes=2)
    wages.talk_for(make_cast(), minutes=3)

    close(IN_DECEMBER)
    close(japan(2026, 12, 2, 3))

    [noted] = session.scalars(select(AuditEntry).where(AuditEntry.did.like("closing.%"))).all()
    assert (noted.did, noted.about, noted.by) == ("closing.finished", "closing:2026-11", None)
    assert noted.facts == {"claims": 2, "yen": 250}
    assert closing_watch.months()[0].yen == 250


@pytest.mark.req("D26")
def test_batches_reach_everybody(monkeypatch):
    monkeypatch.setattr(closing, "BATCH", 2)
    casts = [make_cast() for _ in range(5)]
    for cast in casts[1:]:
        wages.talk_for(cast)

    close(IN_DECEMBER)

    assert [len(claims_of(cast)) for cast in casts] == [0, 1, 1, 1, 1]


@pytest.mark.req("D26")
def test_the_books_find_what_a_finished_closing_left_over():
    cast = make_cast()
    wages.talk_for(cast, minutes=2)
    close(IN_DECEMBER)
    assert checks.problems() == []

    point = session.begin_nested()
    session.execute(delete(ClaimItem))
    session.execute(delete(Claim))
    found = checks.problems()
    point.rollback()

    [words] = found
    assert words == f"closing 2026-11: left 1 earnings of cast {cast.account_id} unclaimed, 100 yen"


@pytest.mark.req("D26")
def test_the_job_closes_by_itself(queue, at):
    cast = make_cast()
    wages.talk_for(cast)
    at(IN_DECEMBER)

    queue.do(jobs.close_months)

    assert len(claims_of(cast)) == 1


@pytest.mark.req("D26")
def test_it_is_late_from_the_moment_it_should_have_begun():
    late = closing_watch.late_since
    assert late(IN_DECEMBER) is None, "a house that has closed nothing yet begins at once"
    close(japan(2026, 11, 22, 3))
    assert late(japan(2026, 11, 23, 2, 59, 59)) is None
    assert late(japan(2026, 11, 24, 5)) == japan(2026, 11, 23, 3), "no night's round"
    assert late(IN_DECEMBER + timedelta(hours=2)) == IN_DECEMBER
    close(IN_DECEMBER)
    assert late(IN_DECEMBER + timedelta(hours=2)) is None


@pytest.mark.req("D26")
def test_a_closing_that_can_no_longer_keep_its_promise_is_an_alarm():
    close(japan(2026, 11, 22, 3))

    # Pay day is Wednesday 30 December; five bank days before it is the 23rd.
    assert not closing_watch.breaks_promise(japan(2026, 12, 22, 12))
    assert closing_watch.breaks_promise(japan(2026, 12, 23, 12))


@pytest.mark.req("D26")
def test_claims_whose_day_has_passed_unpaid_are_counted():
    wages.talk_for(make_cast())
    close(IN_DECEMBER)

    assert closing_watch.count_unpaid(japan(2026, 12, 30, 23, 59)) == 0
    assert closing_watch.count_unpaid(japan(2026, 12, 31)) == 1


def decide(case, *, returned_points, earned_yen, now):
    operator = make_operator()
    deciding.decide(
        case.id,
        returned_points=returned_points,
        earned_yen=earned_yen,
        said="確認しました。",
        by=operator.id,
        now=now,
    )


def test_the_pay_day_of_what_a_night_sweeps_up_goes_by_the_day_in_japan():
    cast = make_cast()
    wages.talk_for(cast, minutes=1)
    night = japan(2026, 12, 24, 3)  # in London it is the 23rd, the last day for the 30th

    gathering.claim_for(
        [cast.account_id], EVERYTHING, served_before=night, now=night.astimezone(UTC)
    )

    [claim] = claims_of(cast)
    assert claim.pay_on == payday.of_claim(date(2026, 12, 24))
    assert claim.pay_on > payday.of_claim(date(2026, 12, 23))
