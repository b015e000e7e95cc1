"""A cast cuts the profile picture and the others, each in a form of its own."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import DESK
from tests.browser.steps import log_in_cast

pytestmark = pytest.mark.browser

PORTRAIT, MORE = "[action$='/profile/portrait']", "[action$='/profile/pictures']"


def wide_picture():
    file = BytesIO()
    Image.new("RGB", (900, 600), "#1e7850").save(file, "PNG")
    return {"name": "wide.png", "mimeType": "image/png", "buffer": file.getvalue()}


def crop(form):
    return [form.locator(f"[name={each}]").input_value() for each in ("left", "top", "side")]


def test_each_form_has_a_part_of_its_own(visitor, once_signed_in):
    page = visitor(DESK)
    with once_signed_in(page, "cast") as is_new:
        if is_new:
            log_in_cast(page)
    page.goto("/cast-room/profile/pictures")
    portrait, more = page.locator(f"form{PORTRAIT}"), page.locator(f"form{MORE}")

    portrait.locator("[type=file]").set_input_files(wide_picture())
    expect(portrait.locator("canvas")).to_be_visible()
    expect(more.locator("canvas")).to_be_hidden()
    portrait.locator("[type=range]").fill("200")

    assert crop(portrait) == ["500", "250", "500"]
    assert crop(more) == ["", "", ""]

    before = page.locator("img.portrait.xl").get_attribute("src")
    portrait.locator("[type=submit]").click()
    page.wait_for_url("**/profile/pictures")
    assert page.locator("img.portrait.xl").get_attribute("src") != before
