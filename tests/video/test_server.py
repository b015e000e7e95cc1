"""The house's side of the orders, before a small server in Prosody's place."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from app.config import Settings
from app.video import server as video_server
from app.video.server import Inside, Order, Server, Unanswered
from run import free_port
from tests.video.conftest import NOON, settings_of

ROOM = "0123456789abcdef0123456789abcdef"
TELLS = 'HTTP/1.0 200 OK\r\n\r\n{"rooms": %s, "orders": %s, "waiting": %s, "failing_since": 5}'
NOBODY = '{"room": "r", "people": []}'


def connected(url):
    server = Server()
    server.connect(settings_of(url))
    return server


@pytest.fixture
def server(prosody):
    return connected(prosody.url)


@pytest.fixture
def wait(monkeypatch):
    """wait(seconds): so much time has passed, by the clock that a resting server looks at."""
    passed = [1000.0]
    monkeypatch.setattr(video_server, "time", SimpleNamespace(monotonic=lambda: sum(passed)))
    return passed.append


def test_an_order_is_signed_over_its_path_and_read_as_the_module_reads_it(server, prosody):
    closes_at = NOON + timedelta(seconds=90.5)

    server.obey([Order(ROOM, 3, people=("guest", "cast"), closes_at=closes_at)])

    assert prosody.asked == ["/talk/rooms"]
    assert prosody.book[ROOM] == {
        "room": ROOM,
        "version": 3,
        "people": ["guest", "cast"],
        "closes_at": NOON.timestamp() + 90.5,
    }


def test_the_order_of_an_end_says_why_and_leaves_out_what_nobody_knows(server, prosody):
    server.obey([Order(ROOM, 4, ended="balance"), Order("other", 1)])

    assert prosody.book[ROOM] == {"room": ROOM, "version": 4, "ended": "balance"}
    assert prosody.book["other"] == {"room": "other", "version": 1}


def test_no_orders_ask_nobody(server, prosody):
    server.obey([])

    assert prosody.connections == 0


def test_one_connection_is_put_out_with_a_reason(server, prosody):
    prosody.inside[ROOM] = {"s1": "guest", "s2": "stranger"}

    server.remove(ROOM, "s2", reason="not of this talk")

    assert prosody.removed == [{"room": ROOM, "session": "s2", "reason": "not of this talk"}]
    assert prosody.inside[ROOM] == {"s1": "guest"}


def test_a_look_shows_who_is_where_and_the_versions_of_what_is_open(server, prosody):
    prosody.inside = {ROOM: {"s1": "guest", "s2": "cast"}, "empty": {}}
    server.obey([Order(ROOM, 5, people=("guest", "cast")), Order("done", 2, ended="guest")])

    seen = server.look()

    assert seen.rooms == {ROOM: [Inside("guest", "s1"), Inside("cast", "s2")], "empty": []}
    assert seen.versions == {ROOM: 5}
    assert seen.undelivered == 0


@pytest.mark.parametrize(
    ("more", "undelivered"),
    [
        ({"waiting": 7}, 0),  # they are on their way
        ({"waiting": 7, "failing_since": None}, 0),
        ({"waiting": 7, "failing_since": 1795316400.25}, 7),
    ],
)
def test_events_that_wait_count_only_while_they_cannot_be_delivered(
    server, prosody, more, undelivered
):
    prosody.more = more

    assert server.look().undelivered == undelivered


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
def test_a_refusal_is_no_answer(server, prosody, status):
    prosody.status = status

    with pytest.raises(Unanswered, match=str(status)):
        server.obey([Order(ROOM, 1)])


def test_orders_signed_with_another_secret_are_refused(prosody):
    settings = settings_of(prosody.url)
    server = Server()
    server.connect(Settings(**vars(settings) | {"video_event_secrets": ("x" * 32,)}))

    with pytest.raises(Unanswered, match="401"):
        server.look()


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "welcome\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 500\r\n\r\n{}",
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n<p>no JSON</p>",
        "HTTP/1.0 200 OK\r\n\r\n\xff",
        "HTTP/1.0 200 OK\r\n\r\n" + "[" * 100_000,
        "HTTP/1.0 200 OK\r\n\r\n[]",
        "HTTP/1.0 200 OK\r\n\r\n{}",
        TELLS % ("{}", "[]", 0),
        TELLS % ("[7]", "[]", 0),
        TELLS % ('[{"room": "r", "people": [{"person": "p"}]}]', "[]", 0),
        TELLS % ('[{"room": "", "people": []}]', "[]", 0),
        TELLS % ("[]", '[{"room": "r"}]', 0),
        TELLS % ("[]", '[{"room": "r", "version": 1.5}]', 0),
        TELLS % ("[]", "[]", '"many"'),
        TELLS % ("[]", "[]", "null"),
    ],
    ids=range(17),
)
def test_what_cannot_be_read_is_no_answer(server, prosody, reply):
    prosody.reply = reply.encode("latin-1")

    with pytest.raises(Unanswered):
        server.look()


def test_the_shape_that_the_broken_ones_are_made_of_is_an_answer(server, prosody):
    prosody.reply = (TELLS % (f"[{NOBODY}]", '[{"room": "r", "version": 1}]', 2)).encode()

    assert server.look() == ({"r": []}, {"r": 1}, 2)


def test_a_server_that_is_away_gives_no_answer():
    server = connected(f"http://127.0.0.1:{free_port()}")

    with pytest.raises(Unanswered, match="refused"):
        server.look()


def test_after_a_failure_nobody_connects_for_some_seconds(server, prosody, wait):
    prosody.status = 500
    with pytest.raises(Unanswered):
        server.look()
    prosody.status = None

    wait(video_server.REST_SECONDS - 0.1)
    for act in (server.look, lambda: server.obey([Order(ROOM, 1)])):
        with pytest.raises(Unanswered, match="some seconds ago: HTTP Error 500"):
            act()
    assert prosody.connections == 1

    wait(0.1)
    server.look()
    assert prosody.connections == 2


def test_what_is_answered_lets_nobody_rest(server, prosody):
    for _ in range(3):
        server.look()

    assert prosody.connections == 3


def test_rooms_in_the_house_have_no_server_elsewhere(prosody):
    server = connected(prosody.url)
    assert server.is_elsewhere

    server.connect(Settings(video_backend="embedded", jitsi_orders_url=prosody.url))

    assert not server.is_elsewhere
