"""What Prosody tells of its rooms: in order, once, whatever happens to it and to whoever listens."""

import re
import time
from contextlib import suppress
from itertools import pairwise

import pytest

from tests.jitsi.conftest import CAST, GUEST, ROOM
from tests.jitsi.server import HIBERNATION_SECONDS
from tests.processes import wait_until


def kinds(events, room=ROOM):
    """What happened in a room, heartbeats left out."""
    return [(each["kind"], each.get("person")) for each in events if each.get("room") == room]


def assert_in_order(events):
    """Each boot's events came with rising numbers, and one boot after the other."""
    boots = list(dict.fromkeys(event["boot"] for event in events))
    assert [event["boot"] for event in events] == sorted(
        (event["boot"] for event in events), key=boots.index
    )
    for boot in boots:
        own = [event for event in events if event["boot"] == boot]
        assert all(one["seq"] < other["seq"] for one, other in pairwise(own))
    assert len({event["id"] for event in events}) == len(events)


def merged_since(prosody):
    """When each heartbeat began that Prosody has merged of several, and keeps to be told."""
    with suppress(FileNotFoundError):
        kept = (prosody.folder / "meet%2ejitsi" / "talk" / "heartbeats.log").read_text()
        return [float(since) for since in re.findall(r'"since":([\d.]+)', kept)]
    return []


def test_a_life_begins_with_a_notice(prosody, ear):
    boot = ear.wait_for("boot")

    assert boot["seq"] == 1
    assert ear.events[0] == boot


def test_coming_and_going_is_told_as_it_happens(both, ear):
    both[0].do("leave")

    left = ear.wait_for("left", session="guest1")

    assert not left["hibernating"]  # on purpose
    *joined, last = kinds(ear.events)
    assert sorted(joined) == [("joined", CAST), ("joined", GUEST)]
    assert last == ("left", GUEST)
    assert_in_order(ear.events)


def test_a_page_that_closes_properly_has_gone_on_purpose(both, ear):
    both[1].do("quit")

    assert not ear.wait_for("left", session="cast1")["hibernating"]


def test_a_heartbeat_shows_everyone_live(both, ear):
    beat = ear.wait_for_beat(that=lambda people: len(people) == 2)

    for person in beat["people"].values():
        assert not person["hibernating"]
        assert person["idle"] < 3


@pytest.mark.req("D3")
def test_a_cut_connection_is_told_at_once_and_is_no_leaving(make_prosody, come_both, ear):
    prosody = make_prosody(heartbeat=60)
    guest, _cast = come_both(prosody)
    cut_at = time.time()

    guest.cut()

    beat = ear.wait_for_beat(
        that=lambda people: people["guest1"]["hibernating"], after=cut_at, seconds=3
    )
    assert beat["at"] - cut_at < 1
    assert not beat["people"]["cast1"]["hibernating"]
    left = ear.wait_for("left", session="guest1")
    assert left["hibernating"]
    assert HIBERNATION_SECONDS - 0.5 < left["at"] - cut_at < HIBERNATION_SECONDS + 3


@pytest.mark.req("D3")
def test_a_frozen_client_stays_connected_but_its_idle_time_grows(both, ear):
    both[0].freeze()

    beat = ear.wait_for_beat(that=lambda people: people["guest1"]["idle"] > 4)

    assert not beat["people"]["guest1"]["hibernating"]
    assert beat["people"]["cast1"]["idle"] < 3
    both[0].thaw()
    ear.wait_for_beat(that=lambda people: people["guest1"]["idle"] < 2)


def test_events_come_many_in_a_message_and_in_order(both, visit, ear):
    ear.deaf = True
    for _ in range(4):
        visit(GUEST).expect("in")  # each takes the place of the one before
    messages = ear.messages
    ear.deaf = False

    ear.wait_for("left", count=4)

    assert ear.messages - messages < len(ear.events) / 2
    assert_in_order(ear.events)


@pytest.mark.req("D3")
def test_heartbeats_of_an_outage_are_merged_and_lose_nothing(both, visit, ear):
    before = ear.wait_for_beat(that=lambda people: len(people) == 2)
    ear.deaf = True
    wait_until(lambda: time.time() - before["at"] > 8)
    both[0].do("leave")
    both[0].expect("out")
    ear.deaf = False

    left = ear.wait_for("left", session="guest1")

    told = [
        (each.get("since", event["at"]), event["at"], len(each["people"]))
        for event in ear.of("heartbeat")
        for each in event["rooms"]
        if before["at"] < event["at"] and event["seq"] < left["seq"]
    ]
    assert len(told) <= 3, "piled up"
    assert all(people == 2 for *_, people in told)
    # From the last beat before to the leaving no hole is longer than two beats.
    ends = [before["at"], *(at for _, at, _ in told)]
    begins = [*(since for since, *_ in told), left["at"]]
    assert all(begin - end < 2.5 for end, begin in zip(ends, begins, strict=True))
    assert_in_order(ear.events)


