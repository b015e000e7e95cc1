"""Booking, cancelling, entering and settling at the same instant, over real connections."""

import contextvars
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from html import unescape
from itertools import count
from random import Random
from threading import Barrier
from time import monotonic

import pytest
from sqlalchemy import func, select

from app.bookings import cancelling, diary, notices, reserving, schedule, settlements
from app.bookings.models import Booking, BookingState, Notice, NoticeKind, Settlement, Slot
from app.books import checks as books
from app.casts import standby
from app.clock import Span
from app.db import session
from app.errors import Refused
from app.jobs import transaction
from app.people.models import Account
from app.points import lots
from app.points.models import PointEntry, Reason
from app.policy import SLOT
from app.talks import bounds, draining, endings, entering, extending, metering, reserved, settling
from app.talks.models import EndedBy, Party, Talk, TalkState
from tests.evidence import BOTH, Room, post
from tests.factories import MINUTE, NOON, SECOND, make_cast, make_guest, new_key, publish
from tests.processes import SOMEBODY_WAITS, in_context_of, wait_until
from tests.reservations import START, make_booking

pytestmark = pytest.mark.committed

HOUR = timedelta(hours=1)
ROUNDS = 6  # of a race between few, which has more than one way to go
FASTER = "ほんの少しの差で、ほかの方の予約が入りました。ポイントはいただいていません。"


def won(outcomes):
    return [each for each in outcomes if not isinstance(each, Refused)]


def codes(outcomes):
    return [each.codes for each in outcomes if isinstance(each, Refused)]


def points_of(guest_id, *, now=NOON):
    return lots.purse_of(guest_id, now=now).points


def reserve(guest_id, cast_id, start=START, *, slots=1, now=NOON):
    return reserving.reserve(
        guest_id,
        cast_id,
        starts_at=start,
        slots=slots,
        price_points=300,
        form_key=new_key(),
        shown={},
        now=now,
    )


class Guests:
    """Signed-in browsers that stand at the same final screen, each with a form of its own."""

    def __init__(self, app, client_of, guests, *, cast, start):
        self.app, self.cast = app, cast.public_id
        self.browsers = [client_of(guest) for guest in guests]
        path = f"/casts/{self.cast}/booking/confirmation"
        pages = [
            browser.get(path, query_string={"start": start.isoformat(), "slots": 1})
            for browser in self.browsers
        ]
        self.forms = [re.search(r'name="form_key" value="([^"]+)"', page.text) for page in pages]

    def press_at_once(self):
        start = Barrier(len(self.browsers))

        def press(browser, form):
            start.wait(timeout=60)
            with self.app.app_context():
                return browser.post(
                    f"/casts/{self.cast}/bookings", data={"form_key": unescape(form[1])}
                )

        session.commit()
        session.remove()
        with ThreadPoolExecutor(len(self.browsers)) as threads:
            return list(threads.map(press, self.browsers, self.forms))


@pytest.mark.req("G20", "G26")
def test_of_a_hundred_guests_who_press_at_the_same_instant_one_books_and_99_are_told_kindly(
    app, client_of, at
):
    at(NOON)
    cast = make_cast()
    publish(cast, START, slots=1)
    guests = [make_guest(points=1000) for _ in range(100)]
    ids = {guest.public_id: guest.id for guest in guests}
    waiting = Guests(app, client_of, guests, cast=cast, start=START)

    answers = waiting.press_at_once()

    refused = [answer for answer in answers if answer.status_code == 409]
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 99
    assert all(FASTER in answer.text for answer in refused)
    [booking] = session.scalars(select(Booking)).all()
    [answer] = [answer for answer in answers if answer.status_code == 303]
    assert answer.location.endswith(f"/bookings/{booking.public_id}")
    [entry] = session.scalars(select(PointEntry).filter_by(reason=Reason.BOOKING)).all()
    assert (entry.delta, entry.about) == (-300, booking.about)
    purses = {guest_id: points_of(guest_id) for guest_id in ids.values()}
    assert purses.pop(booking.guest_id) == 700
    assert set(purses.values()) == {1000}
    told = session.scalars(select(Notice.account_id)).all()
    assert sorted(told) == sorted([booking.guest_id, booking.cast_id])
    assert books.problems() == []


def test_a_button_pressed_ten_times_at_the_same_instant_books_once(app, client_of, at):
    at(NOON)
    cast, guest = make_cast(), make_guest(points=10_000)
    publish(cast, START)
    waiting = Guests(app, client_of, [guest], cast=cast, start=START)
    guest_id = guest.id
    waiting.browsers, waiting.forms = waiting.browsers * 10, waiting.forms * 10

    answers = waiting.press_at_once()

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert points_of(guest_id) == 9_700


