"""The main job, seen in two real browsers: meet, talk, run out of points, buy more, read a receipt."""

import re

import pytest
from playwright.sync_api import expect

from app import demo
from tests.browser.conftest import PHONE
from tests.browser.steps import buy, log_in, register, see_the_other_move, to_entry

pytestmark = pytest.mark.browser

A_TALK_MS = 120_000  # six minutes of the fast clock, and a slow machine


def enter(guest, cast):
    """Ring, be answered, and meet in the room."""
    guest.click("#talk-entry form .btn")
    cast.click("#bell-answer")
    for page in (guest, cast):
        page.wait_for_url("**/room")
        see_the_other_move(page)


def wait_for_the_end(guest, cast):
    guest.wait_for_url("**/receipt", timeout=A_TALK_MS)
    cast.wait_for_url("**/cast-room/talks/**")


def facts(page):
    """The figures of a receipt, once the last presence is in."""
    expect(page.locator("#talk-facts[hx-trigger], #cast-room-facts[hx-trigger]")).to_have_count(
        0, timeout=A_TALK_MS
    )
    return re.sub(r"\s+", " ", page.inner_text("main"))


@pytest.mark.req("G3", "G4", "G5", "G11", "G14", "G17", "G45", "G46")
def test_two_people_meet_talk_run_out_and_go_on_with_more_points(visitor, cast, flask):
    guest = visitor(PHONE)
    register(guest, "yuki")

    # Without points there is no entry; the pack that is offered mends that, and leads back.
    to_entry(guest)
    expect(guest.locator("#talk-hindrance-too_few_points")).to_be_visible()
    guest.click("#talk-hindrance-too_few_points a.btn")
    buy(guest, 500)
    guest.click("#wallet-order a.btn")

    # Camera and microphone are tried, then the talk runs until the points are used up.
    guest.click("#trial-start")
    expect(guest.locator("#trial-words")).to_have_text("映像と音声を確認できました。")
    enter(guest, cast)
    expect(guest.locator(".room-clock")).to_contain_text("無料")
    expect(guest.locator(".room-clock")).to_contain_text("課金中", timeout=A_TALK_MS)
    expect(guest.locator(".room-said.pressing")).to_be_visible(timeout=A_TALK_MS)
    wait_for_the_end(guest, cast)
    assert "合計 500 pt" in facts(guest)
    assert "250円" in facts(cast)

    # Coming back goes on with the same clock; a top-up over the running call saves the talk.
    cast.goto("/cast-room")
    cast.click("#stand-by-now")
    guest.goto("/points/packs")
    buy(guest, 500)
    to_entry(guest)
    enter(guest, cast)
    expect(guest.locator(".room-said.pressing")).to_be_visible(timeout=A_TALK_MS)
    guest.click("#buy")
    buy(guest, 500)
    guest.click("#wallet-order [data-closes]")
    expect(guest.locator(".room-said.pressing")).to_be_hidden()
    see_the_other_move(guest)
    # The sixth minute would have been the end.
    expect(cast.locator("#talk-meter")).to_contain_text("6分", timeout=A_TALK_MS)
    guest.click(".tool.end")
    wait_for_the_end(guest, cast)
    assert "合計 600 pt" in facts(guest)
    assert "300円" in facts(cast)

    flask("books", "check")
    flask("talk", "replay")


def test_a_lost_connection_stops_the_clock_which_goes_on_by_itself(visitor, cast):
    guest = visitor(PHONE)
    log_in(guest, demo.LOGINS["guest"], demo.PASSWORD)
    to_entry(guest)
    enter(guest, cast)
    for page in (guest, cast):
        expect(page.locator(".room-clock")).to_contain_text("無料", timeout=A_TALK_MS)

    guest.context.set_offline(True)
    expect(guest.locator("#wait-words")).to_contain_text("つなぎ直しています")
    expect(cast.locator(".room-clock")).to_contain_text("一時停止")
    expect(cast.locator("#talk-meter")).to_contain_text("この間は課金されません")

    guest.context.set_offline(False)
    for page in (guest, cast):
        expect(page.locator(".room-clock")).to_contain_text(re.compile("無料|課金中"))
        expect(page.locator("#wait")).to_be_hidden()
    see_the_other_move(cast)

    cast.close()
    guest.wait_for_url("**/receipt", timeout=A_TALK_MS)
    assert "ひよりさん" in facts(guest)