@pytest.mark.req("D3")
def test_a_hole_in_the_heartbeats_is_not_merged_over(both, ear, prosody):
    """Nobody knows who was there while Prosody itself was not."""
    ear.wait_for_beat(that=lambda people: len(people) == 2)
    ear.deaf = True
    wait_until(lambda: merged_since(prosody))
    frozen_at = time.time()
    prosody.freeze(seconds=4)
    thawed_at = frozen_at + 4  # at the earliest; a beat that was due comes at once
    wait_until(lambda: any(since >= thawed_at for since in merged_since(prosody)))
    ear.deaf = False

    ear.wait_for_beat(that=lambda people: len(people) == 2, after=time.time())

    told = [
        (each.get("since", event["at"]), event["at"])
        for event in ear.of("heartbeat")
        for each in event["rooms"]
    ]
    assert any(since < at <= frozen_at for since, at in told), "nothing was merged"
    assert any(thawed_at <= since < at for since, at in told)
    assert not any(since < frozen_at and thawed_at < at for since, at in told)


def test_an_event_that_cannot_be_read_holds_up_nobody(both, visit, ear, prosody):
    ear.deaf = True
    visit(GUEST, nick="guest2").expect("in")
    visit(CAST, nick="cast2").expect("in")
    ear.unreadable, ear.deaf = b"guest2", False

    both_left = [ear.wait_for("left", session=each) for each in ("guest1", "cast1")]

    assert both_left
    assert ear.wait_for("joined", session="cast2")
    assert ear.of("joined")[-1]["session"] == "cast2"
    assert (prosody.folder / "meet%2ejitsi" / "talk" / "refused.log").exists()


def test_what_was_not_taken_survives_a_termination(prosody, both, ear):
    first = ear.wait_for("boot")["boot"]
    ear.deaf = True
    both[0].do("leave")
    both[0].expect("out")
    assert ear.of("left") == []

    stopped_at = time.time()
    prosody.stop()
    ear.deaf = False
    prosody.start()

    boot = ear.wait_for("boot", count=2)
    assert boot["boot"] != first
    # Prosody stopped: that is nobody's wish to end the talk, and they were there until then.
    assert {each["session"]: each["hibernating"] for each in ear.of("left")} == {
        "guest1": False,
        "cast1": True,
    }
    last = ear.of("heartbeat")[-1]
    assert abs(last["at"] - stopped_at) < 1
    assert [each["session"] for each in last["rooms"][0]["people"]] == ["cast1"]
    assert_in_order(ear.events)
    assert ear.events[-1] == boot


def test_what_was_not_taken_survives_a_kill(prosody, both, ear):
    first = ear.wait_for("boot")["boot"]
    beat = ear.wait_for_beat(that=lambda people: len(people) == 2)
    ear.deaf = True
    wait_until(lambda: time.time() - beat["at"] > 3)
    both[0].do("leave")
    both[0].expect("out")
    wait_until(lambda: time.time() - beat["at"] > 6)
    assert ear.of("left") == []

    prosody.kill()
    killed_at = time.time()
    ear.deaf = False
    prosody.start()

    ear.wait_for("boot", count=2)
    assert [each["session"] for each in ear.of("left")] == ["guest1"]  # of the other, who knows
    late = [event for event in ear.of("heartbeat") if event["at"] > beat["at"]]
    assert killed_at - max(event["at"] for event in late) < 2.5
    assert all(event["boot"] == first for event in late)
    assert_in_order(ear.events)


def test_a_new_life_says_from_its_beginning_that_it_has_events_of_the_one_before(
    prosody, both, ear
):
    """Else the app could end a talk for a silence that these events explain."""
    ear.speaks.clear()
    both[0].do("leave")
    both[0].expect("out")

    prosody.kill()
    prosody.start()

    assert prosody.ask("/talk/presence", {})["failing_since"]
    ear.speaks.set()
    ear.wait_for("left", session="guest1")
    wait_until(lambda: "failing_since" not in prosody.ask("/talk/presence", {}))


def test_a_reload_of_the_module_loses_nothing_and_is_no_new_life(both, visit, ear, prosody):
    ear.deaf = True
    both[0].do("leave")
    both[0].expect("out")
    prosody.reload()
    visit(GUEST, nick="guest2").expect("in")
    ear.deaf = False

    ear.wait_for("joined", session="guest2")
    ear.wait_for_beat(that=lambda people: set(people) == {"guest2", "cast1"})

    assert len(ear.of("boot")) == 1
    assert [kind for kind, _ in kinds(ear.events)] == ["joined", "joined", "left", "joined"]
    assert_in_order(ear.events)


def test_an_answer_that_does_not_come_is_waited_for_in_growing_pauses(prosody, both, ear):
    known = ear.messages
    ear.deaf = True
    both[0].do("leave")
    wait_until(lambda: prosody.log().count("the app did not take") >= 3)

    pauses = [
        int(line.rpartition("again in ")[2].split()[0])
        for line in prosody.log().splitlines()
        if "the app did not take" in line
    ]
    assert pauses[:3] == [1, 2, 4]
    assert ear.messages - known <= 5
    ear.deaf = False
    ear.wait_for("left", session="guest1")
