"""Whatever order, repetition, delay and loss of events, and whenever which job runs."""

import os
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app import policy
from app.db import session
from app.points import lots
from app.talks import draining, endings, metering, recording, replay
from app.talks.models import EndedBy, Party, Talk, TalkState
from app.talks.presence import NOTHING, Sighting, read
from app.video import rooms
from tests.evidence import BOTH, CAST, GUEST, at, make_room, points_of, post, top_up, work
from tests.factories import NOON, give_points, make_guest

EXAMPLES = int(os.environ.get("EXAMPLES", "12"))
PLENTY = 100_000
LOST = None
JOBS = {"drain": draining.drain, "charge": metering.charge_due, "end": endings.end_due}

# An evening is a list of moves, each with the pause before it.
pauses = st.sampled_from([0, 0.5, 3, 9, 10, 11, 25, 45, 61])
MOVES = st.one_of(
    st.tuples(st.just("stay"), pauses, st.integers(1, 7)),
    st.tuples(st.just("silence"), pauses, st.sampled_from([[GUEST], [CAST], BOTH])),
    st.tuples(st.sampled_from(["join", "leave", "lose"]), pauses, st.sampled_from(BOTH)),
    st.tuples(st.just("reboot"), pauses, st.sampled_from(["second", "third"])),
    st.tuples(st.just("close"), pauses, st.none()),
)
BEGINNING = [("join", 0, GUEST), ("join", 0, CAST), ("stay", 0, 7)]
evenings = st.lists(MOVES, max_size=8).map(lambda more: [*BEGINNING, *more])
delays = st.lists(st.sampled_from([0, 0, 0, 2, 15, 70, 350, 700, LOST]), min_size=1, max_size=6)
repetitions = st.lists(st.sampled_from([0, 0, 5, 200]), min_size=1, max_size=4)
visits = st.lists(
    st.tuples(st.sampled_from([1, 4, 20, 90, 330]), st.sampled_from(sorted(JOBS))),
    min_size=1,
    max_size=6,
)
BY_PEOPLE = [by for by in EndedBy if by not in {EndedBy.BALANCE, EndedBy.LOST}]
hang_ups = st.none() | st.tuples(st.integers(1, 900), st.sampled_from(BY_PEOPLE))


@settings(max_examples=EXAMPLES)
@given(evenings, delays, repetitions, visits, hang_ups)
def test_the_charges_are_what_arrived_adds_up_to(
    undone, evening, delays, repetitions, visits, hang_up
):
    with undone():
        room = make_room(points=PLENTY)
        events = list(deliveries(room, evening, delays, repetitions))

        last = live_through(room, events, visits, hang_up)

        bring_up_to_date(last)
        talk = session.get_one(Talk, room.talk_id)
        assert talk.minutes_kept == metering.target_of(talk, recording.presence_of(talk))
        assert points_of(talk) == PLENTY - talk.points_kept

        work(last + 1_000)
        assert_recomputed(room, now=last + 1_000)


@settings(max_examples=EXAMPLES)
@given(
    evenings,
    delays,
    visits,
    hang_ups,
    st.lists(st.integers(1, 400), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 300)), max_size=3),
)
def test_never_more_is_charged_than_there_is(
    undone, evening, delays, visits, hang_up, purse, top_ups
):
    with undone():
        guest = make_guest(points=500)
        for points in purse:
            give_points(guest, points)
        room = make_room(guest=guest)
        events = list(deliveries(room, evening, delays, [0]))

        last = live_through(room, events, visits, hang_up, top_ups)
        work(last + 1_000)

        talk = session.get_one(Talk, room.talk_id)
        given_points = 500 + sum(purse) + sum(points for _, points in top_ups)
        assert 0 <= points_of(talk) == given_points - talk.points_kept
        assert 0 <= talk.minutes_returned <= talk.minutes_charged
        assert_recomputed(room, now=last + 1_000)


def deliveries(room, evening, delays, repetitions):
    """The evening's events and when each reaches us: some late, some twice, some never."""
    act(room, evening)
    told, room.untold = room.untold, []
    for event, delay, again in zip(told, cycle(delays), cycle(repetitions), strict=False):
        if delay is not LOST:
            arrival = event["at"] - NOON.timestamp() + delay
            yield arrival, event
            if again:
                yield arrival + again, event


def act(room, evening):
    now = 0
    for verb, pause, what in evening:
        now += pause
        match verb:
            case "stay":
                room.beats(now, now + 10 * what)
                now += 10 * what
            case "silence":
                room.beat(now, silent=what)
            case "reboot":
                room.reboot(at=now, boot=what)
            case "close":
                room.close(at=now)
            case "join":
                room.join(what, at=now)
            case "leave":
                room.leave(what, at=now)
            case "lose" if room.inside[what]:
                room.lose(what, at=now)


def live_through(room, events, visits, hang_up, top_ups=()):
    """Let everything happen at its moment, and look at the books after each; returns the last."""
    last = max((arrival for arrival, _ in events), default=0)
    happenings = [(second, buy, points) for second, points in top_ups]
    happenings += [(second, run, job) for second, job in comings(visits, until=last)]
    if hang_up:
        happenings.append((hang_up[0], hang_up_by, hang_up[1]))
    events.sort(key=lambda each: each[0])
    for second, what, how in sorted(happenings, key=lambda each: each[0]):
        receive(events, until=second)
        what(room, how, second)
        assert_recomputed(room, now=second)
    last = max([last, *(second for second, *_ in happenings)])
    receive(events, until=last)
    return last


def comings(visits, *, until):
    second = 0
    for pause, job in cycle(visits):
        second += pause
        if second > until:
            return
        yield second, job


