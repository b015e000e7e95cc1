"""A call by Jitsi's own client library in two Chromiums, through Prosody with our module.

Prosody lets them in by our tickets, tells what happens, and closes the room. There is no bridge:
what they see of each other goes directly. `make call-client` installs the library.

The minutes depend on how the library goes. Over WebSocket it has a `beforeunload` and an `unload`
handler that say presence unavailable: a page that is closed, reloaded or exchanged for another
leaves on purpose, at once. Only a page that dies is lost, and told as lost. A window that closes
without asking runs `unload` only: in a browser that gives it up, that one would be lost as well.
"""

from contextlib import suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Error, sync_playwright

from app.policy import LEAVE_GRACE, LIVE_IDLE
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.jitsi.conftest import CAST, GUEST, ROOM, ticket
from tests.jitsi.server import PATIENCE_SECONDS
from tests.processes import wait_until

pytestmark = pytest.mark.browser

PAGE = Path(__file__).parent / "call"
LIBRARY = Path(__file__).parent.parent.parent / "var" / "call-client"
OTHER_ROOM = "f" * 32
PING_SECONDS = 10  # the library's own
PEOPLE = 2
A_BIT = 3  # seconds, on a slow machine
REFUSED = "conference.connectionError"  # all that the library tells of a refusal at the door


class Files(SimpleHTTPRequestHandler):
    """The page, and the library where npm has put it."""

    def translate_path(self, path):
        self.directory = str(LIBRARY if path.startswith("/node_modules/") else PAGE)
        return super().translate_path(path)

    def log_message(self, *_words):
        pass