def test_a_guest_who_books_two_casts_at_the_same_instant_is_in_one_of_them(at_once):
    for _ in range(ROUNDS):
        guest_id, casts = make_guest(points=1000).id, [make_cast() for _ in range(2)]
        for cast in casts:
            publish(cast, START)
        ids = [cast.account_id for cast in casts]

        outcomes = at_once(
            partial(reserve, guest_id, ids[0], slots=2),
            partial(reserve, guest_id, ids[1], START + SLOT, slots=2),
        )

        assert codes(outcomes) == [{"elsewhere", "too_few_points"}]
        assert points_of(guest_id) == 400


def test_guests_who_want_overlapping_times_of_one_cast_share_no_slot(at_once):
    for _ in range(ROUNDS):
        cast = make_cast()
        publish(cast, START, slots=8)
        cast_id, guests = cast.account_id, [make_guest(points=1000).id for _ in range(6)]

        outcomes = at_once(
            *(
                partial(reserve, guest_id, cast_id, START + number * SLOT, slots=3)
                for number, guest_id in enumerate(guests)
            )
        )

        assert 1 <= len(won(outcomes)) <= 2
        assert set(map(frozenset, codes(outcomes))) == {frozenset({"taken"})}
        taken = select(func.count()).where(Slot.cast_id == cast_id, Slot.booking_id.is_not(None))
        assert session.scalar(taken) == 3 * len(won(outcomes))


@pytest.mark.req("G24", "G25", "C39", "D39")
def test_guest_and_cast_who_cancel_at_the_same_instant_settle_it_once(at_once):
    for number in range(ROUNDS):
        booking = make_booking(start=NOON + 20 * HOUR)
        booking_id, guest_id = booking.id, booking.guest_id

        outcomes = at_once(
            partial(told, cancelling.by_guest, booking_id, accepts_loss=False, now=NOON),
            partial(told, cancelling.by_cast, booking_id, words="熱です。", now=NOON),
        )

        assert len(won(outcomes)) == 1
        assert codes(outcomes) == [{"cancelled"}]
        assert session.scalar(select(func.count()).select_from(Settlement)) == number + 1
        assert points_of(guest_id) == 10_000
        kinds = session.scalars(
            select(Notice.kind).where(
                Notice.booking_id == booking_id, Notice.withdrawn_at.is_(None)
            )
        ).all()
        assert kinds == [NoticeKind.CANCELLED] * 2


def told(work, *args, **values):
    """What an act came to, as words that outlive its session."""
    return str(work(*args, **values).outcome)


@pytest.mark.req("C34")
def test_a_slot_booked_while_the_cast_removes_it_is_booked_or_gone(at_once):
    for _ in range(2 * ROUNDS):
        cast = make_cast()
        publish(cast, START, slots=3)
        guest_id, cast_id = make_guest(points=900).id, cast.account_id
        span = Span(START + SLOT, START + 2 * SLOT)

        booked, _ = at_once(
            partial(reserve, guest_id, cast_id, slots=3),
            partial(schedule.remove, cast_id, span, now=NOON),
        )

        there = session.get(Slot, (cast_id, START + SLOT))
        if isinstance(booked, Refused):
            assert (booked.codes, there) == ({"taken"}, None)
            assert points_of(guest_id) == 900
        else:
            assert there.booking_id == booked
            assert points_of(guest_id) == 0


def test_a_slot_booked_while_it_is_published_anew_is_there_once(at_once):
    for _ in range(ROUNDS):
        cast = make_cast()
        publish(cast, START, slots=2)
        guest_id, cast_id = make_guest(points=900).id, cast.account_id
        span = Span(START - SLOT, START + 4 * SLOT)

        booked, published = at_once(
            partial(reserve, guest_id, cast_id, slots=2),
            partial(schedule.publish, cast_id, [span], now=NOON),
        )

        assert isinstance(booked, int)
        assert published == 3


@pytest.mark.req("D17", "D21")
def test_two_workers_settle_a_booking_at_the_same_instant_once(at_once):
    for _ in range(ROUNDS):
        booking = make_booking()
        booking_id, guest_id = booking.id, booking.guest_id
        due = booking.report_until + SECOND

        outcomes = at_once(*[partial(told, settling.settle, booking_id, now=due)] * 4)

        assert outcomes == ["both_absent"] * 4
        assert points_of(guest_id) == 10_000
        settled = select(func.count()).where(
            Notice.booking_id == booking_id, Notice.kind == NoticeKind.SETTLED
        )
        assert session.scalar(settled) == 2


