import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app import signatures
from app.db import at_once, session
from app.talks import jobs as talks
from app.video import inbox
from app.video.models import VideoEvent

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECRET = "only-for-tests-and-at-least-32-characters"
BOOT = {"id": "e1", "seq": 1, "at": NOON.timestamp(), "kind": "boot"}


def body_of(*events):
    return json.dumps({"boot": "b1", "events": events}).encode()


def post(client, body, *, signature=None):
    signed = signature or signatures.sign(body, secret=SECRET, now=NOON)
    return client.post("/hooks/video", data=body, headers={signatures.HEADER: signed})


def count():
    return session.scalar(select(func.count()).select_from(VideoEvent))


def test_a_signed_message_is_kept_and_rings_for_the_drain(client, at, queue):
    at(NOON)

    answer = post(client, body_of(BOOT))

    assert (answer.status_code, answer.json) == (200, {"kept": 1})
    assert count() == 1
    assert [work for work, _ in queue.jobs.values()] == [talks.drain]


def test_the_same_message_again_is_fine_and_rings_no_more(client, at, queue):
    at(NOON)
    post(client, body_of(BOOT))
    queue.jobs.clear()

    assert post(client, body_of(BOOT)).json == {"kept": 0}
    assert not queue.jobs


@pytest.mark.parametrize(
    ("body", "signature", "status"),
    [
        (body_of(BOOT), "t=1,v1=00", 401),
        (body_of(BOOT), "nonsense", 401),
        (
            body_of(BOOT),
            signatures.sign(body_of(BOOT), secret=SECRET, now=NOON - timedelta(minutes=6)),
            401,
        ),
        (body_of(BOOT), signatures.sign(body_of(BOOT), secret="another", now=NOON), 401),
        (body_of(BOOT | {"kind": "danced"}), None, 400),
        (b"not json", None, 400),
    ],
)
def test_a_bad_message_is_refused_with_a_reason_logged_and_not_kept(
    client, at, queue, caplog, body, signature, status
):
    at(NOON)

    answer = post(client, body, signature=signature)

    assert answer.status_code == status
    assert answer.json["problems"][0]["text"]
    assert "refused" in caplog.text
    assert count() == 0
    assert not queue.jobs


def test_a_message_over_two_megabytes_is_refused_unread(client, at, queue):
    at(NOON)

    assert post(client, b" " * 2_000_001).status_code == 413
    assert count() == 0


def test_no_csrf_token_is_asked_of_machines(app, client, at, queue, monkeypatch):
    at(NOON)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    assert post(client, body_of(BOOT)).status_code == 200


def test_while_events_wait_nobody_rings_again(client, at, queue):
    at(NOON)
    post(client, body_of(BOOT))
    queue.jobs.clear()

    post(client, body_of(BOOT | {"id": "e2", "seq": 2}))
    assert not queue.jobs

    inbox.mark_drained(inbox.undrained(2), now=NOON)
    post(client, body_of(BOOT | {"id": "e3", "seq": 3}))
    assert len(queue.jobs) == 1


@pytest.mark.committed
def test_a_connection_that_broke_loses_no_message(client, at, queue):
    at(NOON)
    post(client, body_of(BOOT))
    for cursor in at_once.idle:
        cursor.connection.close()

    assert post(client, body_of(BOOT | {"id": "e2", "seq": 2})).json == {"kept": 1}
    assert count() == 2
