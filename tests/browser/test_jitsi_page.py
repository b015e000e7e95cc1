"""The room with the video server's frame, before a stand-in that speaks the documented contract."""

import time

import jwt
import pytest
from playwright.sync_api import expect

import run
from app import demo
from tests.browser import jitsi_server, presence
from tests.browser.conftest import PHONE
from tests.browser.steps import CAST, buy, log_in, to_entry

pytestmark = pytest.mark.browser

# Only in our page of the room: neither where one tries them before, nor in the frame.
NO_DEVICES = """if (location.pathname.endsWith("/room")) {
    window.allowed = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "%s"));
}"""
NO_CAMERA = """if (location.pathname.endsWith("/room")) {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (wanted) => wanted.video
        ? Promise.reject(new DOMException("no", "NotFoundError")) : open(wanted);
}"""
SHOWN = """(hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
SETTLED_MS = 1000  # after a departure, the page has said what it says


@pytest.fixture(scope="module")
def video_server():
    with jitsi_server.running() as url:
        yield url


@pytest.fixture(scope="module")
def house(app, video_server, tmp_path_factory):
    """The product with a video server of its own, whose Prosody nobody plays."""
    settings = {"VIDEO_BACKEND": "jitsi", "JITSI_URL": video_server}
    folder, port = tmp_path_factory.mktemp("house"), run.free_port()
    with run.product(
        folder, port=port, **settings, JITSI_ORDERS_URL="http://127.0.0.1:9"
    ) as running:
        yield running


def test_no_second_sender_stands_beside_a_video_server(house):
    assert set(house.processes) == {"web", "worker", "timetable", "demo"}


@pytest.fixture
def guest(visitor, once_signed_in):
    page = visitor(PHONE)
    with once_signed_in(page, "guest") as is_new:
        if is_new:
            log_in(page, demo.LOGINS["guest"], demo.PASSWORD)
    return page


@pytest.fixture
def meeting(guest, cast):
    """meeting(): both stand before the room's one button."""

    def meet():
        to_entry(guest)
        guest.click("#talk-entry form .btn")
        cast.click("#bell-answer")
        for page in (guest, cast):
            page.wait_for_url("**/room")

    yield meet
    if cast.url.endswith("/room"):  # the next story has the same two people
        cast.click(".tool.end")
        cast.wait_for_url("**/cast-room/talks/**")


@pytest.fixture
def room(meeting, guest):
    """The guest's page in a room that has been entered."""
    meeting()
    go_in(guest)
    return guest


def go_in(page, *, frames=1):
    page.click("#again")
    wait_for_frame(page, frames)


def wait_for_frame(page, number):
    """This is the frame of so many ways in, and the only one."""
    page.wait_for_function("(n) => window.jitsi?.made.length === n", arg=number)
    expect(page.locator("#frame iframe")).to_have_count(1)
    expect(page.locator("#wait")).to_be_hidden()


def given(page):
    """What each frame was made with."""
    return page.evaluate("jitsi.given()")


def fire(page, event, **told):
    page.evaluate("([event, told]) => jitsi.fire(event, told)", [event, told])


def claims(ticket, house):
    secret = house.environment["VIDEO_TOKEN_SECRET"]
    return jwt.decode(ticket, secret, algorithms=["HS256"], audience="jitsi", issuer="sashitalk")


def frames(page):
    return page.evaluate("jitsi.made.length")


# ---- Going in --------------------------------------------------------------------------------


def test_nothing_of_the_video_server_loads_before_the_press(meeting, guest, video_server):
    asked = []
    guest.on("request", lambda request: asked.append(request.url))

    meeting()
    guest.reload()  # it was not in yet
    guest.wait_for_timeout(SETTLED_MS)

    expect(guest.locator("#again")).to_have_text("カメラとマイクを使って入室する")
    expect(guest.locator("iframe")).to_have_count(0)
    assert not [url for url in asked if url.startswith(video_server) or "/ticket" in url]

    go_in(guest)
    assert f"{video_server}/external_api.js" in asked


def test_each_goes_in_with_a_ticket_for_this_room_this_person_and_some_minutes(
    meeting, guest, cast, house, video_server
):
    meeting()
    for page in (guest, cast):
        go_in(page)

    [of_guest], [of_cast] = given(guest), given(cast)
    assert of_guest["domain"] == video_server.removeprefix("http://")
    assert (of_guest["parentNode"], of_guest["lang"]) == ("frame", "ja")
    assert of_guest["roomName"] == of_cast["roomName"]
    assert "userInfo" not in of_guest
    people = []
    for options in (of_guest, of_cast):
        ticket = claims(options["jwt"], house)
        assert (ticket["room"], ticket["sub"]) == (options["roomName"], "meet.jitsi")
        assert 0 < ticket["exp"] - time.time() <= 600
        people.append(ticket["context"]["user"])
    assert people[1]["name"] == CAST
    assert people[0]["id"] != people[1]["id"]