@pytest.mark.req("D17")
def test_evidence_that_arrives_while_a_booking_is_settled_counts_wholly_or_not_at_all(at_once):
    """The books judge every settlement again by what was recorded, and agree either way."""
    for _ in range(ROUNDS):
        booking = make_booking()
        room = Room(reserved.enter(booking.id, now=booking.starts_at))
        endings.end_due(booking.talk_ends_at)
        room.join(*BOTH, at=3600)
        room.beats(3600, 3749)
        booking_id, due = booking.id, booking.report_until + SECOND
        post(room.untold, now=due)

        outcome, _ = at_once(
            partial(told, settling.settle, booking_id, now=due), partial(draining.drain, due)
        )

        assert outcome in {"completed", "both_absent"}
        assert settlements.problems() + settling.problems() == []


@pytest.mark.req("G34")
def test_two_who_enter_at_the_same_instant_meet_in_one_room(at_once):
    for number in range(ROUNDS):
        booking = make_booking()
        booking_id, start = booking.id, booking.starts_at

        outcomes = at_once(*[partial(entered, booking_id, now=start)] * 4)

        assert len(set(outcomes)) == 1
        assert session.scalar(select(func.count()).select_from(Talk)) == number + 1


def entered(booking_id, *, now):
    talk = reserved.enter(booking_id, now=now)
    return talk.id, talk.room


def extend(booking_id, party, now=START + MINUTE):
    return extending.want(booking_id, by=party, extended=0, now=now).slots


def test_two_who_want_more_at_the_same_instant_extend_once_and_pay_once(at_once):
    for _ in range(ROUNDS):
        booking = make_booking()
        reserved.enter(booking.id, now=START)
        booking_id, guest_id = booking.id, booking.guest_id

        outcomes = at_once(*(partial(extend, booking_id, party) for party in Party))

        assert sorted(outcomes) == [1, 2]
        after = reserving.get(booking_id)
        assert (after.slots, after.extended) == (2, 1)
        assert points_of(guest_id) == 10_000 - 600


def test_a_slot_wanted_by_an_extension_and_by_another_guest_goes_to_one_of_them(at_once):
    """The next slot is still open to others: the talk runs, and booking ends 15 minutes before it."""
    for _ in range(2 * ROUNDS):
        cast = make_cast(online=False)
        booking = make_booking(cast=cast, slots=6)
        reserved.enter(booking.id, now=START)
        extending.want(booking.id, by=Party.CAST, extended=0, now=START)
        booking_id, other, cast_id = booking.id, make_guest(points=300).id, cast.account_id

        extended, booked = at_once(
            partial(extend, booking_id, Party.GUEST),
            partial(reserve, other, cast_id, START + 6 * SLOT, now=START + MINUTE),
        )

        assert (extended == 7) is isinstance(booked, Refused)
        assert len(codes([extended, booked])) == 1


def test_a_talk_that_is_reported_while_its_extension_waits_is_not_extended(app):
    """The report holds the talk; the extension has seen it running, and must look again."""
    booking = make_booking()
    talk_id = reserved.enter(booking.id, now=START).id
    extending.want(booking.id, by=Party.CAST, extended=0, now=START)
    booking_id, guest_id = booking.id, booking.guest_id
    session.commit()

    endings.end(talk_id, by=EndedBy.REPORT, now=START + MINUTE)
    with ThreadPoolExecutor(1) as thread:
        extension = thread.submit(in_context_of(app, extend), booking_id, Party.GUEST)
        wait_until(lambda: session.scalar(SOMEBODY_WAITS))
        session.commit()

    with pytest.raises(Refused) as refusal:
        extension.result()
    assert refusal.value.codes == {"not_running"}
    assert points_of(guest_id) == 10_000 - 300


@pytest.mark.req("D42")
def test_a_booking_cancelled_while_reminders_are_written_keeps_none(at_once):
    for _ in range(2 * ROUNDS):
        booking = make_booking(start=START, now=NOON - HOUR)
        booking_id = booking.id

        at_once(
            partial(notices.remind_due, NOON),
            partial(told, cancelling.by_guest, booking_id, accepts_loss=True, now=NOON),
            partial(notices.remind_due, NOON),
        )

        left = select(Notice.kind).where(
            Notice.booking_id == booking_id,
            Notice.withdrawn_at.is_(None),
            Notice.kind != NoticeKind.CANCELLED,
        )
        assert session.scalars(left).all() == []
        assert notices.remind_due(NOON + SECOND) == 0


