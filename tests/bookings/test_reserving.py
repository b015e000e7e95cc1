from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app import policy
from app.bookings import reserving, schedule
from app.bookings.models import Booking, Notice, NoticeKind, Slot
from app.bookings.terms import Terms, talk_minutes
from app.clock import Span
from app.db import session
from app.errors import Refused
from app.points import lots
from app.points.models import PointEntry, Reason
from tests.factories import MINUTE, NOON, SECOND, book, make_cast, make_guest, new_key, publish
from tests.reservations import START, make_booking

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def points_of(guest):
    return lots.purse_of(guest.id, now=NOON).points


def codes(guest, cast, start, *, slots=1, now=NOON, price_points=None):
    """Why this cannot be booked, by the same rule that the pages show."""
    with pytest.raises(Refused) as refusal:
        reserving.reserve(
            guest.id,
            cast.account_id,
            starts_at=start,
            slots=slots,
            price_points=price_points or cast.slot_points,
            form_key=new_key(),
            shown={},
            now=now,
        )
    return refusal.value.codes


@pytest.mark.req("G20", "G26", "G33")
def test_a_booking_takes_its_slots_and_its_points_at_once():
    guest, cast = make_guest(points=1000), make_cast()
    publish(cast, START)

    booking = book(guest, cast, START, slots=3)

    assert points_of(guest) == 1000 - 900
    assert booking.ends_at == START + 9 * MINUTE
    taken = session.scalars(select(Slot).filter_by(booking_id=booking.id)).all()
    assert sorted(slot.starts_at for slot in taken) == [START + n * 3 * MINUTE for n in range(3)]
    entry = session.scalars(select(PointEntry).filter_by(about=booking.about)).one()
    assert (entry.delta, entry.reason) == (-900, Reason.BOOKING)


@pytest.mark.req("C37", "C38", "D13")
@pytest.mark.parametrize(("slots", "minutes"), [(1, 2), (2, 5), (5, 14), (20, 59)])
def test_the_margins_stand_around_the_talk_and_not_around_each_slot(slots, minutes):
    terms = Terms(starts_at=START, slots=slots, price_points=300, reward_yen=150)

    assert terms.talk_minutes == talk_minutes(slots) == minutes
    assert terms.talk_starts_at == START + 30 * SECOND
    assert terms.talk_ends_at == terms.ends_at - 30 * SECOND


@pytest.mark.req("G23", "D1")
def test_booking_opens_24_hours_before_the_start_to_the_second():
    guest, cast = make_guest(points=1000), make_cast()
    publish(cast, NOON + DAY, slots=1)

    assert codes(guest, cast, NOON + DAY, now=NOON - SECOND) == {"too_early"}
    assert book(guest, cast, NOON + DAY, now=NOON)


@pytest.mark.req("D2")
def test_booking_closes_15_minutes_before_the_start_to_the_second():
    guest, cast = make_guest(points=1000), make_cast()
    publish(cast, START)
    last = START - policy.BOOKING_CLOSES

    assert codes(guest, cast, START, now=last + SECOND) == {"too_late"}
    assert book(guest, cast, START, now=last)


@pytest.mark.req("G22")
@pytest.mark.parametrize(
    ("start", "slots"),
    [
        (START - 3 * MINUTE, 1),  # before the schedule
        (START + 60 * MINUTE, 1),  # after it
        (START + 57 * MINUTE, 2),  # over its end
    ],
)
def test_only_what_is_on_the_schedule_can_be_booked(start, slots):
    guest, cast = make_guest(points=1000), make_cast()
    publish(cast, START)

    assert codes(guest, cast, start, slots=slots) == {"taken"}
    assert points_of(guest) == 1000


@pytest.mark.parametrize(
    ("start", "slots"), [(START + MINUTE, 1), (START + SECOND, 1), (START, 0), (START, 21)]
)
def test_a_time_off_the_grid_or_of_no_length_does_not_exist(start, slots):
    guest, cast = make_guest(points=100_000), make_cast()
    publish(cast, START, slots=40)

    assert "no_such_time" in codes(guest, cast, start, slots=slots)


@pytest.mark.req("D15", "D8")
def test_the_whole_price_must_be_there_and_no_more_than_that():
    cast = make_cast()
    publish(cast, START)

    assert codes(make_guest(points=599), cast, START, slots=2) == {"too_few_points"}
    enough = make_guest(points=600)
    assert book(enough, cast, START, slots=2)
    assert points_of(enough) == 0


@pytest.mark.req("D9", "D14")
def test_a_price_that_changed_since_the_screen_books_nothing():
    guest, cast = make_guest(points=1000), make_cast()
    publish(cast, START)

    assert codes(guest, cast, START, price_points=299) == {"price_changed"}
    assert points_of(guest) == 1000


