"""A reserved talk in two real browsers, on a fast clock: from the countdown to the settlement."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

import run
from app import demo
from tests.browser.conftest import PHONE
from tests.browser.steps import log_in, see_the_other_move

pytestmark = pytest.mark.browser

SPEED = 12
PATIENCE_MS = 90_000  # some minutes of the product's clock
# Booked an hour ago, for four slots that begin on the next third minute but one.
BOOK = """
import math
from datetime import UTC, datetime, timedelta
from flask import current_app
from app import clock, demo, policy
from app.bookings import reserving, schedule
from app.clock import Span
from app.casts.models import Cast
from app.db import session
from app.jobs import transaction
from app.people.models import Account, Role
from wsgi import app

with app.app_context(), transaction():
    now = clock.now()
    start = datetime.fromtimestamp(math.ceil(now.timestamp() / 180 + 0.7) * 180, UTC)
    people = {
        role: session.query(Account).filter_by(email=demo.LOGINS[role], role=role).one()
        for role in (Role.GUEST, Role.CAST)
    }
    cast = session.get_one(Cast, people[Role.CAST].id)
    hour_ago = start - timedelta(hours=1)
    schedule.publish(cast.account_id, [Span(start, start + 6 * policy.SLOT)], now=hour_ago)
    booking_id = reserving.reserve(
        people[Role.GUEST].id, cast.account_id, starts_at=start, slots=4,
        price_points=cast.slot_points, form_key="walk", shown={}, now=hour_ago)
    print(reserving.get(booking_id).public_id)
"""


@pytest.fixture(scope="module")
def house(app, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reserved")
    with run.product(folder, port=run.free_port(), CLOCK_SPEED=str(SPEED)) as running:
        yield running


@pytest.fixture(scope="module")
def booking(house):
    done = subprocess.run(
        [sys.executable, "-c", BOOK],
        cwd=Path(run.__file__).parent,
        env={**os.environ, **house.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.req("C44", "C46", "G33", "G34", "C47", "C48", "C49", "D17")
def test_two_people_meet_at_the_reserved_time_and_are_settled_by_evidence(
    visitor, cast, booking, flask
):
    guest = visitor(PHONE)
    log_in(guest, demo.LOGINS["guest"], demo.PASSWORD)
    guest.goto(f"/bookings/{booking}")
    cast.goto(f"/cast-room/bookings/{booking}")

    # The page waits for the start and then leads into the room; the cast is not late.
    for page in (cast, guest):
        expect(page.locator("#go-in")).to_be_visible(timeout=PATIENCE_MS)
        page.click("#go-in")
        page.wait_for_url("**/room")
    for page in (guest, cast):
        expect(page.locator("#wait")).to_be_hidden(timeout=PATIENCE_MS)
        expect(page.locator(".room-clock")).to_contain_text("残り", timeout=PATIENCE_MS)
        see_the_other_move(page)

    # Going out is no ending: the same room takes the guest back.
    room = guest.url
    guest.click(".tool.end")
    guest.wait_for_url(f"**/bookings/{booking}")
    guest.click("#go-in")
    guest.wait_for_url(room)
    expect(guest.locator("#wait")).to_be_hidden(timeout=PATIENCE_MS)

    # One tap each makes three minutes more.
    before = guest.locator(".one-more b").inner_text()
    cast.click(".one-more button")
    expect(guest.locator(".one-more")).to_contain_text("3分の延長を希望しています")
    guest.click(".one-more button")
    expect(guest.locator(".one-more b")).not_to_have_text(before)

    # The server ends it at the fixed moment, whoever is still there.
    guest.wait_for_url(f"**/bookings/{booking}", timeout=PATIENCE_MS)
    cast.wait_for_url(f"**/cast-room/bookings/{booking}", timeout=PATIENCE_MS)
    expect(cast.locator("[name=kind][value=done]")).to_be_checked()
    cast.fill("[name=impression]", "楽しく話せました。")
    cast.check("[name=stars][value='5']", force=True)
    cast.click("#cast-room-report .btn")
    expect(cast.locator("#cast-room-report")).to_contain_text("楽しく話せました。")

    # Ten minutes later both read what came of it. On this clock a hiccup of the machine is a gap of
    # many seconds, so it may be a part; the books compare it with the evidence either way.
    took_place = {guest: r"ご予約どおり|いなかった", cast: r"予定どおり|不在だった"}
    for page, words in took_place.items():
        status = page.locator("#booking-status")
        expect(status).to_contain_text(re.compile(words), timeout=PATIENCE_MS)
    flask("books", "check")