def test_the_frame_is_cut_down_to_mute_camera_and_switch(room):
    [options] = given(room)
    config = options["configOverwrite"]

    assert config["toolbarButtons"] == ["microphone", "camera", "toggle-camera"]
    assert config["prejoinConfig"] == {"enabled": False}
    assert config["p2p"] == {"enabled": False}
    for name in ("disableDeepLinking", "disableInviteFunctions", "readOnlyName", "disablePolls"):
        assert config[name] is True
    assert config["startWithVideoMuted"] is False


def test_the_frame_may_use_camera_and_microphone(room):
    frame = room.frame_locator("#frame iframe")

    expect(frame.locator("#state")).to_have_text("in, with picture and voice")


def test_the_foot_covers_nothing_of_the_frame(room):
    for width, height in ((390, 844), (844, 390), (1280, 800)):
        room.set_viewport_size({"width": width, "height": height})
        frame = room.locator("#frame iframe").bounding_box()
        foot = room.locator("main footer").bounding_box()
        assert frame["y"] == 0 and frame["width"] == width
        assert frame["height"] == pytest.approx(foot["y"], abs=1)
        assert frame["height"] > height * 0.7
        assert foot["y"] + foot["height"] == pytest.approx(height, abs=1)


# ---- Refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("NotAllowedError", "カメラとマイクが許可されていません"),
        ("NotFoundError", "マイクが見つかりません"),
        ("NotReadableError", "別のアプリが使っています"),
    ],
)
def test_a_refused_camera_is_explained_and_can_be_tried_again(meeting, guest, fault, words):
    guest.add_init_script(NO_DEVICES % fault)
    meeting()

    guest.click("#again")

    expect(guest.locator("#wait-words")).to_contain_text(words)
    expect(guest.locator("#again")).to_have_text("もう一度ためす")
    expect(guest.locator("iframe")).to_have_count(0)
    guest.evaluate("() => { navigator.mediaDevices.getUserMedia = window.allowed; }")
    go_in(guest)


def test_without_a_camera_one_is_heard_and_told_so(meeting, guest):
    guest.add_init_script(NO_CAMERA)
    meeting()

    go_in(guest)

    assert given(guest)[0]["configOverwrite"]["startWithVideoMuted"] is True
    expect(guest.locator("#hint")).to_contain_text("音声だけが相手に届いています")


@pytest.mark.parametrize("event", ["cameraError", "micError"])
def test_a_refusal_inside_the_frame_is_explained_over_it(room, event):
    fire(room, event, type="gum.permission_denied", message="")

    expect(room.locator("#hint")).to_contain_text("許可されていません")
    expect(room.locator("#frame iframe")).to_have_count(1)


def test_a_video_server_that_does_not_answer_is_told_and_tried_again(meeting, guest, video_server):
    guest.route("**/external_api.js", lambda route: route.abort())
    meeting()
    guest.click("#again")
    expect(guest.locator("#wait-words")).to_contain_text("映像サーバーにつながりません")

    guest.unroute("**/external_api.js")

    wait_for_frame(guest, 1)  # by itself: the press was made


# ---- The server's state, not the frame's -----------------------------------------------------


def test_when_the_server_ends_the_talk_the_frame_goes_and_the_receipt_comes(room, cast):
    said = []
    room.on("console", lambda message: said.append(message.text))

    cast.click(".tool.end")

    room.wait_for_url("**/receipt")
    assert "frame 1 is disposed of" in said


def test_hanging_up_is_ours_and_ends_the_talk_for_both(room, cast):
    room.click(".tool.end")

    room.wait_for_url("**/receipt")
    cast.wait_for_url("**/cast-room/talks/**")


def test_the_meter_follows_signed_presence_and_nothing_that_the_frame_says(
    meeting, guest, cast, house
):
    meeting()
    for page in (guest, cast):
        go_in(page)
    fire(guest, "participantJoined", id="b", displayName=CAST)
    guest.wait_for_timeout(SETTLED_MS)
    expect(guest.locator(".room-clock")).to_contain_text("接続中")

    tell_both_in(guest, cast, house)

    for page in (guest, cast):
        expect(page.locator(".room-clock")).to_contain_text("無料")


def tell_both_in(guest, cast, house):
    """What the video server would post about these two."""
    tickets = [claims(given(page)[0]["jwt"], house) for page in (guest, cast)]
    people = [ticket["context"]["user"]["id"] for ticket in tickets]
    presence.tell(house, room=tickets[0]["room"], people=people)