class Caller:
    """A person with a browser window of their own."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        page.goto(address)

    @property
    def seen(self):
        try:
            return self.page.evaluate("call.seen")
        except Error:  # the page is on its way
            return []

    def expect(self, what, *words, seconds=PATIENCE_SECONDS):
        """What the library told of this, once it did; with all of these words."""

        def told():
            return [
                each["words"]
                for each in self.seen
                if each["what"] == what and all(word in each["words"] for word in words)
            ]

        return wait_until(told, lambda: f"not {what} {words}, but {self.seen}", seconds=seconds)[-1]

    @property
    def me(self):
        """The session, as the library names it, once it is in the room."""
        return self.expect("in")[0]

    def picture(self):
        return self.page.evaluate("call.picture()")

    def sees_the_other_move(self):
        before = wait_until(
            lambda: (now := self.picture())["width"] and now,
            lambda: f"no picture: {self.seen}",
        )
        return wait_until(
            lambda: (
                (now := self.picture())["frames"] > before["frames"] + 5
                and now["seconds"] > before["seconds"]
            ),
            lambda: f"the picture stands: {before}, {self.picture()}",
        )


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*ARGUMENTS, "--disable-features=WebRtcHideLocalIpsWithMdns"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site():
    if not (LIBRARY / "node_modules").is_dir():
        pytest.skip("Jitsi's client library is not installed: make call-client")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    server.server_close()


@pytest.fixture
def call(prosody, site, chromium):
    """call(person, …): somebody who opens the page with a ticket."""
    contexts, faults = [], []

    def begin(person, *, room=ROOM, ticket_=None):
        context = chromium.new_context(permissions=["camera", "microphone"])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(fault))  # noqa: PLW0108 - not a builtin
        service = f"ws://127.0.0.1:{prosody.http}/xmpp-websocket"
        asked = {"service": service, "room": room, "ticket": ticket_ or ticket(person)}
        return Caller(page, f"{site}?{urlencode(asked)}")

    yield begin
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def pair(call):
    return call(GUEST), call(CAST)


@pytest.mark.req("D4", "D7")
def test_two_clients_talk_are_told_of_and_are_put_out_when_the_room_closes(pair, prosody, ear):
    guest, cast = pair
    guest.expect("other here", cast.me)
    cast.expect("other here", guest.me)
    guest.sees_the_other_move()
    cast.sees_the_other_move()
    sessions = {guest.me: GUEST, cast.me: CAST}
    assert {each["session"]: each["person"] for each in ear.of("joined")} == sessions
    people = ear.wait_for_beat(that=are_live)["people"]
    assert {each["session"]: each["person"] for each in people.values()} == sessions

    prosody.order(ROOM, ended="balance")

    for each in pair:
        assert "balance" in each.expect("failed", "conference.destroyed", seconds=A_BIT)
    closed = ear.wait_for("closed")
    assert closed["reason"] == "balance"
    assert {each["session"]: each["person"] for each in closed["people"]} == sessions
    assert ear.of("left") == []

    guest.page.reload()  # its ticket is still good

    guest.expect("failed", REFUSED)
    assert f"{GUEST} is not let into {ROOM}@muc.meet.jitsi: This room is closed" in prosody.log()
    assert len(ear.of("joined")) == len(pair)


def are_live(people):
    return len(people) == PEOPLE and all(
        not each["hibernating"] and each["idle"] <= PING_SECONDS + A_BIT for each in people.values()
    )


@pytest.mark.req("D3")
def test_a_client_that_only_listens_is_heard_of_often_enough_to_be_there(pair, ear):
    guest, cast = pair
    guest.sees_the_other_move()
    session = cast.me

    silent = ear.wait_for_beat(that=lambda people: people[session]["idle"] > PING_SECONDS / 2)
    ear.wait_for_beat(that=lambda people: people[session]["idle"] < A_BIT, after=silent["at"])

    people = [
        person
        for event in ear.of("heartbeat")
        for beat in event["rooms"]
        for person in beat["people"]
    ]
    assert not any(person["hibernating"] for person in people)
    longest = max(person["idle"] for person in people)
    assert longest <= PING_SECONDS + A_BIT < LIVE_IDLE.total_seconds()


@pytest.mark.req("D5")
def test_a_reload_leaves_on_purpose_and_comes_back_as_a_new_session(pair, ear):
    guest, cast = pair
    guest.sees_the_other_move()
    before = cast.me

    cast.page.reload()

    assert cast.me != before
    joined = ear.wait_for("joined", session=cast.me, person=CAST)
    left = ear.wait_for("left", session=before, person=CAST)
    assert not left["hibernating"]
    assert left["seq"] < joined["seq"]
    assert joined["at"] - left["at"] < LEAVE_GRACE.total_seconds()
    guest.expect("other gone", before)
    guest.expect("other here", cast.me)
    cast.sees_the_other_move()
    guest.sees_the_other_move()


@pytest.mark.parametrize(
    "go",
    [
        lambda page: page.close(run_before_unload=True),
        lambda page: page.goto("about:blank"),
    ],
    ids=["its tab is closed", "another page"],
)
def test_a_page_that_is_closed_is_left_on_purpose(go, pair, ear):
    guest, cast = pair
    guest.expect("other here", cast.me)
    session = cast.me

    go(cast.page)

    left = ear.wait_for("left", session=session, seconds=A_BIT)
    assert left["person"] == CAST and not left["hibernating"]
    guest.expect("other gone", session)


def test_a_window_that_is_closed_is_told_at_once_as_left_or_as_lost(pair, ear):
    """Chromium does not always let a page say that it goes; what it does not say is a loss."""
    guest, cast = pair
    guest.expect("other here", cast.me)
    session = cast.me

    cast.page.context.close()

    def told():
        left = [each for each in ear.of("left") if each["session"] == session]
        lost = [
            person
            for beat in ear.of("heartbeat")
            for room in beat["rooms"]
            for person in room["people"]
            if person["session"] == session and person["hibernating"]
        ]
        return left or lost

    wait_until(told, lambda: f"neither left nor lost: {ear.events}", seconds=A_BIT)


@pytest.mark.req("D3")
def test_a_page_that_dies_is_told_as_lost_at_once_and_later_as_gone(pair, ear):
    guest, cast = pair
    guest.expect("other here", cast.me)
    session = cast.me

    with suppress(Error):
        cast.page.goto("chrome://crash")

    ear.wait_for_beat(that=lambda people: people[session]["hibernating"], seconds=A_BIT)
    assert ear.of("left") == []
    assert ear.wait_for("left", session=session)["hibernating"]
    guest.expect("other gone", session)


def test_a_ticket_for_another_room_opens_none(call, prosody, ear):
    guest = call(GUEST, room=OTHER_ROOM)

    guest.expect("failed", REFUSED)

    assert f"is not let into {OTHER_ROOM}@muc.meet.jitsi: This ticket is for" in prosody.log()
    assert not prosody.people(OTHER_ROOM)
    assert ear.of("joined") == []


def test_a_ticket_that_we_did_not_sign_is_no_login(call, ear):
    guest = call(GUEST, ticket_=ticket(GUEST, secret="x" * 32))

    assert "Invalid signature" in guest.expect("no login", "connection.passwordRequired")

    assert ear.of("joined") == []
