"""Settling: ten minutes after the end, from evidence and report, each booking once."""

from datetime import timedelta

import pytest

from app.bookings import completions, settlements
from app.bookings.models import CompletionKind, Notice, NoticeKind, Settlement
from app.casts import standby
from app.casts.models import Cast
from app.db import session
from app.errors import Refused
from app.payouts import earned
from app.people.models import Account
from app.points import lots
from app.talks import endings, entering, rating, reserved, settling
from app.talks import jobs as talk_jobs
from app.talks.models import EndedBy
from tests.evidence import BOTH, Room, post
from tests.factories import NOON, make_cast, make_guest, ring
from tests.reservations import START, attend, make_booking, moment, settle, state_of

DUE = 180 + 600  # seconds after the start of one slot: the end and ten minutes


def points_of(booking):
    return lots.purse_of(booking.guest_id, now=NOON).points


def file(booking, kind, *, seconds):
    report = completions.file(
        booking.id,
        kind=CompletionKind(kind),
        impression="穏やかな方でした。",
        stars=5,
        now=moment(booking, seconds),
    )
    session.flush()
    return report


@pytest.mark.req("D17", "D21", "C50")
def test_a_talk_is_settled_after_the_last_second_of_its_report():
    booking = make_booking()
    attend(booking, guest=[(0, 150)], cast=[(0, 150)])

    assert settle(booking, seconds=DUE) is None
    assert state_of(settle(booking, seconds=DUE + 1)) == ("completed", 0, 150)
    assert points_of(booking) == 10_000 - 300


@pytest.mark.req("D22", "C50")
def test_the_report_counts_from_the_reserved_end_where_the_room_closed_before_it():
    booking = make_booking()
    room = attend(booking, guest=[(0, 90)], cast=[(0, 90)])

    assert room.talk.ended_at < booking.ends_at
    assert settle(booking, seconds=DUE) is None
    assert not file(booking, "done", seconds=DUE).late
    assert settle(booking, seconds=DUE + 1)


@pytest.mark.req("G29", "D17", "C56")
def test_a_cast_who_never_came_returns_everything_by_itself():
    booking = make_booking(slots=2)
    attend(booking, guest=[(0, 330)])

    assert state_of(settle(booking)) == ("cast_absent", 600, 0)
    assert points_of(booking) == 10_000


@pytest.mark.req("G32", "D19")
def test_a_guest_who_forgot_gets_nothing_back_and_the_cast_is_paid():
    booking = make_booking()
    attend(booking, cast=[(0, 150)])

    assert state_of(settle(booking)) == ("guest_absent", 0, 150)
    assert points_of(booking) == 10_000 - 300


@pytest.mark.req("D18")
def test_nobody_came():
    assert state_of(settle(make_booking())) == ("both_absent", 300, 0)


@pytest.mark.req("G28", "D16")
def test_a_late_cast_returns_the_part_that_was_missed():
    booking = make_booking()
    attend(booking, guest=[(0, 150)], cast=[(70, 150)])

    # 40 of 120 seconds, since the first 30 are preparation.
    assert state_of(settle(booking)) == ("cast_late", 100, 100)
    assert points_of(booking) == 10_000 - 200


@pytest.mark.req("G34", "G35")
def test_a_late_guest_gets_nothing_back():
    booking = make_booking()
    attend(booking, guest=[(100, 150)], cast=[(0, 150)])

    assert state_of(settle(booking)) == ("completed", 0, 150)


@pytest.mark.req("C48", "C50", "D21")
def test_a_report_in_the_last_second_counts_and_one_later_is_a_comment():
    in_time, late = make_booking(), make_booking(start=START + timedelta(hours=1))
    for booking in (in_time, late):
        attend(booking, guest=[(0, 150)], cast=[(0, 150)])

    assert not file(in_time, "trouble", seconds=DUE).late
    assert state_of(settle(in_time, seconds=DUE + 1)) == ("unclear", 0, 0)

    assert state_of(settle(late, seconds=DUE + 1)) == ("completed", 0, 150)
    assert file(late, "trouble", seconds=DUE + 2).late
    assert settling.problems() == []


@pytest.mark.req("C47", "C49", "D24")
@pytest.mark.parametrize(
    ("seconds", "impression", "stars", "code"),
    [
        (149, "よい", 5, "not_over"),
        (150, "  ", 5, "no_impression"),
        (150, "よい", 0, "no_stars"),
        (150, "よい", 6, "no_stars"),
        (DUE + 7 * 86_400 + 1, "よい", 5, "too_late"),
    ],
)
def test_a_report_needs_an_end_a_word_and_stars(seconds, impression, stars, code):
    booking = make_booking()

    with pytest.raises(Refused) as refusal:
        completions.file(
            booking.id,
            kind=CompletionKind.DONE,
            impression=impression,
            stars=stars,
            now=moment(booking, seconds),
        )

    assert refusal.value.codes == {code}


def test_a_report_is_filed_once():
    booking = make_booking()
    file(booking, "done", seconds=150)

    with pytest.raises(Refused) as refusal:
        file(booking, "trouble", seconds=151)

    assert refusal.value.codes == {"filed"}


def test_a_report_moves_the_end_of_nothing():
    """Filed at once, the talk is settled at its time all the same: evidence may still come."""
    booking = make_booking()
    attend(booking, guest=[(0, 150)], cast=[(0, 150)])
    file(booking, "done", seconds=160)

    assert settle(booking, seconds=DUE - 1) is None


