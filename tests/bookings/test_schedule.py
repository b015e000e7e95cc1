"""A cast's schedule: what is published, what goes away, and what the tables refuse."""

from datetime import UTC, date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app import policy
from app.bookings import cancelling, schedule, week
from app.bookings.models import Slot
from app.bookings.week import HalfState
from app.clock import Span
from app.db import session
from app.errors import Refused
from tests.factories import MINUTE, NOON, SECOND, book, japan, make_cast, make_guest, publish

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
SLOT = policy.SLOT
EIGHT = japan(2026, 11, 22, 20)
SUNDAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 16)  # of the same week
LIMIT = NOON + policy.SCHEDULE_AHEAD
ALL = Span(NOON - 4 * WEEK, NOON + 20 * WEEK)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def guest():
    return make_guest(points=10_000, nickname="みずいろ")


def span(start, length=SLOT):
    return Span(start, start + length)


def starts(cast, within=ALL):
    return [entry.starts_at for entry in schedule.entries_of(cast.account_id, within)]


def refusal(act, *given, **named):
    with pytest.raises(Refused) as refused:
        act(*given, **named)
    return refused.value.codes


# Publishing


@pytest.mark.req("C30", "C37")
def test_a_span_is_published_in_slots_of_three_minutes(cast):
    made = schedule.publish(cast.account_id, [span(EIGHT, HOUR)], now=NOON)

    assert made == 20
    assert starts(cast) == [EIGHT + n * SLOT for n in range(20)]


def test_what_is_published_already_is_not_new(cast, guest):
    publish(cast, EIGHT, slots=10)
    booking = book(guest, cast, EIGHT, slots=2)

    assert schedule.publish(cast.account_id, [span(EIGHT, HOUR)], now=NOON) == 10
    assert schedule.publish(cast.account_id, [span(EIGHT, HOUR)], now=NOON) == 0

    entries = schedule.entries_of(cast.account_id, ALL)
    assert [entry.booking for entry in entries[:3]] == [booking.public_id] * 2 + [None]
    assert [entry.guest for entry in entries[:3]] == ["みずいろ", "みずいろ", None]


def test_a_start_in_the_past_is_left_out_and_the_rest_is_published(cast):
    schedule.publish(cast.account_id, [span(NOON - 6 * MINUTE, 12 * MINUTE)], now=NOON)

    assert starts(cast) == [NOON + SLOT]  # the slot that starts at this very moment is over


@pytest.mark.parametrize("now", [EIGHT, EIGHT + SECOND, EIGHT + HOUR])
def test_a_slot_that_has_started_cannot_be_published(cast, now):
    assert refusal(schedule.publish, cast.account_id, [span(EIGHT)], now=now) == {"in_the_past"}


def test_a_slot_can_be_published_until_the_second_before_it_starts(cast):
    assert schedule.publish(cast.account_id, [span(EIGHT)], now=EIGHT - SECOND) == 1


def test_twelve_weeks_ahead_are_the_last_that_can_be_published(cast):
    assert schedule.publish(cast.account_id, [span(LIMIT - SLOT)], now=NOON) == 1

    early = NOON - SECOND
    assert refusal(schedule.publish, cast.account_id, [span(LIMIT - SLOT)], now=early) == {
        "too_far"
    }
    mixed = [span(EIGHT), span(LIMIT)]
    assert refusal(schedule.publish, cast.account_id, mixed, now=NOON) == {"too_far"}
    assert starts(cast) == [LIMIT - SLOT]  # nothing of a refused choice is published


@pytest.mark.parametrize(
    "off",
    [span(EIGHT + MINUTE), span(EIGHT, 4 * MINUTE), span(EIGHT + timedelta(milliseconds=1))],
)
def test_times_between_the_slots_are_refused(cast, off):
    assert refusal(schedule.publish, cast.account_id, [off], now=NOON) == {"off_the_grid"}


def test_no_time_at_all_is_refused(cast):
    assert refusal(schedule.publish, cast.account_id, [], now=NOON) == {"nothing_chosen"}


@pytest.mark.req("D45")
def test_a_day_ends_at_midnight_in_japan(cast):
    publish(cast, japan(2026, 11, 22, 23, 57), slots=2)  # across midnight, 15:00 UTC

    [sunday, monday] = [
        span(schedule.start_of(day), 24 * HOUR) for day in (SUNDAY, date(2026, 11, 23))
    ]

    assert schedule.start_of(date(2026, 11, 23)).astimezone(UTC).hour == 15
    assert starts(cast, sunday) == [japan(2026, 11, 22, 23, 57)]
    assert starts(cast, monday) == [japan(2026, 11, 23)]


