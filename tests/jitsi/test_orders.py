"""What the app may order: closings to half a second, endings, who is where, one put out."""

import time
from datetime import timedelta
from http import HTTPStatus

import pytest

from app import clock
from tests.engines_of_tests import SECRET
from tests.jitsi.conftest import CAST, GUEST, ROOM
from tests.processes import wait_until

FORMER = "a-former-secret-of-at-least-32-characters"
HALF_A_SECOND = 0.5
MERGED = "talk/heartbeats.log"  # where the module keeps what it has merged


def in_seconds(seconds):
    return clock.now().timestamp() + seconds


@pytest.mark.req("D7")
def test_a_room_ends_at_once_with_its_reason(both, prosody, ear):
    prosody.order(ROOM, ended="balance")

    for person in both:
        assert "balance" in person.expect("out")["words"]
    closed = ear.wait_for("closed", room=ROOM, reason="balance")
    assert {each["person"] for each in closed["people"]} == {GUEST, CAST}
    assert ear.of("left") == []  # the closing says it all
    assert prosody.people(ROOM) is None


@pytest.mark.req("D7", "G33")
def test_a_room_closes_at_its_moment_to_half_a_second(both, prosody, ear):
    closes_at = in_seconds(2.3)
    prosody.order(ROOM, closes_at=closes_at)

    closed = ear.wait_for("closed", room=ROOM, reason="time")

    assert closes_at <= closed["at"] < closes_at + HALF_A_SECOND
    for person in both:
        person.expect("out")


@pytest.mark.req("G46")
def test_a_closing_moves_when_points_are_bought(both, prosody, ear):
    first, second = in_seconds(1.5), in_seconds(4)
    prosody.order(ROOM, version=1, closes_at=first)
    prosody.order(ROOM, version=2, closes_at=second)

    closed = ear.wait_for("closed", room=ROOM)

    assert second <= closed["at"] < second + HALF_A_SECOND


def test_an_older_order_that_comes_late_changes_nothing(both, prosody, ear):
    prosody.order(ROOM, version=2, closes_at=in_seconds(3))
    prosody.order(ROOM, version=1, closes_at=in_seconds(-1))

    assert set(prosody.people(ROOM)) == {"guest1", "cast1"}
    assert ear.wait_for("closed", room=ROOM)["at"] > in_seconds(-1.5)


def test_a_closing_survives_a_reload(both, prosody, ear):
    closes_at = in_seconds(3)
    prosody.order(ROOM, closes_at=closes_at)
    prosody.reload()

    closed = ear.wait_for("closed", room=ROOM)

    assert closes_at <= closed["at"] < closes_at + HALF_A_SECOND


def test_closings_and_endings_survive_a_kill(prosody, visit):
    other = "e" * 32
    prosody.order(ROOM, people=[GUEST, CAST], closes_at=in_seconds(4))
    prosody.order(other, ended="operator")

    prosody.kill()
    prosody.start()

    guest = visit(GUEST)
    guest.expect("in")
    assert visit(GUEST, room=other).expect("refused")["words"] == "This room is closed: operator"
    guest.expect("out")
    assert visit(GUEST).expect("refused")["words"] == "This room is closed: time"


def test_who_is_in_which_room_is_told_with_every_order_that_is_kept(both, prosody):
    prosody.order(ROOM, version=7, people=[GUEST, CAST], closes_at=in_seconds(60))
    prosody.order("d" * 32, version=3, closes_at=in_seconds(60))
    prosody.order("e" * 32, version=4, ended="guest")

    seen = prosody.ask("/talk/presence", {})

    [room] = seen["rooms"]
    assert room["room"] == ROOM
    assert {each["person"]: each["session"] for each in room["people"]} == {
        GUEST: "guest1",
        CAST: "cast1",
    }
    assert {each["room"]: each["version"] for each in seen["orders"]} == {ROOM: 7, "d" * 32: 3}
    assert seen["waiting"] == 0
    assert "failing_since" not in seen


def test_events_that_nobody_takes_are_told_to_whoever_asks(both, prosody, ear):
    ear.deaf = True
    both[0].do("leave")
    both[0].expect("out")

    seen = wait_until(
        lambda: (asked := prosody.ask("/talk/presence", {})).get("failing_since") and asked
    )

    assert seen["waiting"] >= 1
    ear.deaf = False
    wait_until(lambda: "failing_since" not in prosody.ask("/talk/presence", {}))


