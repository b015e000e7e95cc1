from datetime import timedelta

import jwt
import pytest

from app.video import tokens
from app.video.tokens import NoTicket
from tests.video.conftest import NOON, SECRET


def ticket(**more):
    fields = {"room": "r1", "person": "p1", "nickname": "ゆき", "secret": SECRET, "now": NOON}
    return tokens.issue(**fields | more)


def test_a_ticket_carries_the_claims_that_jitsi_checks():
    claims = jwt.decode(ticket(), options={"verify_signature": False})

    assert jwt.get_unverified_header(ticket())["typ"] == "JWT"
    assert claims == {
        "iss": "sashitalk",
        "aud": "jitsi",
        "sub": "meet.jitsi",
        "room": "r1",
        "nbf": NOON.timestamp() - 10,
        "exp": NOON.timestamp() + 600,
        "context": {
            "user": {"id": "p1", "name": "ゆき", "affiliation": "member"},
            "features": {
                "flip": False,
                "inbound-call": False,
                "livestreaming": False,
                "outbound-call": False,
                "recording": False,
                "sip-outbound-call": False,
                "transcription": False,
            },
        },
    }


def test_a_ticket_is_read_back_whatever_the_time():
    assert tokens.read(ticket(), room="r1", secrets=(SECRET,)) == tokens.Ticket(
        person="p1", expires_at=NOON + timedelta(minutes=10)
    )


def test_a_ticket_signed_with_an_older_secret_still_opens():
    assert tokens.read(ticket(), room="r1", secrets=("n" * 32, SECRET)).person == "p1"


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "a.b.c",
        ticket(room="r2"),
        ticket(room="*"),
        ticket(secret="somebody else's secret of 32 signs"),
        jwt.encode({"room": "r1"}, SECRET, algorithm="HS256"),
        jwt.encode({"room": "r1"}, None, algorithm="none"),
    ],
)
def test_anything_else_does_not_open(wrong):
    with pytest.raises(NoTicket):
        tokens.read(wrong, room="r1", secrets=(SECRET,))
