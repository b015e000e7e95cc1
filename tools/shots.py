"""Pictures of the product with its demo data: every page, phone and desk, ja and en, light and dark.

They go to var/shots. A page that answers with an error, or complains in the console, fails the run.
"""

import itertools
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from app.demo import LOGINS, PASSWORD
from app.demo.people import CASTS
from app.people.models import Role
from run import DOORS, HERE, free_port, product
from tools.shot_pages import PAGES, Shot

SHOTS = HERE / "var" / "shots"
WIDTHS = {390: 844, 1280: 900}
LOCALES = ("ja", "en")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SHOW_ALL_PICTURES = """() => Promise.all([...document.images].map((image) => {
    image.loading = "eager";
    return image.decode().catch(() => null);
}))"""
DEVICES = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
SETTLING_MS = 3000  # until a room shows the other's picture, or a sheet what it fetched


def main(wanted: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    pages = [shot for shot in PAGES if re.search(wanted, shot.name)]
    with house() as url, sync_playwright() as player:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = player.chromium.launch(executable_path=program, args=DEVICES)
        signed_in = {role: sign_in(browser, url, role) for role in LOGINS}
        wrong = [
            words
            for view in itertools.product(WIDTHS, LOCALES, SCHEMES)
            for words in _take(browser, url, pages, signed_in, view)
        ]
    print(f"{len(list(SHOTS.glob('*.png')))} pictures in {SHOTS}")
    if wrong:
        sys.exit("\n".join(sorted(set(wrong))))


@contextmanager
def house() -> Iterator[str]:
    """A fresh product with data of its own."""
    (HERE / "var").mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="shots-", dir=HERE / "var") as folder,
        product(Path(folder), port=free_port()) as house,
    ):
        yield house.url


def sign_in(browser: Browser, url: str, role: Role) -> StorageState:
    page = browser.new_page()
    page.goto(url + DOORS[role])
    page.fill("[name=email]", LOGINS[role])
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")
    state = page.context.storage_state()
    page.close()
    return state


def _take(
    browser: Browser,
    url: str,
    pages: list[Shot],
    signed_in: dict[Role, StorageState],
    view: tuple[int, str, Literal["light", "dark"]],
) -> Iterator[str]:
    """Take all pictures of one kind; gives what went wrong."""
    width, locale, scheme = view
    for role in {shot.role for shot in pages}:
        context = browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]},
            color_scheme=scheme,
            storage_state=signed_in[role] if role else None,
            locale=locale,
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "locale", "value": locale, "url": url}])
        for shot in pages:
            if shot.role is role:
                with _talk(browser, url, signed_in) if shot.meet else nullcontext(url) as base:
                    yield from _picture(context, base, shot, f"{width}-{locale}-{scheme}")
        context.close()


@contextmanager
def _talk(browser: Browser, url: str, signed_in: dict[Role, StorageState]) -> Iterator[str]:
    """Let the demo's guest and cast meet, each in a page of their own; gives their talk's URL."""
    with ExitStack() as closing:
        guest, cast = (
            closing.enter_context(browser.new_context(storage_state=signed_in[role])).new_page()
            for role in (Role.GUEST, Role.CAST)
        )
        cast.goto(f"{url}/cast-room")
        cast.locator("button#stand-by.btn, #stand-by-now, .stand.on").first.click()
        cast.wait_for_selector(".stand.on")
        guest.goto(f"{url}/casts")
        guest.click(f".cast :text-is('{CASTS[0].name}')")
        guest.click("a[href$='/entry']")
        guest.click("#talk-entry form .btn")
        cast.click("#bell-answer")
        cast.wait_for_url("**/room")
        guest.close()
        yield cast.url.removesuffix("/room")
        cast.click(".tool.end")
        cast.wait_for_url("**/cast-room/talks/**")


def _picture(context: BrowserContext, url: str, shot: Shot, kind: str) -> Iterator[str]:
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    status = go(page, url, shot)
    if shot.press:
        page.click(shot.press)
        page.wait_for_load_state()
    if shot.meet or shot.press:
        page.wait_for_timeout(SETTLING_MS)
    page.evaluate(SHOW_ALL_PICTURES)
    page.screenshot(path=SHOTS / f"{shot.name}-{kind}.png", full_page=True)
    page.close()
    if status != shot.answers:
        yield f"{shot.name}: answered {status}"
    elif status == 200:
        yield from (f"{shot.name}: {words}" for words in said)


def go(page: Page, url: str, shot: Shot) -> int | str:
    """Open the page of a shot; its status, or what was missing on the way."""
    answer = page.goto(url + shot.path)
    for step in shot.follow:
        target = page.url + step
        if not step.startswith("/"):
            link = page.locator(step).first
            if not link.count():
                return f"no {step} on {page.url}"
            target = urljoin(page.url, link.get_attribute("href"))
        answer = page.goto(target)
    return answer.status if answer else "nothing"


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