@pytest.mark.req("D11")
def test_a_guest_who_enters_and_books_at_the_same_instant_does_both(at_once):
    """The same two people: the one locks the cast first, and the other the guest."""
    for _ in range(4 * ROUNDS):
        guest, cast = make_guest(points=1000), make_cast()
        publish(cast, START)
        guest_id, cast_id = guest.id, cast.account_id

        talk_id, booking_id = at_once(
            partial(walk_in, guest_id, cast_id), partial(reserve, guest_id, cast_id)
        )
        at_once(partial(accept, talk_id), partial(reserve, guest_id, cast_id, START + HOUR / 2))
        bounds.bind_due(NOON)

        assert session.get_one(Talk, talk_id).ends_by == START - 2 * MINUTE
        assert reserving.get(booking_id).state is BookingState.CONFIRMED


def walk_in(guest_id, cast_id, *, now=NOON):
    guest = session.get_one(Account, guest_id)
    return entering.ask(guest, cast_id, price_points=100, now=now).id


def accept(talk_id):
    talk = session.get_one(Talk, talk_id, with_for_update=True, populate_existing=True)
    entering.accept(talk, now=NOON)


STORM_SECONDS = 6


def test_in_a_storm_of_everything_at_once_nobody_waits_for_another_in_a_circle(app):
    """Eight people's browsers and two workers, by chance: every act is done or refused."""
    cast_ids = [make_cast(online=n < 2).account_id for n in range(3)]
    for cast_id in cast_ids:
        schedule.publish(cast_id, [Span(START, START + 40 * SLOT)], now=NOON)
    guest_ids = [make_guest(points=30_000).id for _ in range(6)]
    session.commit()
    session.remove()
    until, done = monotonic() + STORM_SECONDS, count()

    def live(acts, seed):
        chance = Random(seed)
        while monotonic() < until:
            with app.app_context(), suppress(Refused), transaction():
                chance.choice(acts)(chance, cast_ids, guest_ids)
                next(done)

    acts = [_book, _book, _cancel, _republish, _ring, _answer, _leave]
    with ThreadPoolExecutor(8) as threads:
        people = [threads.submit(live, acts, seed) for seed in range(6)]
        workers = [threads.submit(live, [_job], seed) for seed in range(2)]
        for each in people + workers:
            contextvars.Context().run(each.result)

    assert next(done) > 50
    assert session.scalar(select(func.count()).select_from(Booking)) > 5


def _book(chance, cast_ids, guest_ids):
    start = START + chance.randrange(36) * SLOT
    slots = chance.randint(1, 4)
    reserve(chance.choice(guest_ids), chance.choice(cast_ids), start, slots=slots)


def _cancel(chance, cast_ids, guest_ids):
    cast = session.get_one(Account, chance.choice(cast_ids))
    ahead = diary.ahead(cast, now=NOON)
    if not ahead:
        return
    booking_id = chance.choice(ahead).id
    if chance.random() < 0.5:
        cancelling.by_guest(booking_id, accepts_loss=True, now=NOON)
    else:
        cancelling.by_cast(booking_id, words="都合です。", now=NOON)


def _republish(chance, cast_ids, guest_ids):
    start = START + chance.randrange(30) * SLOT
    cast_id, span = chance.choice(cast_ids), Span(start, start + 10 * SLOT)
    schedule.remove(cast_id, span, now=NOON)
    schedule.publish(cast_id, [span], now=NOON)


def _ring(chance, cast_ids, guest_ids):
    walk_in(chance.choice(guest_ids), chance.choice(cast_ids))


def _answer(chance, cast_ids, guest_ids):
    talk = entering.live_talk_of_cast(chance.choice(cast_ids))
    if talk and talk.state is TalkState.RINGING:
        accept(talk.id)


def _leave(chance, cast_ids, guest_ids):
    talk = entering.live_talk_of_guest(chance.choice(guest_ids))
    if talk is None:
        return
    session.refresh(talk, with_for_update=True)
    # Of one that has ended meanwhile nobody holds the talk and asks for the cast, nor do we.
    if talk.state is TalkState.RUNNING:
        endings.end(talk.id, by=EndedBy.GUEST, now=NOON)
        standby.begin(talk.cast_id, now=NOON)  # no minute's breath in this storm


def _job(chance, cast_ids, guest_ids):
    job = chance.choice([notices.remind_due, bounds.bind_due, endings.end_due, metering.charge_due])
    job(NOON)
