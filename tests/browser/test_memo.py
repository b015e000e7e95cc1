"""The memo of a cast saves itself as it is typed, in one window or two, also when the page goes away."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.steps import log_in_cast

pytestmark = pytest.mark.browser

SAVED = "保存しました"


@pytest.fixture
def desk(visitor, once_signed_in):
    """The demo's own cast before the dashboard, on a screen of this size."""

    def sit_down(screen):
        page = visitor(screen)
        with once_signed_in(page, "cast") as is_new:
            if is_new:
                log_in_cast(page)
        page.goto("/cast-room")
        return page

    return sit_down


def field(page):
    return page.locator("#memo-words")


def version(page):
    return int(page.locator("#cast-room-saved input").get_attribute("value"))


def type_and_wait(page, words):
    before = version(page)
    with page.expect_response("**/cast-room/memo") as answer:
        field(page).press_sequentially(words)
    assert answer.value.status == 200
    expect(page.locator("#cast-room-saved")).to_contain_text(SAVED)
    assert version(page) > before


@pytest.mark.req("C51")
def test_what_is_typed_is_saved_and_stays_under_the_fingers(desk):
    page = desk(DESK)

    type_and_wait(page, "A first thought. ")
    type_and_wait(page, "And another. ")

    expect(field(page)).to_be_focused()
    page.reload()
    assert "A first thought. And another." in field(page).input_value()


@pytest.mark.req("C51")
def test_of_two_windows_the_later_one_is_shown_both_texts(desk):
    left = desk(DESK)
    right = left.context.new_page()
    right.goto("/cast-room")
    type_and_wait(left, "left ")

    field(right).press_sequentially("right ")

    expect(right.locator("#memo-theirs")).to_have_value(field(left).input_value().strip())
    assert "right" in field(right).input_value()
    field(right).fill("left and right")
    right.get_by_role("button", name="この内容で保存する").click()
    expect(right.locator("#memo-theirs")).to_have_count(0)
    expect(right.locator("#cast-room-saved")).to_contain_text(SAVED)
    left.reload()
    expect(field(left)).to_have_value("left and right")


@pytest.mark.req("C51")
def test_what_was_typed_last_is_saved_though_the_page_goes_away_at_once(desk):
    page = desk(DESK)
    field(page).fill("gone in a moment")

    page.goto("/cast-room/notes")

    def kept():
        page.goto("/cast-room")
        return field(page).input_value()

    assert "gone in a moment" in (kept(), kept(), kept())


@pytest.mark.parametrize("screen", [PHONE, DESK])
def test_axe_finds_nothing_wrong_with_the_desk(desk, screen):
    page = desk(screen)

    for path in ("/cast-room", "/cast-room/notes", "/notices"):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