def test_settling_again_changes_nothing():
    booking = make_booking()
    attend(booking, guest=[(0, 150)])
    settle(booking)
    before = points_of(booking)

    settling.settle(booking.id, now=moment(booking, DUE + 60))

    assert points_of(booking) == before
    assert session.query(Settlement).count() == 1


def test_nobody_is_judged_while_evidence_waits_to_be_read():
    booking = make_booking()
    room = Room(reserved.enter(booking.id, now=START))
    endings.end_due(moment(booking, 150))
    room.join(*BOTH, at=3600)
    room.beats(3600, 3749)
    post(room.untold, now=moment(booking, 500))

    assert settling.is_blind(now=moment(booking, DUE + 1))
    assert state_of(settle(booking)) == ("completed", 0, 150)  # after it was read


def test_a_talk_that_still_runs_is_not_settled():
    booking = make_booking()
    reserved.enter(booking.id, now=START)

    assert settling.due_ids(moment(booking, DUE + 1)) == []


@pytest.mark.req("D17", "D42")
def test_both_are_told():
    booking = make_booking()

    settle(booking)

    told = session.query(Notice).filter_by(booking_id=booking.id, kind=NoticeKind.SETTLED)
    assert {each.account_id for each in told} == {booking.guest_id, booking.cast_id}


@pytest.mark.req("C48")
def test_a_talk_cut_short_by_a_report_of_abuse_is_for_the_office():
    booking = make_booking()
    talk = reserved.enter(booking.id, now=START)
    endings.end(talk.id, by=EndedBy.REPORT, now=moment(booking, 60))

    assert state_of(settle(booking)) == ("unclear", 0, 0)


@pytest.mark.req("C18")
def test_a_held_talk_can_be_rated_and_another_cannot():
    held, missed = make_booking(), make_booking(start=START + timedelta(hours=1))
    attend(held, guest=[(0, 150)], cast=[(0, 150)])
    attend(missed, guest=[(0, 150)])
    talks = [reserved.find_talk(each) for each in (held, missed)]
    soon = moment(missed, DUE + 60)
    assert [problem.code for problem in rating.why_not_rate(talks[0], now=NOON)] == ["not_held"]

    for booking in (held, missed):
        settle(booking)

    assert rating.why_not_rate(talks[0], now=soon) == []
    assert [problem.code for problem in rating.why_not_rate(talks[1], now=soon)] == ["not_held"]


@pytest.mark.req("C52")
def test_what_a_reserved_talk_earned_stands_beside_the_minutes():
    booking = make_booking(slots=2)
    attend(booking, guest=[(0, 330)], cast=[(0, 330)])
    settle(booking)

    seen = earned.earned_by(booking.cast_id, now=START + timedelta(hours=2))

    assert (seen.today.yen, seen.today.talks) == (300, 1)


def test_the_job_settles_what_is_due_and_a_broken_one_holds_up_nobody(queue, at, monkeypatch):
    """The first booking's settlement fails; the second is settled all the same."""
    first, second = make_booking(), make_booking(start=START + timedelta(hours=1))
    ids = first.id, second.id
    at(moment(second, DUE + 1))
    rule = settlements.settle

    def fail_for_the_first(booking, *args, **kwargs):
        if booking.id == ids[0]:
            raise RuntimeError("a broken line of the books")
        return rule(booking, *args, **kwargs)

    monkeypatch.setattr(settlements, "settle", fail_for_the_first)
    queue.do(talk_jobs.settle)

    assert settlements.find(ids[0]) is None
    assert settlements.find(ids[1]).outcome == "both_absent"

    monkeypatch.undo()
    at(moment(second, DUE + 1))
    queue.do(talk_jobs.settle)
    assert settlements.find(ids[0]).outcome == "both_absent"


def test_books_see_a_settlement_that_evidence_does_not_show():
    booking = make_booking()
    settlement = settle(booking)

    settlement.outcome = "completed"
    session.flush()
    found = settling.problems()
    settlement.outcome = "both_absent"
    session.flush()

    assert found == [
        f"booking:{booking.id}: is settled as completed, but its evidence shows both_absent"
    ]


def test_books_see_points_that_moved_without_a_settlement():
    booking = make_booking()
    settlement = settle(booking)

    settlement.returned_points = 299
    session.flush()
    found = settlements.problems()
    settlement.returned_points = 300
    session.flush()

    assert found == [f"booking {booking.id}: returned 299, but its entries gave back 300"]


@pytest.mark.req("G14", "G26", "D5")
def test_a_walk_in_right_after_a_reserved_talk_begins_with_its_own_free_minute():
    booking = make_booking(cast=make_cast())
    attend(booking, guest=[(0, 150)], cast=[(0, 150)])
    now = moment(booking, 240)
    guest = session.get_one(Account, booking.guest_id)
    standby.begin(booking.cast_id, now=now)
    cast = session.get_one(Cast, booking.cast_id)

    assert entering.counter_of(guest.id, cast.account_id, now=now) == entering.Counter()
    talk = ring(guest, cast, now=now)

    assert (talk.carried, talk.carried_minutes) == (timedelta(0), 0)
    assert not reserved.find_talk(booking).resumed


def test_a_guest_and_cast_of_many_bookings_are_settled_each():
    guest, cast = make_guest(points=10_000), make_cast(online=False)
    bookings = [
        make_booking(guest=guest, cast=cast, start=START + n * timedelta(minutes=30), published=5)
        for n in range(4)
    ]
    for booking in bookings:
        attend(booking, guest=[(0, 150)])

    settle(bookings[-1])

    assert [settlements.find(each.id).outcome for each in bookings] == ["cast_absent"] * 4
    assert lots.purse_of(guest.id, now=NOON).points == 10_000