def test_a_frame_that_closes_by_itself_ends_nothing_and_can_be_entered_again(room, cast):
    asked = []
    room.on("request", lambda request: asked.append(request.url))
    room.wait_for_timeout(SETTLED_MS)  # tickets of one second are alike

    fire(room, "videoConferenceLeft", roomName="")
    fire(room, "readyToClose")

    expect(room.locator("#again")).to_have_text("もう一度入る")
    expect(room.locator("iframe")).to_have_count(0)
    assert any(url.endswith("/meter") for url in asked)
    assert cast.url.endswith("/room") and room.url.endswith("/room")
    go_in(room, frames=2)
    first, second = given(room)
    assert (first["disposed"], second["disposed"]) == (True, False)
    assert second["jwt"] != first["jwt"]
    assert second["roomName"] == first["roomName"]
    assert len([url for url in asked if url.endswith("/ticket")]) == 1


def test_another_window_takes_the_talk_and_this_one_waits_for_a_press(room):
    fire(room, "readyToClose")
    fire(room, "participantKickedOut", kicked={"id": "a", "local": True}, kicker={})

    expect(room.locator("#wait-words")).to_contain_text("別の画面で続いています")
    expect(room.locator("#again")).to_have_text("ここで続ける")
    room.evaluate(SHOWN, arg=False)
    room.wait_for_timeout(SETTLED_MS)
    assert frames(room) == 1
    go_in(room, frames=2)


def test_the_other_one_kicked_is_no_departure_of_mine(room):
    fire(room, "participantKickedOut", kicked={"id": "b", "local": False}, kicker={})

    room.wait_for_timeout(SETTLED_MS)

    expect(room.locator("#frame iframe")).to_have_count(1)


def test_a_closed_room_that_opens_again_is_entered_without_a_press(room):
    fire(room, "errorOccurred", name="conference.destroyed", type="CONFERENCE", isFatal=True)
    expect(room.locator("#wait-words")).to_contain_text("トークルームが閉じました")

    wait_for_frame(room, 2)


# ---- Coming back -----------------------------------------------------------------------------


def test_after_a_network_change_the_page_comes_back_by_itself(room):
    room.context.set_offline(True)
    expect(room.locator("#hint")).to_contain_text("つなぎ直しています")
    fire(room, "errorOccurred", name="connection.droppedError", type="CONNECTION", isFatal=True)
    expect(room.locator("#wait-words")).to_contain_text("つなぎ直しています")
    room.wait_for_timeout(3000)
    assert frames(room) == 1

    room.context.set_offline(False)

    wait_for_frame(room, 2)


def test_after_a_lock_screen_the_page_comes_back_by_itself(room):
    room.evaluate(SHOWN, arg=True)
    fire(room, "suspendDetected")
    room.wait_for_timeout(3000)
    assert frames(room) == 1

    room.evaluate(SHOWN, arg=False)

    wait_for_frame(room, 2)


def test_a_page_that_is_loaded_anew_goes_in_again_by_itself(room):
    room.reload()

    wait_for_frame(room, 1)


def test_a_frame_that_only_believes_to_be_in_is_made_anew(room):
    """Back from the lock screen it says nothing, and the server does not see us."""
    room.evaluate(SHOWN, arg=True)
    room.evaluate(SHOWN, arg=False)

    room.wait_for_function("() => jitsi.made.length === 2", timeout=60_000)


def test_a_small_error_is_left_to_the_frame(room):
    fire(room, "errorOccurred", name="connection.other", type="CONNECTION", isFatal=False)

    room.wait_for_timeout(SETTLED_MS)

    expect(room.locator("#frame iframe")).to_have_count(1)
    expect(room.locator("#wait")).to_be_hidden()


# ---- Our own controls over the frame ---------------------------------------------------------


@pytest.mark.req("G45", "G46")
def test_points_are_bought_over_the_running_call(room):
    before = room.locator("#talk-meter").inner_text()
    room.click("#buy")
    room.wait_for_selector("#wallet-packs")
    middle = "document.elementFromPoint(195, 700).closest('dialog')?.id"
    assert room.evaluate(middle) == "top-up"

    buy(room, 500)
    room.click("#wallet-order [data-closes]")

    expect(room.locator("#talk-meter")).not_to_have_text(before)
    expect(room.locator("#frame iframe")).to_have_count(1)
    assert frames(room) == 1


def test_a_report_ends_the_talk_at_once_for_both(room, cast):
    room.click("a.report")
    room.check("#report-form [value=contact]")
    room.fill("#report-form [name=words]", "連絡先を聞かれました。")
    room.click("#report-form .btn")

    room.wait_for_url("**/receipt")
    expect(room.locator("#report-line")).to_contain_text("通報を受け付けました")
    cast.wait_for_url("**/cast-room/talks/**")
    expect(cast.locator("main")).to_contain_text("通報による終了")
