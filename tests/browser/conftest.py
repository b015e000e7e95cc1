"""The whole product in processes of its own, its clock running fast, and browsers in front of it."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

import run
from tests.browser.steps import log_in_cast

SPEED = 6  # product seconds in a second; a ring of 30 s is still long enough to be answered
CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--no-sandbox",
    "--disable-background-networking",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
POLICY = "Content Security Policy"  # in the browser's words where a page breaks its own
PATIENCE_MS = 20_000  # on a slow machine
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")  # one after the other: a house is some processes
def house(app, tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    with run.product(folder, port=run.free_port(), CLOCK_SPEED=str(SPEED)) as running:
        yield running


@pytest.fixture(scope="module")  # one that crashes, or stays open, spoils no other module's tests
def chromium():
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(house, chromium):
    """visitor(screen): a browser of its own, with a camera; a fault in a page fails the test."""
    contexts, faults = [], []

    def come(screen):
        context = chromium.new_context(
            base_url=house.url,
            viewport=screen,
            locale="ja-JP",
            permissions=["camera", "microphone"],
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(fault))  # noqa: PLW0108 - not a builtin
        page.on("console", lambda said: faults.append(said.text) if POLICY in said.text else None)
        return page

    yield come
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="module")
def once_signed_in(house):
    """A module signs in once as each person: the house counts how often anybody tries."""
    cookies = {}

    @contextmanager
    def sign_in(page, who):
        page.context.add_cookies(cookies.get(who, []))
        yield who not in cookies
        cookies[who] = page.context.cookies()

    return sign_in


@pytest.fixture
def cast(visitor, once_signed_in):
    """The demo's own cast, at the desk, signed in and standing by."""
    page = visitor(DESK)
    with once_signed_in(page, "cast") as is_new:
        if is_new:
            log_in_cast(page)
    page.goto("/cast-room")
    if page.locator("button#stand-by.btn").count():
        page.click("#stand-by")
    elif page.locator("#stand-by-now").count():
        page.click("#stand-by-now")
    page.wait_for_selector(".stand.on")
    return page


@pytest.fixture
def flask(house):
    """flask("books", "check"): what a command of the running product says."""

    def run_command(*command):
        done = subprocess.run(
            [sys.executable, "-m", "flask", *command],
            cwd=Path(run.__file__).parent,
            env={**os.environ, **house.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run_command
