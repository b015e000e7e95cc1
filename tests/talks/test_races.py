"""The same things at the same instant, over real connections."""

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import func, select

from app.casts.models import Cast, State
from app.db import session
from app.errors import Refused
from app.people.models import Account
from app.points.models import PointEntry, PointLot, Reason
from app.points.spending import Wanted, spend_many
from app.purchases import orders, packs, settling
from app.talks import draining, endings, entering, metering, replay
from app.talks.models import EndedBy, Talk, TalkState
from app.video import rooms
from app.video.models import VideoEvent
from tests.evidence import BOTH, CAST, at, hang_up, make_room, points_of, post, work
from tests.factories import NOON, give_points, make_cast, make_guest

pytestmark = pytest.mark.committed


def enter(guest_id, cast_id):
    guest = session.get_one(Account, guest_id)
    return entering.ask(guest, cast_id, price_points=100, now=NOON).id


def entered_and_refused(outcomes):
    """Who got in, and how often the others were told which reason."""
    refused = [each for each in outcomes if isinstance(each, Refused)]
    codes = Counter(problem.code for each in refused for problem in each.problems)
    return [each for each in outcomes if not isinstance(each, Refused)], codes


@pytest.mark.req("G9")
def test_of_fifty_guests_who_enter_at_the_same_instant_one_rings_and_the_others_are_told(at_once):
    cast = make_cast()
    guests = [make_guest(points=500).id for _ in range(50)]

    outcomes = at_once(*(partial(enter, guest_id, cast.account_id) for guest_id in guests))

    [talk_id], refused = entered_and_refused(outcomes)
    assert refused == {"in_talk": 49}
    assert session.scalars(select(Talk.id)).all() == [talk_id]


def test_a_guest_who_enters_ten_rooms_at_once_is_in_one_of_them(at_once):
    guest_id = make_guest(points=1_000).id
    casts = [make_cast().account_id for _ in range(10)]

    outcomes = at_once(*(partial(enter, guest_id, cast_id) for cast_id in casts))

    [talk_id], refused = entered_and_refused(outcomes)
    assert refused == {"in_a_talk": 9}
    assert session.scalars(select(Talk.id)).all() == [talk_id]
    states = Counter(session.scalars(select(Cast.state)))
    assert states == {State.IN_TALK: 1, State.ONLINE: 9}


def test_a_button_pressed_ten_times_at_once_rings_once(at_once):
    guest, cast = make_guest(points=500), make_cast()

    outcomes = at_once(*[partial(enter, guest.id, cast.account_id)] * 10)

    assert len(set(outcomes)) == 1


def test_answering_missing_and_withdrawing_at_once_leave_one_outcome(at_once):
    for _ in range(5):
        talk_id = enter(make_guest(points=500).id, make_cast().account_id)

        at_once(
            lambda talk_id=talk_id: entering.accept(held(talk_id), now=at(30)),
            lambda talk_id=talk_id: entering.withdraw(held(talk_id), now=at(30)),
            lambda: entering.miss_due(at(30)),
        )

        talk = session.get_one(Talk, talk_id)
        cast = session.get_one(Cast, talk.cast_id)
        assert talk.state is not TalkState.RINGING
        assert (cast.state is State.IN_TALK) is (talk.state is TalkState.RUNNING)


def held(talk_id):
    return session.get_one(Talk, talk_id, with_for_update=True)


def rooms_with_minutes_due(count, *, minutes):
    """Talks whose first minutes are due and evidenced, but not charged."""
    found = [make_room() for _ in range(count)]
    for room in found:
        room.join(*BOTH, at=0)
    for second in [0, 50, *(60 * minute + 1 for minute in range(1, minutes + 1))]:
        for room in found:
            room.beat(second)
        tell_all(found, second=second)
    return found


def tell_all(found, *, second):
    post([event for room in found for event in room.untold], now=at(second))
    for room in found:
        room.untold = []
    while draining.drain(at(second)):
        pass
    session.flush()
    session.expire_all()


def test_two_workers_side_by_side_charge_each_minute_once(at_once):
    found = rooms_with_minutes_due(40, minutes=5)

    def work_off():
        return sum(iter_until_zero(lambda: metering.charge_due(at(301), batch=7)))

    assert sum(at_once(work_off, work_off)) == 200

    assert session.scalar(count_of(Reason.TALK_MINUTE)) == 200
    assert {session.get_one(Talk, room.talk_id).minutes_kept for room in found} == {5}


def iter_until_zero(work):
    """Each result of this job, a transaction a time, until nothing is due."""
    while done := work():
        session.commit()
        yield done


def count_of(reason):
    return select(func.count()).select_from(PointEntry).where(PointEntry.reason == reason)