SPANS = st.builds(
    lambda start, slots: span(EIGHT + start * SLOT, slots * SLOT),
    st.integers(-10, 40),
    st.integers(1, 15),
)


@pytest.mark.req("C30", "C33")
@given(
    done=st.lists(st.tuples(st.sampled_from(["publish", "remove", "book"]), SPANS), max_size=12),
    now=st.integers(0, 20).map(lambda n: EIGHT - 3 * HOUR + n * 10 * MINUTE),
)
def test_whatever_the_order_slots_never_overlap_and_booked_ones_stay(undone, done, now):
    with undone():
        cast, guest = make_cast(), make_guest(points=100_000)
        evening = span(EIGHT, 2 * HOUR)  # so that there is something to book
        schedule.publish(cast.account_id, [evening], now=NOON)
        expected, booked = set(grid(evening)), set()
        for act, where in done:
            ahead = {at for at in grid(where) if at > now}
            try:
                if act == "publish":
                    schedule.publish(cast.account_id, [where], now=now)
                    expected |= ahead
                elif act == "remove":
                    schedule.remove(cast.account_id, where, now=now)
                    expected -= ahead - booked
                else:
                    book(guest, cast, where.start, slots=len(grid(where)), now=now)
                    booked |= set(grid(where))
            except Refused:
                continue

        entries = schedule.entries_of(cast.account_id, ALL)
        assert [entry.starts_at for entry in entries] == sorted(expected)
        assert {entry.starts_at for entry in entries if not entry.is_free} == booked
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(entries))


