"""The device test in a real browser, with its fake camera and microphone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESK

pytestmark = pytest.mark.browser

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
NAME_OF = """async (browser) => {
    const { nameOf } = await import("/static/js/device_name.js");
    return nameOf(browser);
}"""
VOICE_OF = """async ([loudness, quietest]) => {
    const { isVoice } = await import("/static/js/microphone.js");
    return isVoice(loudness, quietest);
}"""
MEET_NOBODY = """() => {
    RTCPeerConnection.prototype.createAnswer = () => new Promise(() => {});
}"""
CONNECTS = """async () => {
    const { connects } = await import("/static/js/connection.js");
    return connects(200).then(() => "connected", (fault) => fault.message);
}"""


@pytest.fixture
def not_let(house, chromium, cast):
    """The cast's page in a browser that lets nobody use its camera."""
    arguments = [each for each in ARGUMENTS if "fake-ui" not in each]  # that one lets everybody
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    signed_in = cast.context.storage_state()
    yield browser.new_page(base_url=house.url, locale="ja-JP", storage_state=signed_in)
    browser.close()


def state_of(page, step):
    return page.locator(f"#step-{step} .state")


@pytest.mark.req("C41", "C43", "G50", "G54")
def test_a_cast_walks_through_the_five_steps_and_saves_a_passed_test(cast):
    cast.goto("/device-test?back=/cast-room")
    expect(cast.locator("main")).to_contain_text("少し時間がかかることがあります")
    save = cast.locator("#device-test-outcome form button")
    expect(save).to_be_hidden()

    # Camera, microphone and connection are found out by the page ...
    cast.click("#test-start")
    for step in ("camera", "microphone", "connection"):
        expect(state_of(cast, step)).to_have_text("確認済み")
    assert cast.evaluate("document.getElementById('test-picture').videoWidth") > 0
    expect(cast.locator("#step-connection .told")).to_contain_text("ミリ秒")
    expect(cast.locator(".rest")).to_be_visible()

    # ... what is heard, by the person.
    cast.click("#speaker-play")
    cast.click("[data-step=speaker][data-heard=no]")
    expect(cast.locator("#step-speaker .told")).to_contain_text("音量を上げ")
    cast.click("[data-step=speaker][data-heard=yes]")
    cast.click("#echo-record")
    expect(cast.locator("#step-echo .told")).to_contain_text("録音を再生しています")
    assert cast.evaluate("document.getElementById('echo-player').src").startswith("blob:")
    cast.click("[data-step=echo][data-heard=yes]")

    expect(cast.locator(".rest")).to_be_hidden()
    save.click()
    result = cast.locator("#device-test-result")
    expect(result).to_contain_text("合格しました。")
    expect(result).to_contain_text(" / Linux")
    expect(result.locator(".state.live")).to_have_count(5)
    expect(save).to_be_hidden()  # until a step is taken again
    result.locator("a.btn").click()
    cast.wait_for_url("**/cast-room")


def test_a_partial_result_is_saved_and_the_steps_stay_as_they_are(cast):
    cast.goto("/device-test")
    cast.click("#test-start")
    for step in ("camera", "microphone", "connection"):  # after them nothing fills the form again
        expect(state_of(cast, step)).to_have_text("確認済み")

    cast.click("#device-test-outcome form button")

    expect(cast.locator("#device-test-result")).to_contain_text("まだ合格していません。")
    expect(state_of(cast, "camera")).to_have_text("確認済み")
    expect(cast.locator("#device-test-outcome [name=camera]")).to_have_value("y")


@pytest.mark.req("C41")
def test_without_the_browsers_permission_the_page_says_what_to_do(not_let):
    not_let.goto("/device-test")

    not_let.click("#test-start")

    for step in ("camera", "microphone"):
        expect(state_of(not_let, step)).to_have_text("未確認")
    expect(not_let.locator("#step-camera .told")).to_contain_text("許可")
    expect(not_let.locator("#step-microphone .told")).to_contain_text("上の案内のとおりに")
    not_let.click("#echo-record")
    expect(not_let.locator("#step-echo .told")).to_contain_text("先にカメラとマイクを")
    expect(state_of(not_let, "connection")).to_have_text("確認済み")  # needs no camera
    not_let.click("#device-test-outcome form button")
    expect(not_let.locator("#device-test-result")).to_contain_text("まだ合格していません。")


def test_a_call_that_does_not_come_about_is_not_waited_for_for_ever(visitor):
    page = visitor(DESK)
    page.goto("/")

    assert page.evaluate(CONNECTS.replace("200", "10_000")) == "connected"
    page.evaluate(MEET_NOBODY)
    assert page.evaluate(CONNECTS) == "too late"


def test_a_voice_stands_out_from_silence_and_a_hum_does_not(visitor):
    page = visitor(DESK)
    page.goto("/")

    heard = [(0.3, 0.01), (0.09, 0), (0.05, 0), (0.5, 0.3)]
    assert [page.evaluate(VOICE_OF, each) for each in heard] == [True, True, False, False]


@pytest.mark.req("G51", "G52")
@pytest.mark.parametrize(
    ("browser", "name"),
    [
        (
            {
                "userAgent": f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT}"
                " Chrome/131.0.0.0 Safari/537.36",
                "userAgentData": {"platform": "Windows"},
            },
            "Chrome 131 / Windows",
        ),
        (
            {
                "userAgent": f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT}"
                " Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"
            },
            "Edge 131 / Windows",
        ),
        (
            {
                "userAgent": f"{MOZILLA} (iPhone; CPU iPhone OS 14_8 like Mac OS X)"
                " AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.1.2 Mobile/15E148"
                " Safari/604.1",
                "maxTouchPoints": 5,
            },
            "Safari 14 / iOS 14",
        ),
        (
            {
                "userAgent": f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7)"
                " AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15",
                "maxTouchPoints": 0,
            },
            "Safari 17 / macOS",
        ),
        (
            {
                "userAgent": f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7)"
                " AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15",
                "maxTouchPoints": 5,
            },
            "Safari 17 / iPadOS",
        ),
        (
            {
                "userAgent": f"{MOZILLA} (Linux; Android 11; Pixel 5) {WEBKIT}"
                " Chrome/131.0.0.0 Mobile Safari/537.36"
            },
            "Chrome 131 / Android 11",
        ),
        ({"userAgent": "something else"}, "?"),
    ],
)
def test_a_device_has_a_name_that_people_can_read(visitor, browser, name):
    page = visitor(DESK)
    page.goto("/")

    assert page.evaluate(NAME_OF, browser) == name