def test_an_unconfirmed_address_books_nothing():
    cast = make_cast()
    publish(cast, START)

    assert codes(make_guest(points=1000, confirmed=False), cast, START) == {"unconfirmed"}


@pytest.mark.req("G20")
def test_who_comes_second_hears_so_and_keeps_the_points():
    cast, second = make_cast(), make_guest(points=1000)
    make_booking(cast=cast, slots=2)

    for start in (START, START + 3 * MINUTE):
        assert codes(second, cast, start) == {"taken"}
    assert points_of(second) == 1000


def test_a_guest_cannot_be_in_two_places():
    guest, other = make_guest(points=2000), make_cast()
    make_booking(guest=guest, slots=2)
    publish(other, START)

    assert codes(guest, other, START + 3 * MINUTE) == {"elsewhere"}
    assert book(guest, other, START + 6 * MINUTE)


def test_pressing_twice_books_once():
    guest, cast = make_guest(points=1000), make_cast()
    publish(cast, START)
    wish = {
        "starts_at": START,
        "slots": 1,
        "price_points": 300,
        "form_key": "screen",
        "shown": {"a": "b"},
        "now": NOON,
    }

    first, second = (reserving.reserve(guest.id, cast.account_id, **wish) for _ in range(2))

    assert first == second
    assert points_of(guest) == 700
    with pytest.raises(Refused):
        reserving.reserve(make_guest(points=1000).id, cast.account_id, **wish)


@pytest.mark.req("C35", "D42")
def test_both_are_told():
    booking = make_booking()

    told = session.scalars(select(Notice).filter_by(booking_id=booking.id)).all()

    assert {(each.account_id, each.kind) for each in told} == {
        (booking.guest_id, NoticeKind.BOOKED),
        (booking.cast_id, NoticeKind.BOOKED),
    }


@pytest.mark.req("D9")
def test_price_reward_and_deadlines_stay_as_they_were():
    booking = make_booking()
    cast = booking.cast_id

    session.execute(text("UPDATE talk_cast SET slot_points = 999, slot_reward_yen = 1"))

    session.refresh(booking)
    assert (booking.cast_id, booking.price_points, booking.reward_yen) == (cast, 300, 150)
    assert booking.free_cancel_until == START - 12 * HOUR
    assert booking.cast_cancel_until == START - HOUR
    assert booking.report_until == booking.ends_at + 10 * MINUTE


@pytest.mark.parametrize("column", ["guest_id", "cast_id"])
def test_the_database_itself_refuses_an_overlap(column):
    """Whatever code forgets: one cast, and one guest, is in one booking at a time."""
    booking = make_booking(slots=2)
    other = make_booking(slots=2, start=START + 30 * MINUTE)

    with pytest.raises(DBAPIError, match="ex_booking_one_of"), session.begin_nested():
        session.execute(
            text(
                f"UPDATE booking SET {column} = :person,"  # noqa: S608 - one of two names
                " starts_at = starts_at - interval '27 minutes',"
                " talk_starts_at = talk_starts_at - interval '27 minutes' WHERE id = :id"
            ),
            {"person": getattr(booking, column), "id": other.id},
        )


@given(
    wishes=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 19), st.integers(1, 6)),
        max_size=12,
    )
)
@settings(max_examples=40)
def test_whatever_is_pressed_nothing_overlaps_and_points_are_kept(undone, wishes):
    """Guests, casts, starts and lengths by chance: only what is free is booked, and paid."""
    with undone():
        guests = [make_guest(points=2000) for _ in range(4)]
        casts = [make_cast() for _ in range(2)]
        for cast in casts:
            publish(cast, START, slots=20)
        taken, made = set(), 0
        for guest_number, cast_number, offset, slots in wishes:
            guest, cast = guests[guest_number], casts[cast_number]
            wanted = {
                (who, at)
                for who in (f"guest{guest_number}", f"cast{cast_number}")
                for at in range(offset, offset + slots)
            }
            before = points_of(guest)
            possible = (
                not wanted & taken and offset + slots <= 20 and before >= slots * cast.slot_points
            )
            try:
                book(guest, cast, START + offset * policy.SLOT, slots=slots)
            except Refused:
                assert not possible
                assert points_of(guest) == before
            else:
                assert possible
                assert points_of(guest) == before - slots * cast.slot_points
                taken |= wanted
                made += 1
        assert session.query(Booking).count() == made


def test_a_slot_that_the_cast_takes_back_is_not_booked():
    guest, cast = make_guest(points=1000), make_cast()
    publish(cast, START)
    schedule.remove(cast.account_id, Span(START, START + policy.SLOT), now=NOON)

    assert codes(guest, cast, START) == {"taken"}
