import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import signatures
from app.db import session
from app.signatures import Unsigned
from app.video import inbox
from app.video.models import Kind, VideoEvent
from app.video.wire import Malformed
from tests.video.conftest import NOON, SECRET


def joined(number, **more):
    fields = {"id": f"e{number}", "seq": number, "at": NOON.timestamp() + number, "kind": "joined"}
    return fields | {"room": "r", "person": "p", "session": "s"} | more


def receive(*events, secrets=(SECRET,), now=NOON):
    body = json.dumps({"boot": "b1", "events": events}).encode()
    signature = signatures.sign(body, secret=SECRET, now=now)
    return inbox.receive(body, signature, secrets=secrets, now=now)


def count():
    return session.scalar(select(func.count()).select_from(VideoEvent))


def test_events_are_kept_in_the_order_of_their_message():
    assert receive(joined(2), joined(1), joined(3)) == 3

    first, *_ = events = inbox.undrained(10)
    assert [event.event_id for event in events] == ["e2", "e1", "e3"]
    assert (first.boot, first.seq, first.kind) == ("b1", 2, Kind.JOINED)
    assert first.at == NOON + timedelta(seconds=2)
    assert first.body == {"room": "r", "person": "p", "session": "s", "hibernating": False}


def test_the_moment_is_kept_to_the_microsecond():
    receive(joined(1, at=NOON.timestamp() + 0.123456))

    [event] = inbox.undrained(1)
    assert event.at == NOON + timedelta(microseconds=123456)


def test_an_event_that_comes_again_is_kept_once():
    receive(joined(1))

    assert receive(joined(1), joined(2), joined(2)) == 1
    assert count() == 2


def test_an_unsigned_message_leaves_nothing():
    with pytest.raises(Unsigned):
        receive(joined(1), secrets=("another",))

    assert count() == 0


def test_one_malformed_event_keeps_the_whole_message_out():
    with pytest.raises(Malformed):
        receive(joined(1), joined(2, room=None))

    assert count() == 0


def test_the_inbox_is_empty_once_all_is_drained():
    assert inbox.is_empty()

    receive(joined(1))
    assert not inbox.is_empty()

    inbox.mark_drained(inbox.undrained(1), now=NOON)
    assert inbox.is_empty()


def test_what_was_drained_is_not_found_again():
    receive(joined(1), joined(2), joined(3))

    inbox.mark_drained(inbox.undrained(2), now=NOON)

    assert [event.event_id for event in inbox.undrained(10)] == ["e3"]


def test_a_heartbeat_of_a_thousand_rooms_is_one_row():
    people = [
        {"person": f"p{n}", "session": f"s{n}", "hibernating": False, "idle": 2.5} for n in (1, 2)
    ]
    rooms = [{"room": f"{n:032x}", "people": people} for n in range(1_000)]
    beat = {"id": "h", "seq": 1, "at": NOON.timestamp(), "kind": "heartbeat", "rooms": rooms}

    receive(beat)

    assert count() == 1


def test_old_events_are_forgotten_but_not_those_in_trouble_or_unread():
    receive(joined(1), joined(2), joined(3))
    first, second, _third = inbox.undrained(3)
    inbox.mark_trouble(second, trouble="unknown room")
    inbox.mark_drained([first, second], now=NOON)

    assert inbox.forget(before=NOON) == 0
    assert inbox.forget(before=NOON + timedelta(days=1)) == 1
    assert set(session.scalars(select(VideoEvent.event_id))) == {"e2", "e3"}