def receive(events, *, until):
    arrived = [event for arrival, event in events if arrival <= until]
    if arrived:
        post(arrived, now=at(until))
        del events[: len(arrived)]


def buy(room, points, second):
    top_up(room.talk, points, second=second)


def hang_up_by(room, by, second):
    endings.end(room.talk_id, by=by, now=at(second))


def run(_room, job, second):
    JOBS[job](at(second))


def bring_up_to_date(second):
    while draining.drain(at(second)):
        pass
    session.commit()
    while metering.charge_due(at(second)):
        pass
    session.commit()
    session.expire_all()


def assert_recomputed(room, *, now):
    """No difference to the events, and the room closes when the points are used up."""
    session.commit()
    session.expire_all()
    talk = session.get_one(Talk, room.talk_id)
    assert talk.fault is None
    assert replay.replay(talk).difference == 0
    if talk.state is TalkState.RUNNING:
        purse = lots.purse_of(talk.guest_id, now=at(now))
        closes_at, until = (
            rooms.find_room(room.name).closes_at,
            metering.lasts_until(talk, purse=purse),
        )
        if until:
            assert closes_at == until
        else:  # a bound all the same, but never before they could still be together
            left = metering.lasts(talk.carried + talk.shared, purse.points, talk.price_points)
            last_sign = talk.evidence_at or talk.answered_at
            assert closes_at >= last_sign + policy.LOST_AFTER + left


# The same by itself, without a database: anything that events could say.
SESSIONS = [(party, f"{party}-{n}") for party in Party for n in (1, 2)]
people = st.lists(
    st.tuples(st.sampled_from(SESSIONS), st.booleans()), max_size=4, unique_by=lambda each: each[0]
).map(lambda seen: tuple((*who, live) for who, live in seen))
sightings = st.lists(
    st.builds(
        Sighting,
        at=st.integers(0, 300).map(at),
        boot=st.sampled_from(["first", "first", "first", "second"]),
        seq=st.integers(0, 50),
        kind=st.sampled_from(["joined", "joined", "left", "heartbeat", "heartbeat", "closed"]),
        people=people,
    ),
    max_size=20,
)


@settings(max_examples=10 * EXAMPLES)
@given(sightings, st.randoms())
def test_presence_does_not_depend_on_the_order_of_arrival(evening, chance):
    shuffled = list(evening)
    chance.shuffle(shuffled)

    assert read(shuffled) == read(evening)


# At one instant somebody who never came goes on purpose, and the one who is there is lost.
AT_ONE_INSTANT = [
    Sighting(at(0), "first", 0, "joined", ((Party.CAST, "cast-1", True),)),
    Sighting(
        at(0), "first", 0, "left", ((Party.CAST, "cast-2", True), (Party.CAST, "cast-1", False))
    ),
]


@settings(max_examples=10 * EXAMPLES)
@given(sightings)
@example(AT_ONE_INSTANT)
def test_saying_the_same_again_changes_nothing(evening):
    assert read(evening * 2) == read(evening)


@settings(max_examples=10 * EXAMPLES)
@given(sightings, st.integers(0, 300), st.integers(0, 300))
def test_shared_time_lies_where_both_are_and_is_counted_once(evening, early, late):
    presence = read(evening)
    early, late = sorted([early, late])

    for span in presence.spans:
        assert span.start < span.end
        for connected in (presence.guest, presence.cast):
            assert any(each.start <= span.start and span.end <= each.end for each in connected)
    for spans in (presence.spans, presence.guest, presence.cast):
        assert all(before.end <= after.start for before, after in pairwise(spans))
    gained = presence.shared(at(late)) - presence.shared(at(early))
    assert NOTHING <= gained <= timedelta(seconds=late - early)
    assert presence.shared(at(300)) == presence.shared()


@settings(max_examples=10 * EXAMPLES)
@given(sightings, people, st.integers(1, 30), sightings)
def test_equal_heartbeats_merged_into_one_prove_the_same(evening, seen, beats, afterwards):
    """What a sender does with the heartbeats of an outage."""
    beginning, end = 301, 301 + 10 * beats
    run = [Sighting(at(s), "first", s, "heartbeat", seen) for s in range(beginning, end + 1, 10)]
    merged = Sighting(at(end), "first", end, "heartbeat", seen, since=at(beginning))
    rest = [replace(each, at=each.at + timedelta(seconds=end), seq=end + 1) for each in afterwards]

    assert read([*evening, merged, *rest]) == read([*evening, *run, *rest])


both_seen = st.sets(st.sampled_from(SESSIONS)).map(
    lambda more: tuple((*who, True) for who in sorted({SESSIONS[0], SESSIONS[2], *more}))
)


@settings(max_examples=10 * EXAMPLES)
@given(sightings, both_seen, st.timedeltas(timedelta.resolution, policy.LONGEST_HOLE))
def test_a_heartbeat_of_the_same_word_only_goes_on(evening, seen, later):
    """What lets a heartbeat of a thousand rooms be read without reading their presence anew."""
    evening = [*evening, Sighting(at(301), "first", 60, "heartbeat", seen)]
    before = read(evening)
    boot, *inside = before.sessions.split()
    still = tuple((Party(each.partition(":")[0]), each.partition(":")[2], True) for each in inside)
    moment = at(301) + later

    after = read([*evening, Sighting(moment, boot, 61, "heartbeat", still)])

    assert after.running_since == before.running_since
    assert after.before_current_run() == before.before_current_run()
    assert after.evidence_at == moment
    assert after.sessions == before.sessions
    assert after.shared() == before.before_current_run() + (moment - before.running_since)
