from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import session
from app.video import rooms
from app.video.embedded import pulses
from app.video.embedded.models import EmbeddedEvent
from app.video.embedded.pulses import Pulse
from app.video.embedded.signals import Signal
from app.video.tokens import LIFETIME, NoTicket
from app.video.wire import Malformed
from tests.video.conftest import NOON

SECOND = timedelta(seconds=1)


def pulse(page="page", *, session="none", media=False, seen=0, signals=()):
    return Pulse(page=page, session=session, media=media, seen=seen, signals=list(signals))


def beat(talk, who, given=None, *, now=NOON):
    return pulses.beat(talk.name, ticket=talk.tickets[who], pulse=given or pulse(who), now=now)


def told():
    """What the spool would tell the webhook: kind, whose session, lost or not."""
    session.flush()
    events = session.scalars(select(EmbeddedEvent).order_by(EmbeddedEvent.id))
    return [
        (event.kind.value, event.body.get("session"), event.body.get("hibernating"))
        for event in events
    ]


def test_the_first_pulse_comes_in_and_the_next_one_stays(talk):
    first = beat(talk, "guest")
    second = beat(talk, "guest", now=NOON + SECOND)

    assert (first.closed, first.peer) == (None, None)
    assert second.session == first.session
    assert told() == [("joined", first.session, False)]


def test_both_hear_of_each_other(talk):
    guest = beat(talk, "guest")
    cast = beat(talk, "cast")

    assert (cast.peer, cast.peer_here) == (guest.session, True)
    assert beat(talk, "guest").peer == cast.session


def test_somebody_silent_is_not_here_but_still_inside(talk):
    beat(talk, "guest")

    answer = beat(talk, "cast", now=NOON + 7 * SECOND)

    assert (answer.peer is not None, answer.peer_here) == (True, False)


def test_leaving_is_told_once(talk):
    stay = beat(talk, "guest").session
    for _ in range(2):
        pulses.leave(talk.name, ticket=talk.tickets["guest"], page="guest", now=NOON + SECOND)

    assert told()[1:] == [("left", stay, False)]


def test_a_pulse_still_on_its_way_does_not_bring_a_closed_page_back(talk):
    beat(talk, "guest")
    pulses.leave(talk.name, ticket=talk.tickets["guest"], page="guest", now=NOON)

    assert beat(talk, "guest").closed == "elsewhere"


def test_a_newer_page_replaces_the_older_one(talk):
    old = beat(talk, "guest", pulse("old")).session
    new = beat(talk, "guest", pulse("new")).session

    assert beat(talk, "guest", pulse("old")).closed == "elsewhere"
    assert beat(talk, "guest", pulse("new")).session == new
    assert told()[1:] == [("left", old, True), ("joined", new, False)]


def test_another_page_of_the_person_does_not_end_the_newer_one_by_leaving(talk):
    beat(talk, "guest", pulse("old"))
    beat(talk, "guest", pulse("new"))

    pulses.leave(talk.name, ticket=talk.tickets["guest"], page="old", now=NOON)

    assert beat(talk, "guest", pulse("new")).closed is None


def test_a_closed_room_lets_nobody_stay(talk):
    stay = beat(talk, "guest").session
    beat(talk, "cast")
    rooms.close(talk.name, because="cast", now=NOON)

    assert beat(talk, "guest", now=NOON + SECOND).closed == "cast"
    assert beat(talk, "cast", now=NOON + SECOND).closed == "cast"
    closed = told()[2:]
    assert [kind for kind, *_ in closed] == ["closed"]
    event = session.scalars(select(EmbeddedEvent).filter_by(kind="closed")).one()
    assert stay in {person["session"] for person in event.body["people"]}


def test_a_room_ends_in_time_although_nothing_else_runs(talk):
    beat(talk, "guest")
    rooms.set_closing({talk.name: NOON + 5 * SECOND})

    assert beat(talk, "guest", now=NOON + 4 * SECOND).closed is None
    assert beat(talk, "guest", now=NOON + 5 * SECOND).closed == "time"


def test_an_unknown_room_is_closed(talk):
    answer = pulses.beat("nowhere", ticket=talk.tickets["guest"], pulse=pulse(), now=NOON)

    assert answer.closed == "unknown"


def test_an_old_ticket_does_not_open_but_whoever_is_in_may_stay(talk):
    late = NOON + LIFETIME

    with pytest.raises(NoTicket):
        beat(talk, "guest", now=late)
    beat(talk, "cast", now=late - SECOND)
    assert beat(talk, "cast", now=late + SECOND).closed is None


def test_signals_arrive_in_order_until_they_were_seen(talk):
    guest, cast = beat(talk, "guest").session, beat(talk, "cast").session
    words = [Signal(cast, number, f'{{"n": {number}}}') for number in (1, 2, 3)]
    beat(talk, "guest", pulse("guest", session=guest, signals=words[:2]))
    beat(talk, "guest", pulse("guest", session=guest, signals=words))  # its answer was lost

    first = beat(talk, "cast").signals
    again = beat(talk, "cast").signals
    seen = beat(talk, "cast", pulse("cast", seen=first[1]["id"])).signals

    assert [each["body"]["n"] for each in first] == [1, 2, 3]
    assert first == again
    assert [each["body"]["n"] for each in seen] == [3]
    assert {each["from"] for each in first} == {guest}


def test_signals_of_an_earlier_stay_are_dropped(talk):
    beat(talk, "guest")
    cast = beat(talk, "cast").session

    stale = pulse("guest", session="an earlier stay", signals=[Signal(cast, 1, "{}")])
    beat(talk, "guest", stale)

    assert beat(talk, "cast").signals == ()


def test_a_signal_may_hold_what_postgresql_would_not_take(talk):
    given = {"page": "p", "signals": [{"to": "x", "number": 1, "body": {"sdp": "\0\ud800"}}]}
    read = pulses.read(given)
    stay = beat(talk, "guest", read).session

    assert beat(talk, "guest", read._replace(session=stay)).closed is None


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        {},
        {"page": ""},
        {"page": "p", "media": "yes"},
        {"page": "p", "seen": -1},
        {"page": "p", "signals": {}},
        {"page": "p", "signals": [{}] * 101},
        {"page": "p", "signals": [{"to": "x", "number": 1, "body": "sdp"}]},
    ],
    ids=str,
)
def test_a_pulse_out_of_shape_is_refused(given):
    with pytest.raises(Malformed):
        pulses.read(given)


def test_pulses_are_quick_until_the_picture_is_there(talk):
    beat(talk, "guest")

    waiting = beat(talk, "cast").wait_ms
    talking = beat(talk, "cast", pulse("cast", media=True)).wait_ms

    assert (waiting, talking) == (300, 1000)
