import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import session
from app.video import rooms, tokens
from app.video.embedded.models import EmbeddedOccupant
from tests.video.conftest import NOON, SECRET, talk  # noqa: F401 - a fixture

SECOND = timedelta(seconds=1)


@pytest.fixture
def ticket(talk):  # noqa: F811
    return tokens.issue(room=talk.name, person=talk.guest, nickname="ゆき", secret=SECRET, now=NOON)


def pulse(client, room, ticket, **more):
    return client.post(
        f"/embedded/{room}/pulse",
        json={"page": "page", **more},
        headers={"Authorization": f"Bearer {ticket}"},
    )


def inside():
    return session.scalars(select(EmbeddedOccupant).filter_by(left_at=None)).all()


def test_a_pulse_comes_in(client, at, talk, ticket):  # noqa: F811
    at(NOON)

    answer = pulse(client, talk.name, ticket)

    assert answer.status_code == 200
    assert answer.json["session"] == inside()[0].session
    assert answer.json["closed"] is None


def test_a_beacon_leaves(client, at, talk, ticket):  # noqa: F811
    at(NOON)
    pulse(client, talk.name, ticket)

    said = json.dumps({"ticket": ticket, "page": "page"})
    answer = client.post(f"/embedded/{talk.name}/leave", data=said, content_type="text/plain")

    assert answer.status_code == 204
    assert inside() == []


def test_a_closed_room_says_so(client, at, talk, ticket):  # noqa: F811
    at(NOON)
    pulse(client, talk.name, ticket)
    rooms.close(talk.name, because="balance", now=NOON)

    assert pulse(client, talk.name, ticket).json["closed"] == "balance"
    assert inside() == []


@pytest.mark.parametrize("wrong", ["", "a.b.c", "None"])
def test_a_stranger_finds_nothing(client, at, talk, wrong):  # noqa: F811
    at(NOON)

    assert pulse(client, talk.name, wrong).status_code == 401
    said = json.dumps({"ticket": wrong, "page": "page"})
    assert client.post(f"/embedded/{talk.name}/leave", data=said).status_code == 401
    assert inside() == []


def test_a_ticket_opens_its_own_room_only(client, at, talk, ticket):  # noqa: F811
    at(NOON)
    other = rooms.open_room(guest_id=talk.guest_id, cast_id=talk.cast_id, now=NOON)

    assert pulse(client, other.name, ticket).status_code == 401


def test_an_old_ticket_does_not_open(client, at, talk, ticket):  # noqa: F811
    at(NOON + tokens.LIFETIME)

    assert pulse(client, talk.name, ticket).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"page": 7}'])
def test_a_pulse_out_of_shape_is_refused(client, at, talk, ticket, body):  # noqa: F811
    at(NOON)

    answer = client.post(
        f"/embedded/{talk.name}/pulse", data=body, headers={"Authorization": f"Bearer {ticket}"}
    )

    assert answer.status_code == 400


def test_no_csrf_token_is_asked_of_who_has_a_ticket(app, client, at, talk, ticket, monkeypatch):  # noqa: F811
    at(NOON)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    assert pulse(client, talk.name, ticket).status_code == 200
