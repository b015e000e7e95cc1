"""One more slot: both tap, the price is shown, and the talk goes on."""

import pytest

from app import policy
from app.bookings import settlements
from app.bookings.models import Slot
from app.db import session
from app.errors import Refused
from app.points import lots
from app.talks import endings, extending, reserved
from app.talks.models import Party, TalkState
from app.video import rooms
from tests.factories import MINUTE, NOON, book, make_cast, make_guest, publish
from tests.reservations import START, attend, make_booking, moment, settle, state_of

GUEST, CAST = Party.GUEST, Party.CAST


def want(booking, party, seconds):
    now = moment(booking, seconds)
    return extending.want(booking.id, by=party, extended=booking.extended, now=now)


def codes(booking, party, seconds):
    with pytest.raises(Refused) as refusal, session.begin_nested():
        want(booking, party, seconds)
    return refusal.value.codes


def running(**of_booking):
    booking = make_booking(**of_booking)
    reserved.enter(booking.id, now=START)
    return booking


def points_of(booking):
    return lots.purse_of(booking.guest_id, now=NOON).points


@pytest.mark.req("D22")
def test_one_tap_alone_changes_nothing_and_the_second_extends():
    booking = running()
    before = points_of(booking)

    want(booking, GUEST, 60)
    want(booking, GUEST, 61)  # pressing twice is pressing once
    assert (booking.slots, points_of(booking)) == (1, before)

    want(booking, CAST, 100)

    assert (booking.slots, booking.extended, points_of(booking)) == (2, 1, before - 300)
    assert booking.ends_at == START + 6 * MINUTE
    talk = reserved.find_talk(booking)
    assert talk.ends_by == booking.talk_ends_at == START + 6 * MINUTE - policy.PAD
    assert rooms.find_room(talk.room).closes_at == booking.talk_ends_at
    assert booking.report_until == booking.ends_at + policy.REPORT_WINDOW
    assert (booking.guest_wants_more_at, booking.cast_wants_more_at) == (None, None)


def test_a_tap_lapses_after_a_minute_to_the_second():
    booking = running(slots=3)

    want(booking, GUEST, 60)
    want(booking, CAST, 121)
    assert booking.extended == 0  # nobody pays for a wish of long ago
    want(booking, GUEST, 121 + 60)

    assert booking.extended == 1


def test_a_press_of_an_older_button_wishes_nothing():
    booking = running()
    want(booking, GUEST, 60)
    want(booking, CAST, 61)

    extending.want(booking.id, by=GUEST, extended=0, now=moment(booking, 62))

    assert (booking.extended, booking.guest_wants_more_at) == (1, None)


def test_it_can_be_extended_again_and_the_server_ends_it_at_the_new_moment():
    booking = running()
    for seconds in (60, 300):
        want(booking, CAST, seconds)
        want(booking, GUEST, seconds + 1)
    session.flush()

    endings.end_due(moment(booking, 9 * 60 - 31))
    assert reserved.find_talk(booking).state is TalkState.RUNNING
    endings.end_due(moment(booking, 9 * 60 - 30))
    assert reserved.find_talk(booking).state is TalkState.ENDED


@pytest.mark.parametrize(("seconds", "refused"), [(149, False), (150, True)])
def test_up_to_the_last_second_of_the_talk(seconds, refused):
    booking = running()

    if refused:
        assert codes(booking, GUEST, seconds) == {"not_running"}
    else:
        assert want(booking, GUEST, seconds).guest_wants_more_at


def test_a_talk_that_nobody_opened_cannot_go_on():
    assert codes(make_booking(), GUEST, 60) == {"not_running"}


@pytest.mark.parametrize("published", [1, 2])
def test_only_into_a_time_that_is_published_and_free(published):
    cast = make_cast()
    booking = running(cast=cast, published=published)
    if published == 2:
        book(make_guest(points=300), cast, START + 3 * MINUTE)

    assert codes(booking, CAST, 60) == {"not_free"}


def test_not_into_another_reservation_of_the_guest():
    guest, other = make_guest(points=5000), make_cast()
    publish(other, START + 3 * MINUTE)
    book(guest, other, START + 3 * MINUTE)

    assert codes(running(guest=guest), GUEST, 60) == {"not_free"}


def test_not_without_the_points_for_it():
    booking = running(points=599)

    assert codes(booking, GUEST, 60) == {"too_few_points"}


def test_a_time_taken_between_the_taps_is_gone():
    cast = make_cast()
    booking = running(cast=cast, start=START)
    want(booking, GUEST, 30)
    slot = session.get_one(Slot, (cast.account_id, START + 3 * MINUTE))
    session.delete(slot)
    session.flush()

    assert codes(booking, CAST, 60) == {"not_free"}
    assert points_of(booking) == 10_000 - 300


@pytest.mark.req("D16")
def test_a_return_takes_from_the_extension_first_and_the_books_agree():
    booking = running()
    want(booking, GUEST, 60)
    want(booking, CAST, 60)
    session.flush()
    attend(booking, guest=[(0, 330)], cast=[(180, 330)])

    # 150 of 300 seconds missed: half of 600.
    assert state_of(settle(booking)) == ("cast_late", 300, 150)
    assert points_of(booking) == 10_000 - 300


def test_a_cancelled_evening_returns_every_payment():
    booking = running()
    want(booking, GUEST, 60)
    want(booking, CAST, 60)
    session.flush()
    endings.end_due(moment(booking, 330))

    assert state_of(settle(booking)) == ("both_absent", 600, 0)
    assert points_of(booking) == 10_000
    assert settlements.payments_of(booking) == [
        f"booking:{booking.id}:paid",
        f"booking:{booking.id}:extension1",
    ]
