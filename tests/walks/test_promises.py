"""The five promises of the house, each kept once in its shortest form; the rooms' tests go deeper."""

import json

from app import clock, signatures
from app.books import checks as books
from app.talks import jobs as talks
from app.talks import replay
from app.talks.models import EndedBy, TalkState
from app.video import rooms
from tests.engines_of_tests import SECRET
from tests.evidence import BOTH, CAST, GUEST, at, charged, hang_up, make_room, post, work
from tests.factories import NOON, SECOND


def test_promise_1_no_evidence_no_charge():
    room = make_room()
    room.join(GUEST, at=0)
    room.beats(0, 600)  # ten minutes, and the cast's picture never comes
    room.tell()
    work(600)

    room.join(CAST, at=600)
    room.beats(600, 655)
    room.tell()
    work(700)  # a minute has passed on the clock, and nobody showed that they are still there

    assert charged(room.talk) == 0


def test_promise_2_replayable():
    room = make_room()
    room.talk_until(200)
    hang_up(room.talk, at_second=201)

    seen = replay.replay(room.talk)

    assert (seen.minutes_due, seen.minutes_measured, seen.difference) == (3, 3, 0)
    assert books.problems() == []


def test_promise_3_once_only():
    room = make_room()
    room.join(*BOTH, at=0)
    room.beats(0, 130)
    told = list(room.untold)

    for events in (told, told[::-1], told[5:], told):
        post(events, now=at(131))
        work(131)
        work(131)

    assert charged(room.talk) == 200


def test_promise_4_redis_may_vanish(client, queue, at):
    room = make_room()
    room.join(*BOTH, at=0)
    room.beats(0, 130)
    events = [{k: v for k, v in event.items() if k != "boot"} for event in room.untold]
    at(NOON + 131 * SECOND)
    message = json.dumps({"boot": room.boot, "events": events}).encode()
    signature = signatures.sign(message, secret=SECRET, now=clock.now())

    answer = client.post("/hooks/video", data=message, headers={signatures.HEADER: signature})
    assert answer.json == {"kept": len(events)}
    assert queue.jobs  # the bell was rung
    queue.jobs.clear()  # and everything that Redis knew is gone

    queue.do(talks.drain)  # the timetable comes by, as it does every other second
    assert charged(room.talk) == 200


def test_promise_5_the_server_ends_the_talk():
    room = make_room(points=500)
    room.talk_until(370)

    talk = room.talk
    assert (talk.state, talk.ended_by) == (TalkState.ENDED, EndedBy.BALANCE)
    assert (talk.ended_at, charged(talk)) == (at(360), 500)
    assert not rooms.is_open(rooms.find_room(room.name), now=at(361))
