"""Whatever two casts and three guests do, in any order, while time passes and the jobs come and go."""

import os
from contextlib import suppress
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app import policy
from app.bookings import cancelling, completions, notices, reserving, schedule, settlements
from app.bookings.models import (
    Booking,
    BookingState,
    CompletionKind,
    Notice,
    NoticeKind,
    Outcome,
    Slot,
)
from app.books import checks as books
from app.clock import Span
from app.db import session
from app.errors import Refused
from app.points import lots
from app.talks import bounds, endings, extending, reserved, settling
from app.talks.models import EndedBy, Party
from tests.evidence import Room, drain
from tests.factories import NOON, make_cast, make_guest, new_key
from tests.reservations import START

EXAMPLES = int(os.environ.get("EXAMPLES", "40"))
BOUGHT = 3_000
GUESTS, CASTS, SLOTS = 3, 2, 10
AFTER = 3 * 3_600  # seconds after noon at which everything is over

guests, casts = st.integers(0, GUESTS - 1), st.integers(0, CASTS - 1)
offsets = st.integers(0, SLOTS - 1)
nth = st.integers(0, 5)  # of the bookings made so far
parties = st.sampled_from(list(Party))
WISHES = st.one_of(
    st.tuples(st.just("publish"), casts, offsets, st.integers(1, 6)),
    st.tuples(st.just("remove"), casts, offsets, st.integers(1, 3)),
    st.tuples(st.just("book"), guests, casts, offsets, st.integers(1, 4)),
    st.tuples(st.just("book"), guests, casts, offsets, st.integers(1, 4)),
    st.tuples(st.just("cancel"), nth, st.sampled_from(["guest", "cast", "emergency"])),
    st.tuples(st.just("wait"), st.sampled_from([1, 300, 900, 2_700])),
)
LIVED = st.one_of(
    st.tuples(st.just("come"), nth, parties),
    st.tuples(st.just("come"), nth, parties),
    st.tuples(st.just("go"), nth, parties),
    st.tuples(st.just("extend"), nth, parties),
    st.tuples(st.just("report"), nth, st.sampled_from(list(CompletionKind))),
    st.tuples(st.just("abuse"), nth),
    st.tuples(st.just("cancel"), nth, st.sampled_from(["guest", "cast", "emergency"])),
    st.tuples(st.just("wait"), st.sampled_from([1, 20, 60, 90, 180, 600])),
    st.tuples(st.just("work")),
)
# Before the first start people arrange themselves; then the talks come.
evenings = st.tuples(st.lists(WISHES, max_size=14), st.lists(LIVED, max_size=30)).map(
    lambda parts: [*parts[0], ("wait_for_start",), *parts[1]]
)

OF_A_BOOKING = {"cancel", "come", "go", "extend", "report", "abuse"}


class Evening:
    """The people, the clock in seconds since noon, and what they do. Refusals are an answer."""

    def __init__(self):
        self.second = 0
        self.guests = [make_guest(points=BOUGHT).id for _ in range(GUESTS)]
        self.casts = [make_cast(online=False).account_id for _ in range(CASTS)]
        for cast_id in self.casts:
            schedule.publish(cast_id, [self._span(0, SLOTS)], now=NOON)
        self.made, self.rooms = [], {}

    @property
    def now(self):
        return NOON + timedelta(seconds=self.second)

    def do(self, verb, *what):
        if verb in OF_A_BOOKING and not self.made:
            return
        session.flush()
        with suppress(Refused), session.begin_nested():
            getattr(self, verb)(*what)
        session.flush()
        session.expire_all()

    def publish(self, cast, offset, slots):
        schedule.publish(self.casts[cast], [self._span(offset, slots)], now=self.now)

    def remove(self, cast, offset, slots):
        schedule.remove(self.casts[cast], self._span(offset, slots), now=self.now)

    def book(self, guest, cast, offset, slots):
        booking_id = reserving.reserve(
            self.guests[guest],
            self.casts[cast],
            starts_at=START + offset * policy.SLOT,
            slots=slots,
            price_points=300,
            form_key=new_key(),
            shown={},
            now=self.now,
        )
        self.made.append(booking_id)

    def cancel(self, nth, by):
        booking_id = self._nth(nth)
        if by == "guest":
            cancelling.by_guest(booking_id, accepts_loss=True, now=self.now)
        elif by == "cast":
            cancelling.by_cast(booking_id, words="都合です。", now=self.now)
        else:
            cancelling.in_emergency(booking_id, words="停電です。", now=self.now)

    def come(self, nth, party):
        booking_id = self._nth(nth)
        room = self.rooms.get(booking_id)
        talk = reserved.enter(booking_id, now=self.now)
        if room is None:
            room = self.rooms[booking_id] = Room(talk)
        if not room.inside[party]:
            room.join(party, at=self.second)

    def go(self, nth, party):
        room = self.rooms.get(self._nth(nth))
        if room and room.inside[party]:
            room.lose(party, at=self.second)

    def extend(self, nth, party):
        booking_id = self._nth(nth)
        extended = reserving.get(booking_id).extended
        extending.want(booking_id, by=party, extended=extended, now=self.now)

    def report(self, nth, kind):
        completions.file(self._nth(nth), kind=kind, impression="はい。", stars=4, now=self.now)

    def abuse(self, nth):
        room = self.rooms.get(self._nth(nth))
        if room:
            endings.end(room.talk_id, by=EndedBy.REPORT, now=self.now)

    def wait(self, seconds):
        """The video server tells every ten seconds who is there, and puts out whoever is late."""
        until = self.second + seconds
        for booking_id, room in self.rooms.items():
            closes = self._closes(booking_id)
            if self.second < closes:
                room.beats(self.second, min(until, closes))
            if closes <= until and any(room.inside.values()):
                room.close(at=closes)
        self.second = until

    def wait_for_start(self):
        self.wait(max((START - self.now).total_seconds(), 0))

    def work(self):
        """Every job of the worker, at this moment."""
        for room in self.rooms.values():
            if room.untold:
                room.tell(now=self.second)
        drain(self.second)
        endings.end_due(self.now)
        session.flush()
        notices.remind_due(self.now)
        bounds.bind_due(self.now)
        if not settling.is_blind(now=self.now):
            for booking_id in settling.due_ids(self.now):
                settling.settle(booking_id, now=self.now)

    def _closes(self, booking_id):
        booking = reserving.get(booking_id)
        talk = reserved.find_talk(booking)
        ends = [booking.talk_ends_at, talk.ended_at if talk else None]
        return min((at - NOON).total_seconds() for at in ends if at)

    def _nth(self, nth):
        return self.made[nth % len(self.made)]

    def _span(self, offset, slots):
        start = START + offset * policy.SLOT
        return Span(start, start + slots * policy.SLOT)


