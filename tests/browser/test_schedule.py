"""A cast paints the weeks ahead: with a mouse, with keys, by touch."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import complaints
from tests.browser.conftest import DESK, PHONE
from tests.browser.steps import log_in_cast

pytestmark = pytest.mark.browser

EIGHT, HALF_PAST_TEN = 40, 45  # half hours from midnight
WEEKS = 3  # ahead, where the demo's cast has published nothing yet


@pytest.fixture
def desk(visitor, once_signed_in):
    """The demo's own cast before an empty week, on a screen of this size."""

    def sit_down(screen):
        page = visitor(screen)
        with once_signed_in(page, "cast") as is_new:
            if is_new:
                log_in_cast(page)
        page.goto("/cast-room/schedule")
        for _week in range(WEEKS):
            with page.expect_navigation():
                page.click("[rel=next]")
        return page

    return sit_down


def half(page, day, at):
    return page.locator(".week-day").nth(day).locator(".half").nth(at)


def middle(page, day, at):
    box = half(page, day, at).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def paint(page, start, end):
    page.mouse.move(*middle(page, *start))
    page.mouse.down()
    page.mouse.move(*middle(page, *end), steps=4)
    page.mouse.up()


def ticked(page):
    """Day and half hour of everything that is ticked."""
    return page.evaluate("""() => [...document.querySelectorAll(".week-day")].flatMap((day, number) =>
        [...day.querySelectorAll(".half")].flatMap((half, at) =>
            half.querySelector("input")?.checked ? [[number, at]] : []))""")


@pytest.mark.req("C30", "C32", "C34")
def test_an_evening_is_painted_published_and_a_slot_of_it_taken_back(desk):
    page = desk(DESK)
    expect(half(page, 2, EIGHT)).to_be_in_viewport()  # the evening, without scrolling to it

    paint(page, (2, EIGHT), (2, HALF_PAST_TEN))
    expect(page.locator("#chosen")).to_have_text("3時間 選択中")
    assert complaints(page) == []
    page.get_by_role("button", name="登録する").click()

    expect(page.locator("#notices")).to_contain_text("予約できる時間が3時間増えました。")
    expect(page.locator(".half.free")).to_have_count(6)

    half(page, 2, EIGHT).locator("a").click()
    sheet = page.locator("#removal")
    expect(sheet).to_contain_text("20:03–20:06")
    assert complaints(page) == []
    sheet.get_by_role("button", name="外す 20:03").click()
    expect(page.locator("#notices")).to_contain_text("空き枠を1枠外しました。")
    expect(half(page, 2, EIGHT)).to_contain_text("空き9")

    half(page, 2, EIGHT).locator("a").click()
    sheet.get_by_role("button", name="すべて外す").click()
    expect(page.locator(".half.free")).to_have_count(5)


def test_a_stroke_fills_a_rectangle_and_what_the_first_cell_becomes_all_become(desk):
    page = desk(DESK)

    paint(page, (3, 44), (5, 42))  # backwards, across days
    assert ticked(page) == [[day, at] for day in (3, 4, 5) for at in (42, 43, 44)]

    paint(page, (4, 43), (6, 43))
    assert [4, 43] not in ticked(page) and [5, 43] not in ticked(page)
    assert len(ticked(page)) == 7

    half(page, 4, 43).locator("label").click()  # a press without a stroke
    assert len(ticked(page)) == 8
    page.click("[data-unchoose]")
    assert ticked(page) == []


def test_keys_go_from_half_hour_to_half_hour_and_paint(desk):
    page = desk(DESK)
    half(page, 4, 36).locator("input").focus()

    for key in ("Space", "Shift+ArrowDown", "Shift+ArrowRight", "ArrowDown", "Space"):
        page.keyboard.press(key)
    assert ticked(page) == [[4, 36], [4, 37], [5, 37], [5, 38]]
    expect(page.locator("#chosen")).to_have_text("2時間 選択中")

    # An unticked one takes ticks away; the edge of the week ends it.
    for key in ("Space", "Shift+ArrowUp", *["ArrowRight"] * 4, "Space"):
        page.keyboard.press(key)
    assert ticked(page) == [[4, 36], [4, 37], [6, 37]]

    # The whole week is one stop of the tab key.
    page.keyboard.press("Tab")
    expect(page.locator("[data-unchoose]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(half(page, 6, 37).locator("input")).to_be_focused()


def test_on_a_phone_a_tap_ticks_and_nothing_scrolls_sideways(desk, chromium):
    page = desk(PHONE)
    half(page, 1, EIGHT).locator("label").click()
    half(page, 1, EIGHT + 1).locator("label").click()

    expect(page.locator("#chosen")).to_have_text("1時間 選択中")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert half(page, 1, EIGHT).bounding_box()["height"] >= 40
    assert complaints(page) == []
