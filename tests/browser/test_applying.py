"""An applicant cuts the profile picture: by keys and by pointer; and every step can be read by all."""

from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser

BEGUN = "li:has-text('mihon-begun@') a[href*='/cast/entry/']"
STEPS = ("", "/person", "/profile", "/picture", "/documents", "/review")


@pytest.fixture
def application(visitor):
    """application(screen): the page of the demo's begun application, and its address."""

    def open_it(screen):
        page = visitor(screen)
        page.goto("/dev/mailbox")
        return page, page.locator(BEGUN).first.get_attribute("href")

    return open_it


def two_halves():
    """Red at the left, blue at the right: 800 by 600."""
    image = Image.new("RGB", (800, 600), "#c81e1e")
    ImageDraw.Draw(image).rectangle((400, 0, 800, 600), fill="#1e1ec8")
    file = BytesIO()
    image.save(file, "PNG")
    return {"name": "halves.png", "mimeType": "image/png", "buffer": file.getvalue()}


def crop(page):
    return [int(page.locator(f"[name={each}]").input_value()) for each in ("left", "top", "side")]


def kept_picture(page):
    src = page.locator("img.portrait.xl").get_attribute("src")
    return Image.open(BytesIO(page.request.get(src).body())).convert("RGB")


@pytest.mark.req("C9")
def test_the_part_that_guests_see_is_chosen_by_keys(application):
    page, url = application(DESK)
    page.goto(f"{url}/picture")
    page.set_input_files("[name=photos]", two_halves())
    expect(page.locator("canvas")).to_be_visible()
    assert crop(page) == [166, 0, 1000]

    page.focus("canvas")
    for _ in range(10):
        page.keyboard.press("+")
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    assert crop(page) == [0, 300, 500]
    page.click("form[data-crop] [type=submit]")

    expect(page.locator("img.portrait.xl")).to_be_visible()
    red, _green, blue = kept_picture(page).getpixel((380, 380))
    assert red > 150 > blue


@pytest.mark.req("C9")
def test_it_is_chosen_by_dragging_on_a_phone(application):
    page, url = application(PHONE)
    page.goto(f"{url}/picture")
    page.set_input_files("[name=photos]", two_halves())
    page.locator("#photos-zoom").fill("200")
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    left_before = crop(page)[0]

    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 60, steps=8)
    page.mouse.up()

    assert crop(page)[0] > left_before + 200
    page.click("form[data-crop] [type=submit]")
    expect(page.locator("img.portrait.xl")).to_be_visible()
    red, _green, blue = kept_picture(page).getpixel((20, 200))
    assert blue > 150 > red


def test_what_the_browser_cannot_show_may_still_be_sent(application):
    page, url = application(DESK)
    page.goto(f"{url}/picture")

    page.set_input_files(
        "[name=photos]",
        {"name": "photo.heic", "mimeType": "image/heic", "buffer": b"nothing a browser knows"},
    )

    expect(page.locator("[data-complaint]")).to_be_visible()
    expect(page.locator("canvas")).to_be_hidden()
    assert page.locator("[name=photos]").evaluate("input => input.checkValidity()")


def test_too_many_files_are_told_of_before_they_are_sent(application):
    page, url = application(DESK)
    page.goto(f"{url}/documents")

    page.set_input_files("[name=photos]", [two_halves()] * 3)  # one is there already

    expect(page.locator("[data-complaint]")).to_have_text("あと2枚まで追加できます。")
    assert not page.locator("[name=photos]").evaluate("input => input.checkValidity()")


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_nobody_is_kept_out_of_any_step(application, screen):
    page, url = application(screen)
    page.emulate_media(reduced_motion="reduce")
    for path in (
        *[url + step for step in STEPS],
        "/cast/entry",
        "/cast/entry/nobody",
        "/cast/terms",
    ):
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