@pytest.mark.req("G20", "G22", "G25", "G26", "G32", "D16", "D17", "D19", "D20", "D42")
@settings(max_examples=EXAMPLES)
@given(evenings)
def test_nothing_overlaps_points_are_kept_and_each_booking_ends_once(undone, evening):
    with undone():
        people = Evening()
        for verb, *what in evening:
            people.do(verb, *what)
            assert_kept(people)
        people.wait(max(AFTER - people.second, 0))
        people.do("work")
        people.do("work")

        assert_kept(people)
        assert books.problems() == []
        assert_all_over()


def assert_kept(people):
    """What holds at every moment."""
    bookings = session.scalars(select(Booking)).all()
    live = [each for each in bookings if each.state is not BookingState.CANCELLED]
    for one, other in combinations(live, 2):
        if one.cast_id == other.cast_id or one.guest_id == other.guest_id:
            assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
    for guest_id in people.guests:
        stands = sum(stands_of(each) for each in bookings if each.guest_id == guest_id)
        assert lots.purse_of(guest_id, now=people.now).points == BOUGHT - stands
    for booking in bookings:
        assert (settlements.find(booking.id) is None) is (booking.state is BookingState.CONFIRMED)
    held = session.execute(
        select(Slot.booking_id, func.count())
        .where(Slot.booking_id.is_not(None))
        .group_by(Slot.booking_id)
    ).all()
    held = dict(held)
    assert {each.id: each.slots for each in live}.items() <= held.items()
    assert_told_rightly()


def stands_of(booking):
    """The points of a booking that were not given back."""
    settlement = settlements.find(booking.id)
    return booking.points - (settlement.returned_points if settlement else 0)


def assert_told_rightly():
    """A cancelled booking says nothing but that; no other's reminder comes after its start."""
    told = session.execute(
        select(Notice, Booking).join(Booking, Booking.id == Notice.booking_id)
    ).all()
    for notice, booking in told:
        if booking.state is BookingState.CANCELLED:
            is_open = notice.withdrawn_at is None
            assert is_open is (notice.kind is NoticeKind.CANCELLED)
        else:
            is_answered = notice.kind is NoticeKind.REPORT_DUE and completions.find(booking)
            assert (notice.withdrawn_at is None) is not bool(is_answered)
        if notice.kind is NoticeKind.REMINDER:
            assert notice.at < booking.starts_at
            assert booking.booked_at < booking.starts_at - notice.number * policy.MINUTE


def assert_all_over():
    """Everything was processed: each booking has ended, and nobody gets more than was paid."""
    for booking in session.scalars(select(Booking)):
        settlement = settlements.find(booking.id)
        assert settlement, f"{booking.about} was never settled"
        assert 0 <= settlement.returned_points <= booking.points
        assert 0 <= settlement.earned_yen <= booking.full_reward_yen
        if settlement.returned_points == booking.points:
            assert settlement.earned_yen == 0
        if settlement.outcome is Outcome.COMPLETED:
            assert settlement.earned_yen == booking.full_reward_yen
    at_end = select(func.count()).where(Booking.state == BookingState.CONFIRMED)
    assert session.scalar(at_end) == 0