def grid(where):
    return [where.start + n * SLOT for n in range((where.end - where.start) // SLOT)]


# Taking back


@pytest.mark.req("C32")
def test_free_slots_of_a_span_are_removed_and_no_others(cast):
    other = make_cast()
    publish(cast, EIGHT, slots=5)
    publish(other, EIGHT, slots=5)

    assert schedule.remove(cast.account_id, span(EIGHT + SLOT, 2 * SLOT), now=NOON) == 2
    assert starts(cast) == [EIGHT, EIGHT + 3 * SLOT, EIGHT + 4 * SLOT]
    assert len(starts(other)) == 5


@pytest.mark.req("C33")
def test_a_booked_slot_is_not_removed(cast, guest):
    publish(cast, EIGHT, slots=3)
    book(guest, cast, EIGHT + SLOT)

    assert schedule.remove(cast.account_id, span(EIGHT, 3 * SLOT), now=NOON) == 2
    assert starts(cast) == [EIGHT + SLOT]
    assert refusal(schedule.remove, cast.account_id, span(EIGHT, 3 * SLOT), now=NOON) == {
        "nothing_free"
    }


def test_what_was_booked_and_cancelled_in_time_can_be_removed(cast, guest):
    start = EIGHT + 6 * HOUR
    publish(cast, start, slots=1)
    booking = book(guest, cast, start)
    cancelling.by_guest(booking.id, accepts_loss=False, now=NOON)

    assert schedule.remove(cast.account_id, span(start), now=NOON) == 1


def test_what_has_started_is_not_removed(cast):
    publish(cast, EIGHT, slots=2)

    assert schedule.remove(cast.account_id, span(EIGHT, 2 * SLOT), now=EIGHT) == 1
    assert starts(cast) == [EIGHT]


# Repeating


@pytest.mark.req("C30")
def test_a_week_is_repeated_up_to_a_last_day(cast):
    publish(cast, EIGHT, slots=2)  # a Sunday

    saturday = SUNDAY + timedelta(days=20)
    assert schedule.repeat_week(cast.account_id, first=MONDAY, until=saturday, now=NOON) == 4
    assert starts(cast) == [EIGHT + w * WEEK + n * SLOT for w in range(3) for n in range(2)]

    sunday = SUNDAY + timedelta(days=21)
    assert schedule.repeat_week(cast.account_id, first=MONDAY, until=sunday, now=NOON) == 2


def test_repeating_keeps_what_is_there(cast, guest):
    publish(cast, EIGHT, slots=2)
    mine = make_cast()
    publish(mine, EIGHT, slots=2)
    there = EIGHT + WEEK
    publish(cast, there + SLOT, slots=2)
    now = there - 2 * HOUR
    booking = book(guest, cast, there + SLOT, now=now)

    made = schedule.repeat_week(cast.account_id, first=MONDAY, until=SUNDAY + WEEK, now=now)

    assert made == 1
    entries = schedule.entries_of(cast.account_id, span(there, HOUR))
    assert [entry.booking for entry in entries] == [None, booking.public_id, None]
    assert len(starts(mine)) == 2


def test_a_booked_time_is_repeated_as_a_free_one(cast, guest):
    publish(cast, EIGHT, slots=1)
    book(guest, cast, EIGHT)

    schedule.repeat_week(cast.account_id, first=MONDAY, until=SUNDAY + WEEK, now=NOON)

    [entry] = schedule.entries_of(cast.account_id, span(EIGHT + WEEK))
    assert entry.is_free


def test_only_what_is_still_ahead_is_repeated(cast):
    publish(cast, EIGHT, slots=2)

    now = EIGHT + WEEK
    assert schedule.repeat_week(cast.account_id, first=MONDAY, until=SUNDAY + WEEK, now=now) == 1
    assert starts(cast)[-1] == now + SLOT


def test_the_limit_of_twelve_weeks_holds_for_repeating_to_the_second(cast):
    publish(cast, NOON + HOUR, slots=1)
    publish(cast, NOON - 2 * SLOT, slots=3, now=NOON - HOUR)  # the last ends a slot after noon
    last = (NOON + policy.SCHEDULE_AHEAD).date()

    schedule.repeat_week(cast.account_id, first=MONDAY, until=last, now=NOON)

    assert starts(cast)[-1] == LIMIT - SLOT
    too_far = last + timedelta(days=1)
    repeat = {"first": MONDAY, "until": too_far, "now": NOON}
    assert refusal(schedule.repeat_week, cast.account_id, **repeat) == {"too_far"}


@pytest.mark.parametrize("days", [-400, 0, 6])
def test_a_week_is_not_repeated_into_itself(cast, days):
    until = MONDAY + timedelta(days=days)
    repeat = {"first": MONDAY, "until": until, "now": NOON}
    assert refusal(schedule.repeat_week, cast.account_id, **repeat) == {"too_early"}


# A week of half hours


@pytest.mark.req("D45")
def test_half_hours_are_counted_from_midnight_in_japan(cast):
    publish(cast, japan(2026, 11, 22, 23, 57), slots=1)

    days = week.days_of(cast.account_id, MONDAY, now=NOON)

    assert [day.on for day in days] == [japan(2026, 11, 16 + n) for n in range(7)]
    assert [len(day.halves) for day in days] == [48] * 7
    last = days[-1].halves[-1]
    assert (last.span.start, last.state, last.free) == (
        japan(2026, 11, 22, 23, 30),
        HalfState.FREE,
        1,
    )


def test_free_counts_what_is_ahead(cast):
    publish(cast, EIGHT, slots=10)
    now = EIGHT + 12 * MINUTE

    half = week.days_of(cast.account_id, MONDAY, now=now)[-1].halves[40]

    assert (half.state, half.published, half.free, half.is_all_free) == (
        HalfState.FREE,
        10,
        5,
        False,
    )


def test_a_half_hour_is_over_with_its_last_slot(cast):
    def state(now):
        return week.days_of(cast.account_id, MONDAY, now=now)[-1].halves[40].state

    assert state(EIGHT + 27 * MINUTE - SECOND) is HalfState.BLANK
    assert state(EIGHT + 27 * MINUTE) is HalfState.OVER


# What the tables refuse, whoever asks


def insert(cast, start, length=SLOT):
    session.add(Slot(cast_id=cast.account_id, starts_at=start, ends_at=start + length))
    session.flush()


def refused_by_the_table(constraint, act):
    point = session.begin_nested()
    with pytest.raises(IntegrityError, match=constraint):
        act()
    point.rollback()


def test_the_table_refuses_an_overlap(cast):
    publish(cast, EIGHT, slots=1)
    # Off the grid, for the very same start would be refused by the primary key.
    session.execute(text("ALTER TABLE slot DROP CONSTRAINT ck_slot_on_the_grid"))

    refused_by_the_table("ex_slot_no_overlap", lambda: insert(cast, EIGHT + MINUTE))
    insert(make_cast(), EIGHT + MINUTE)  # another cast's time is another time
    insert(cast, EIGHT + SLOT)  # and neighbours only touch


def test_the_table_refuses_a_slot_off_the_grid(cast):
    refused_by_the_table("on_the_grid", lambda: insert(cast, EIGHT + MINUTE))


def test_the_table_refuses_a_slot_of_another_length(cast):
    refused_by_the_table("three_minutes", lambda: insert(cast, EIGHT, 2 * SLOT))


@pytest.mark.req("C33")
def test_the_table_refuses_to_delete_a_booked_slot(cast, guest):
    publish(cast, EIGHT, slots=2)
    book(guest, cast, EIGHT)

    point = session.begin_nested()
    with pytest.raises(DBAPIError, match="slot"):
        session.execute(text("DELETE FROM slot"))
    point.rollback()

    assert len(starts(cast)) == 2
