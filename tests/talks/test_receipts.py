from datetime import timedelta

import pytest

from app.points.models import Kind
from app.talks import receipts
from tests.evidence import BOTH, CAST, GUEST, at, come_back, finish, hang_up, make_room
from tests.factories import NOON, give_points, make_guest

LATER = at(600)
DAY = timedelta(days=1)


def strip_of(room):
    """Each piece as a line: what, from which second, how long, and which minute."""
    strip = receipts.receipt_of(room.talk, now=LATER).strip
    return [
        (piece.kind, (piece.start_at - NOON).total_seconds(), piece.seconds, piece.minute)
        for piece in strip
    ]


def test_the_strip_shows_the_free_minute_and_each_paid_one():
    room = make_room()
    room.talk_until(150)
    finish(room, "guest leaves", 150)

    assert strip_of(room) == [
        ("free", 0, 60, None),
        ("paid", 60, 60, 1),
        ("paid", 120, 30, 2),
    ]
    receipt = receipts.receipt_of(room.talk, now=LATER)
    assert (receipt.start_at, receipt.end_at) == (at(0), at(150))
    assert (receipt.shared, receipt.free) == (timedelta(seconds=150), timedelta(seconds=60))
    assert (room.talk.points_charged, room.talk.points_returned) == (200, 0)


def test_a_minute_that_was_cut_short_shows_as_returned():
    room = make_room()
    room.talk_until(140)
    finish(room, "cast leaves", 140)

    assert strip_of(room)[1:] == [("paid", 60, 60, 1), ("returned", 120, 20, 2)]
    assert room.talk.points_returned == 100


@pytest.mark.parametrize(
    ("missing", "because"), [([CAST], "cast"), ([GUEST], "guest"), (BOTH, "both")]
)
def test_an_outage_shows_as_a_stop_that_says_who_was_missing(missing, because):
    """Scenario 2: cut at 1:30 for 40 s; the minute goes on after it."""
    room = make_room()
    room.talk_until(90)
    room.beats(90, 120, silent=missing)
    room.beat(130)
    room.beats(130, 170)
    room.tell()
    finish(room, "guest leaves", 170)

    assert strip_of(room) == [
        ("free", 0, 60, None),
        ("paid", 60, 30, 1),
        ("stopped", 90, 40, None),
        ("paid", 130, 30, 1),
        ("paid", 160, 10, 2),
    ]
    [stop] = receipts.receipt_of(room.talk, now=LATER).stops
    assert stop.because == because
    assert [p.goes_on for p in receipts.receipt_of(room.talk, now=LATER).strip][3:] == [True, False]


def test_a_page_loaded_anew_is_no_stop():
    room = make_room()
    room.talk_until(30)
    room.leave(GUEST, at=32)
    room.join(GUEST, at=36)
    room.tell()
    room.talk_until(60, start=36)
    finish(room, "guest leaves", 60)

    assert [kind for kind, *_ in strip_of(room)] == ["free", "free"]


def test_a_talk_in_which_nobody_met_has_an_empty_strip():
    room = make_room()
    room.join(GUEST, at=10)
    room.tell()
    hang_up(room.talk, at_second=25)

    receipt = receipts.receipt_of(room.talk, now=LATER)
    assert (receipt.strip, receipt.payments) == ([], [])
    assert (receipt.start_at, receipt.end_at) == (at(0), at(25))


def test_what_a_resumed_talk_owes_begins_where_the_one_before_stopped():
    room = make_room()
    room.talk_until(90)
    finish(room, "guest leaves", 90)
    again = come_back(room, second=300)
    again.talk_until(350, start=300)
    finish(again, "guest leaves", 350)

    assert strip_of(again) == [("paid_before", 300, 30, 1), ("paid", 330, 20, 2)]


def test_the_payments_name_each_lot_and_what_it_gave_in_the_end():
    guest = make_guest()
    give_points(guest, 30, kind=Kind.FREE, expires_at=NOON + 20 * DAY)
    give_points(guest, 600, expires_at=NOON + 60 * DAY)
    room = make_room(guest=guest)
    room.talk_until(140)
    finish(room, "cast leaves", 140)

    payments = receipts.receipt_of(room.talk, now=LATER).payments

    assert [(each.points, each.kind) for each in payments] == [(30, Kind.FREE), (70, Kind.PAID)]
    assert payments[0].last_moment == NOON + 20 * DAY - timedelta(seconds=1)


def test_for_twenty_seconds_after_the_end_a_receipt_may_still_change():
    room = make_room()
    hang_up(room.talk, at_second=30)

    assert receipts.receipt_of(room.talk, now=at(49)).settling
    assert not receipts.receipt_of(room.talk, now=at(50)).settling


def test_a_running_talk_has_a_receipt_as_far_as_it_got():
    room = make_room()
    room.talk_until(70)

    receipt = receipts.receipt_of(room.talk, now=at(75))

    assert receipt.end_at == at(75)
    assert [piece.kind for piece in receipt.strip] == ["free", "paid"]
    assert not receipt.settling
