"""The pages around it in a real browser: nothing for axe to complain of, questions found as typed."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/guide",
    "/faq",
    "/call-system",
    "/environment",
    "/casting",
    "/casting/guide",
    "/casting/faq",
    "/jobs",
    "/commerce",
    "/prepaid",
    "/external",
    "/nowhere",
)


def complaints(page):
    found = Axe().run(page)
    return [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_these_pages(visitor, scheme):
    page = visitor(PHONE if scheme == "light" else DESK)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for path in PAGES:
        page.goto(path)
        assert complaints(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"


def test_the_bar_covers_nothing_of_the_foot(visitor):
    page = visitor(PHONE)
    page.goto("/jobs")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")

    last = page.locator(".foot a").last.bounding_box()
    assert last["y"] + last["height"] <= page.locator(".bar").bounding_box()["y"]


@pytest.mark.req("G55")
def test_questions_are_found_as_one_types_and_an_address_opens_an_answer(visitor):
    page = visitor(PHONE)
    page.goto("/faq#refund")
    expect(page.locator("#refund")).to_be_visible()

    page.fill("[name=q]", "ポイント 期限")

    expect(page.locator("#first")).to_be_hidden()
    expect(page.get_by_text("ポイントに有効期限はありますか?")).to_be_visible()
    page.fill("[name=q]", "すいか")
    expect(page.locator("[data-nothing]")).to_be_visible()
    page.fill("[name=q]", "")
    expect(page.locator("#first")).to_be_visible()


@pytest.mark.req("G50", "D37")
def test_this_device_is_looked_at_without_its_camera(visitor):
    page = visitor(PHONE)
    page.goto("/environment")

    for name in ("secure", "capture", "call", "socket", "camera", "microphone"):
        expect(page.locator(f"[data-check={name}] .state")).to_have_text("使えます")
    expect(page.locator("[data-device]")).to_contain_text("Chrome")