def test_four_workers_drain_the_same_inbox_while_two_charge(at_once, monkeypatch):
    monkeypatch.setattr(draining, "BATCH", 5)
    found = [make_room() for _ in range(10)]
    for room in found:
        room.join(*BOTH, at=0)
        room.beats(0, 90)
        room.beats(90, 120, silent=[CAST])
        room.beat(130)
        room.beats(130, 200)
    events = [event for room in found for event in room.untold]
    post(events[::2] + events[1::2], now=at(200))  # no room's events together, nor in order

    def drain_all():
        return sum(iter_until_zero(lambda: draining.drain(at(200))))

    def charge_all():
        return sum(iter_until_zero(lambda: metering.charge_due(at(200))))

    at_once(drain_all, drain_all, drain_all, drain_all, charge_all, charge_all)

    waiting = select(func.count()).where(VideoEvent.drained_at.is_(None))
    assert session.scalar(waiting) == 0
    work(200)
    talks = [session.get_one(Talk, room.talk_id) for room in found]
    assert [(talk.minutes_kept, talk.fault) for talk in talks] == [(2, None)] * 10


def test_the_same_events_posted_at_once_by_four_are_kept_once(at_once):
    room = make_room()
    room.join(*BOTH, at=0)
    room.beats(0, 90)

    kept = at_once(*[partial(post, room.untold, now=at(90))] * 4)

    assert sum(kept) == len(room.untold)


def test_eight_spendings_of_one_guest_at_once_take_no_more_than_there_is(at_once):
    guest = make_guest(points=150)
    for points in (80, 150, 120):
        give_points(guest, points)
    guest_id = guest.id

    def spend(number):
        wanted = Wanted(guest_id, 100, "test", f"spending:{number}")
        return spend_many([wanted], reason=Reason.TALK_MINUTE, now=NOON) == set()

    assert sum(at_once(*(partial(spend, number) for number in range(8)))) == 5

    assert sum(session.scalars(select(PointLot.remaining))) == 0


@pytest.mark.req("G45", "G46", "D7")
def test_hanging_up_charging_and_buying_at_the_same_instant_hold_each_other_up_never(at_once):
    """At the boundary at which the points are used up, every order of the three is fine."""
    for _ in range(8):
        room = make_room(points=500)
        room.talk_until(350)
        room.beat(361)
        post(room.untold, now=at(361))
        order = an_order(room)

        at_once(
            partial(endings.end, room.talk_id, by=EndedBy.GUEST, now=at(361)),
            partial(buy, order),
            partial(draining.drain, at(361)),
            partial(metering.charge_due, at(361)),
            partial(endings.end_due, at(361)),
        )
        session.rollback()
        room.untold = []
        work(362)

        talk = session.get_one(Talk, room.talk_id)
        assert (talk.state, talk.fault) == (TalkState.ENDED, None)
        assert points_of(talk) == 500 + 500 - talk.points_kept
        assert (talk.ended_by, talk.minutes_kept) in {
            (EndedBy.GUEST, 6),  # the points came in time
            (EndedBy.GUEST, 5),  # they did not, and the guest was gone: waived
            (EndedBy.BALANCE, 5),
        }
        assert replay.replay(talk).difference == 0
    assert session.scalars(select(PointLot.points)).all() == [500] * 16


def an_order(room, number=0):
    order = orders.confirm(
        room.talk.guest_id,
        points=500,
        price_yen=packs.price_yen(500),
        form_key=f"{room.name}:{number}",
        shown={},
        gateway="sandbox",
        back_to="/",
        now=NOON,
    )
    return order.public_id


def buy(order):
    notice = settling.Notice(
        key=f"sandbox:{order}",
        order_public_id=order,
        amount_yen=500,
        outcome=settling.Outcome.PAID,
        body={},
    )
    paid = settling.settle(notice, now=at(361))
    metering.balance_changed(paid.guest_id, now=at(361))


def test_buying_while_minutes_are_charged_keeps_the_closing_of_the_room_right(at_once):
    room = make_room(points=500)
    room.talk_until(50)

    for minute in range(1, 6):
        room.beat(60 * minute + 1)
        order = an_order(room, minute)
        at_once(
            partial(post, room.untold, now=at(60 * minute + 1)),
            partial(buy, order),
            partial(metering.charge_due, at(60 * minute + 1)),
        )
        room.untold = []
        work(60 * minute + 1)

    talk = session.get_one(Talk, room.talk_id)
    assert talk.minutes_kept == 5
    found = rooms.find_room(room.name)
    assert (found.closes_at - NOON).total_seconds() == 360 + 25 * 60


def test_two_who_hang_up_at_once_end_one_talk(at_once):
    room = make_room()
    room.talk_until(130)

    at_once(
        *(
            partial(endings.end, room.talk_id, by=by, now=at(130))
            for by in (EndedBy.GUEST, EndedBy.CAST)
        )
    )

    talk = session.get_one(Talk, room.talk_id)
    assert talk.minutes_kept == (2 if talk.ended_by is EndedBy.GUEST else 1)
    hang_up(talk, at_second=131)
    assert talk.ended_at == at(130)
