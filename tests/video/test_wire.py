import json
from datetime import UTC, datetime, timedelta

import pytest

from app.video import wire
from app.video.models import Kind
from app.video.wire import Malformed

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PERSON = {"person": "guest", "session": "s1", "hibernating": False}


def event(kind="joined", **more):
    fields = {"id": "e1", "seq": 1, "at": NOON.timestamp(), "kind": kind, "room": "r", **PERSON}
    return fields | more


def message(*events, **more):
    return json.dumps({"boot": "b1", "events": list(events), **more}).encode()


def test_a_message_is_read_whole():
    heartbeat = event(
        "heartbeat", id="e2", seq=2, rooms=[{"room": "r", "people": [{**PERSON, "idle": 3.2}]}]
    )

    boot, events = wire.read(message(event(), heartbeat), now=NOON)

    assert boot == "b1"
    assert [each.kind for each in events] == [Kind.JOINED, Kind.HEARTBEAT]
    assert events[0].body == {"room": "r", **PERSON}
    assert events[1].body == {"rooms": [{"room": "r", "people": [{**PERSON, "idle": 3.2}]}]}


def test_fields_that_the_format_does_not_name_are_dropped():
    _, [joined] = wire.read(message(event(mood="fine"), mood="fine"), now=NOON)

    assert "mood" not in joined.body


def test_hibernating_and_idle_may_be_left_out():
    seen = {"person": "guest", "session": "s1"}
    heartbeat = event("heartbeat", rooms=[{"room": "r", "people": [seen]}])

    _, [beat] = wire.read(message(heartbeat), now=NOON)

    assert beat.body["rooms"][0]["people"] == [{**PERSON, "idle": 0}]


def test_a_closed_room_tells_why_and_who_was_inside():
    closed = event("closed", reason="time", people=[{**PERSON, "idle": 0.5}])

    _, [read] = wire.read(message(closed), now=NOON)

    assert read.body == {"room": "r", "reason": "time", "people": [{**PERSON, "idle": 0.5}]}


@pytest.mark.parametrize(
    "broken",
    [
        event("danced"),
        event(["joined"]),
        event(id=""),
        event(id="x" * 129),
        event(id=7),
        event(id="zero\0byte"),
        event(id="日本"),
        event(seq=-1),
        event(seq=1.5),
        event(seq=True),
        event(seq=2**60),
        event(at="noon"),
        event(at=None),
        event(at=(NOON + timedelta(minutes=6)).timestamp()),
        event(at=(NOON - timedelta(days=31)).timestamp()),
        event(room=None),
        event(person=""),
        event(session={}),
        event(hibernating="no"),
        event("heartbeat"),
        event("heartbeat", rooms={}),
        event("heartbeat", rooms=["r"]),
        event("heartbeat", rooms=[{"room": "r"}]),
        event("heartbeat", rooms=[{"room": "r", "people": [{**PERSON, "idle": -1}]}]),
        event("heartbeat", rooms=[{"room": "r", "people": [{**PERSON, "idle": True}]}]),
        event("heartbeat", rooms=[{"room": "r", "people": [PERSON] * 51}]),
        event("closed", room="r", reason="\ud800"),
        "joined",
    ],
    ids=str,
)
def test_an_event_out_of_shape_is_refused(broken):
    with pytest.raises(Malformed):
        wire.read(message(broken), now=NOON)


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"boot": "b", "events": []}',
        b'{"events": [], "boot": NaN}',
        b'{"boot": "b", "events": [{"at": Infinity}]}',
        b'{"boot": "b", "events": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
        b'{"boot": "b", "events": ' + b"9" * 6_000 + b"}",
        b" " * (wire.MESSAGE_BYTES + 1),
    ],
    ids=range(10),
)
def test_what_is_no_message_is_refused(given):
    with pytest.raises(Malformed):
        wire.read(given, now=NOON)


def test_more_events_than_the_bound_are_refused():
    with pytest.raises(Malformed):
        wire.read(message(*[event()] * (wire.MESSAGE_EVENTS + 1)), now=NOON)


def merged(seconds, **more):
    """A heartbeat that shows the same since so many seconds before it."""
    room = {"room": "r", "people": [PERSON], "since": NOON.timestamp() - seconds}
    return message(event("heartbeat", rooms=[room | more]))


@pytest.mark.parametrize("seconds", [0, 0.5, 3600, 30 * 24 * 3600])
def test_a_merged_heartbeat_tells_since_when_it_holds(seconds):
    _, [beat] = wire.read(merged(seconds), now=NOON)

    assert beat.body["rooms"][0]["since"] == NOON.timestamp() - seconds


def test_a_plain_heartbeat_tells_of_no_earlier_moment():
    _, [beat] = wire.read(
        message(event("heartbeat", rooms=[{"room": "r", "people": []}])), now=NOON
    )

    assert "since" not in beat.body["rooms"][0]


@pytest.mark.parametrize("seconds", [-0.001, 30 * 24 * 3600 + 1])
def test_a_merged_heartbeat_that_begins_after_itself_or_too_long_ago_is_refused(seconds):
    with pytest.raises(Malformed):
        wire.read(merged(seconds), now=NOON)


@pytest.mark.parametrize("since", [None, "noon", True, 2**60], ids=str)
def test_a_beginning_that_is_no_moment_is_refused(since):
    with pytest.raises(Malformed):
        wire.read(merged(0, since=since), now=NOON)
