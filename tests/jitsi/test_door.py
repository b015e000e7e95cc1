"""Who may come into a room, seen by real clients: the two of a talk, and nobody else."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import jwt
import pytest

from app import clock
from tests.engines_of_tests import SECRET
from tests.jitsi.conftest import CAST, GUEST, ROOM, ticket

OTHER_ROOM = "f" * 32
CLAIMS = jwt.decode(ticket(GUEST), options={"verify_signature": False})


def signed(algorithm="HS256", secret=SECRET, **changed):
    """A ticket with other claims; one that is None is left out."""
    now = clock.now().timestamp()
    claims = CLAIMS | {"nbf": int(now) - 10, "exp": int(now) + 600} | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    if algorithm == "none":
        return jwt.encode(claims, None, algorithm="none")
    return jwt.encode(claims, secret, algorithm=algorithm)


def unfolded(head, claims):
    """A ticket as nobody's library would make it."""
    parts = [json.dumps(each).encode() for each in (head, claims)]
    text = b".".join(base64.urlsafe_b64encode(each).rstrip(b"=") for each in parts)
    mark = hmac.digest(SECRET.encode(), text, hashlib.sha256)
    return (text + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")).decode()


def test_the_two_of_a_talk_come_in_and_see_each_other(visit, ear):
    guest = visit(GUEST, nick="guest1")
    guest.expect("in")
    cast = visit(CAST, nick="cast1")

    cast.expect("in")
    guest.expect("other here", who="cast1")
    ear.wait_for("joined", room=ROOM, person=GUEST, session="guest1", hibernating=False)
    ear.wait_for("joined", room=ROOM, person=CAST, session="cast1", hibernating=False)


REFUSED_AT_LOGIN = {
    "no ticket": (lambda: "", "token required"),
    "signed by somebody else": (lambda: signed(secret="x" * 40), "Invalid signature"),
    "signed by nobody": (lambda: signed("none"), "Invalid or incorrect alg"),
    "signed in another way": (lambda: signed("HS512", secret="x" * 64), "Invalid or incorrect alg"),
    "too old": (lambda: signed(exp=int(clock.now().timestamp()) - 10), "exp"),
    "too early": (lambda: signed(nbf=int(clock.now().timestamp()) + 60), "nbf"),
    "for ever": (lambda: signed(exp=None), "exp"),
    "for another audience": (lambda: signed(aud="x"), "Audience"),
    "for a list of audiences": (
        lambda: unfolded({"alg": "HS256", "typ": "JWT"}, CLAIMS | {"aud": ["jitsi"]}),
        "Audience",
    ),
    "of another issuer": (lambda: signed(iss="x"), "Issuer"),
    "for another domain": (lambda: signed(sub="other.tld"), "Subject"),
    "for no room": (lambda: signed(room=None), "room"),
}


@pytest.mark.parametrize("how", REFUSED_AT_LOGIN)
@pytest.mark.req("G37")
def test_a_ticket_that_does_not_hold_is_refused_with_its_reason(how, visit, ear):
    make, reason = REFUSED_AT_LOGIN[how]

    refusal = visit(GUEST, ticket_=make()).expect("no login")

    assert reason in refusal["words"]
    assert ear.of("joined") == []


@pytest.mark.parametrize(
    ("ticket_room", "room"),
    [
        (OTHER_ROOM, ROOM),
        ("*", ROOM),
        (ROOM, f"[tenant]{ROOM}"),
        (ROOM, f"{ROOM}@breakout.meet.jitsi"),
    ],
    ids=["another room", "every room", "a tenant's room", "a breakout room"],
)
def test_a_ticket_opens_its_own_room_only(ticket_room, room, visit, ear):
    visitor = visit(GUEST, ticket_=ticket(GUEST, room=ticket_room), to=room)

    refusal = visitor.expect("refused")

    assert refusal["words"] == "This ticket is for another room."
    assert ear.of("joined") == []


def test_a_third_person_is_refused_whatever_the_ticket(visit, both, prosody):
    refusal = visit("a-third-person").expect("refused")

    assert refusal["words"] == "This talk is between two others."
    assert set(prosody.people(ROOM)) == {"guest1", "cast1"}


def test_only_the_two_whom_the_app_named_come_in(visit, prosody):
    prosody.order(ROOM, people=[GUEST, CAST])

    visit("a-third-person").expect("refused")
    visit(GUEST).expect("in")


@pytest.mark.req("G34")
def test_a_room_that_has_ended_stays_closed_for_a_ticket_that_still_holds(visit, both, prosody):
    prosody.order(ROOM, ended="guest")
    both[0].expect("out")

    refusal = visit(GUEST).expect("refused")

    assert refusal["words"] == "This room is closed: guest"


def test_a_room_whose_time_is_up_opens_again_with_more_points(visit, prosody):
    prosody.order(ROOM, version=1, closes_at=(clock.now() - timedelta(seconds=1)).timestamp())
    assert visit(GUEST).expect("refused")["words"] == "This room is closed: time"

    prosody.order(ROOM, version=2, closes_at=(clock.now() + timedelta(minutes=1)).timestamp())

    visit(GUEST).expect("in")


def test_a_newer_connection_takes_the_place_of_the_older(visit, both, ear, prosody):
    again = visit(GUEST, nick="guest2")

    again.expect("in")
    assert "replaced" in both[0].expect("out")["words"]
    left = ear.wait_for("left", session="guest1")
    assert left["hibernating"]  # the person did not go
    assert set(prosody.people(ROOM)) == {"guest2", "cast1"}


def test_a_newer_connection_takes_the_place_of_a_dead_one(visit, both, ear, prosody):
    both[0].cut()
    ear.wait_for_beat(that=lambda people: people["guest1"]["hibernating"])

    visit(GUEST, nick="guest2").expect("in")

    assert set(prosody.people(ROOM)) == {"guest2", "cast1"}
    assert ear.wait_for("left", session="guest1")["hibernating"]