def test_they_count_as_untold_until_the_merged_heartbeats_are_told_too(both, prosody, ear):
    """The app ends nobody for silence meanwhile: what shows them there comes last."""
    ear.deaf = True
    both[0].do("leave")
    both[0].expect("out")
    since = wait_until(lambda: prosody.ask("/talk/presence", {}).get("failing_since"))
    wait_until(lambda: any("since" in each.read_text() for each in prosody.folder.rglob(MERGED)))

    ear.answers.extend([200] + [503] * 20)
    ear.deaf = False
    wait_until(lambda: len(ear.answers) <= 18)

    assert prosody.ask("/talk/presence", {})["failing_since"] == since
    ear.answers.clear()
    wait_until(lambda: "failing_since" not in prosody.ask("/talk/presence", {}))


def test_one_person_is_put_out_and_the_other_stays(both, prosody, ear):
    removed = prosody.ask(
        "/talk/removals", {"room": ROOM, "session": "guest1", "reason": "not of this talk"}
    )

    assert removed == {"removed": 1}
    assert "not of this talk" in both[0].expect("out")["words"]
    assert ear.wait_for("left", session="guest1")["hibernating"]
    assert set(prosody.people(ROOM)) == {"cast1"}


def test_a_room_that_nobody_ordered_is_told_and_ended_when_the_app_says_so(visit, prosody, ear):
    unknown = "c" * 32
    visitor = visit(GUEST, room=unknown)
    visitor.expect("in")
    assert ear.wait_for_beat(room=unknown)

    prosody.order(unknown, ended="unknown")

    visitor.expect("out")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"[tenant]{ROOM}@muc.meet.jitsi", f"[tenant]{ROOM}"),
        (f"{ROOM}@breakout.meet.jitsi", f"{ROOM}@breakout.meet.jitsi"),
    ],
    ids=["a tenant's room", "a breakout room"],
)
def test_rooms_of_another_kind_are_told_and_ended_too(address, name, visit, prosody):
    visit(GUEST, to=address).expect("refused")  # the focus has made the room all the same
    assert prosody.people(name) == {}

    prosody.order(name, ended="unknown")

    assert prosody.people(name) is None


REFUSALS = {
    "signed by somebody else": ({"secret": "x" * 40}, "wrong_signature"),
    "signed too long ago": ({"off": timedelta(seconds=-301)}, "stale"),
    "signed too far ahead": ({"off": timedelta(seconds=305)}, "stale"),
    "signed for another path": ({"signed": b'/talk/presence.{"rooms": []}'}, "wrong_signature"),
    "signed as an event message": ({"signed": b'{"rooms": []}'}, "wrong_signature"),
}


@pytest.mark.parametrize("how", REFUSALS)
@pytest.mark.req("G37")
def test_an_order_that_is_not_signed_for_this_is_refused(how, prosody):
    options, problem = REFUSALS[how]
    now = clock.now() + options.pop("off", timedelta(0))

    refusal = prosody.refusal("/talk/rooms", {"rooms": []}, now=now, **options)

    assert refusal == (HTTPStatus.UNAUTHORIZED, problem)


@pytest.mark.req("G37")
def test_two_secrets_hold_while_one_is_being_changed(make_prosody, ear):
    prosody = make_prosody(former_secret=FORMER)
    ear.wait_for("boot")  # signed with the new one

    for secret in (SECRET, FORMER):
        assert prosody.ask("/talk/presence", {}, secret=secret)["boot"]
    assert prosody.refusal("/talk/presence", {}, secret="y" * 40)[1] == "wrong_signature"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"rooms": "all"},
        {"rooms": [{"room": ROOM}]},
        {"rooms": [{"room": "", "version": 1}]},
        {"rooms": [{"room": ROOM, "version": 1, "closes_at": "soon"}]},
        {"rooms": [{"room": ROOM, "version": 1, "people": [GUEST]}]},
        {"rooms": [{"room": "ä", "version": 1}]},
    ],
)
def test_an_order_that_cannot_be_read_is_refused_whole(asked, prosody):
    assert prosody.refusal("/talk/rooms", asked)[0] == HTTPStatus.BAD_REQUEST
    assert prosody.ask("/talk/presence", {})["orders"] == []


def test_many_rooms_are_ordered_at_once(prosody):
    orders = [
        {"room": f"{number:032x}", "version": 1, "people": [GUEST, CAST]} for number in range(500)
    ]
    began = time.monotonic()

    prosody.ask("/talk/rooms", {"rooms": orders})

    assert len(prosody.ask("/talk/presence", {})["orders"]) == 500
    assert time.monotonic() - began < 10
