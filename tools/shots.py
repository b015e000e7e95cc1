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
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from app.demo import LOGINS, PASSWORD
from app.demo.people import CASTS
from app.people.models import Role
from run import DOORS, HERE, free_port, product

SHOTS = HERE / "var" / "shots"
WIDTHS = {390: 844, 1280: 900}
LOCALES = ("ja", "en")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Shot:
    """One page: who looks, where they begin, and the links (or /ends of the URL) they follow.

    Where they meet, the demo's guest and cast are in a talk meanwhile, whose path stands before.
    """

    name: str
    role: Role | None
    path: str
    follow: tuple[str, ...] = ()
    meet: bool = False
    press: str = ""  # at last
    answers: int = 200


WAITING_CAST = "main td a[href*='/admin/applications/']"  # the first of the screening
SETTLED = "a.row:has(.right:not(.small))"  # a reservation that is over

BEGUN = "li:has-text('mihon-begun@') a[href*='/cast/entry/']"  # in the mailbox
APPLIED = "li:has-text('misaki@') a[href*='/cast/entry/']"
MORE = "li:has-text('haru@') a[href*='/cast/entry/']"

# The one list to extend.
PAGES = (
    Shot("home", None, "/"),
    Shot("register", None, "/register"),
    Shot("login", None, "/login"),
    Shot("casts", None, "/casts"),
    Shot("cast", None, "/casts", follow=(".cast h2 a",)),
    Shot("terms", None, "/terms"),
    Shot("terms-coming", None, "/terms", follow=(".notice a",)),
    Shot("contact", None, "/contact?subject=becoming_cast"),
    Shot("guest-contact", Role.GUEST, "/contact"),
    Shot("guest-inquiry", Role.GUEST, "/contact", follow=("a.row[href^='/contact/']",)),
    Shot("guest-blocks", Role.GUEST, "/blocks"),
    Shot(
        "guest-block",
        Role.GUEST,
        "/bookings",
        follow=("main .rows a.row", "#block-line a[href^='/blocks/']"),
    ),
    Shot("guest-person-report", Role.GUEST, "/casts", follow=(".cast h2 a", "a[href^='/people/']")),
    Shot(
        "cast-block",
        Role.CAST,
        "/cast-room/bookings",
        follow=("main .rows a.row", "#block-line a[href^='/blocks/']"),
    ),
    Shot("operator-inquiries", Role.OPERATOR, "/admin/inquiries"),
    Shot("operator-inquiry", Role.OPERATOR, "/admin/inquiries", follow=("td a.mono",)),
    Shot("operator-moderation", Role.OPERATOR, "/admin/moderation"),
    Shot("operator-moderated", Role.OPERATOR, "/admin/moderation", follow=("tbody td a",)),
    Shot(
        "operator-person",
        Role.OPERATOR,
        "/admin/moderation",
        follow=("tbody td a[href^='/admin/people/']",),
    ),
    Shot(
        "operator-suspension",
        Role.OPERATOR,
        "/admin/moderation",
        follow=("tbody td a[href^='/admin/people/']", "/suspension"),
    ),
    Shot(
        "operator-parting",
        Role.OPERATOR,
        "/admin/casts",
        follow=("main td a", "#admin-conduct-line a", "/leaving"),
    ),
    Shot("missing", None, "/casts/nobody", answers=404),
    Shot("guest-missing", Role.GUEST, "/casts/nobody", answers=404),
    Shot("cast-missing", Role.CAST, "/casts/nobody", answers=404),
    Shot("site-guide", None, "/guide"),
    Shot("site-faq", None, "/faq"),
    Shot("site-faq-found", None, "/faq?q=キャンセル"),
    Shot("site-faq-nothing", None, "/faq?q=すいか"),
    Shot("site-call-system", None, "/call-system"),
    Shot("site-environment", None, "/environment"),
    Shot("site-casting", None, "/casting"),
    Shot("site-cast-guide", None, "/casting/guide"),
    Shot("site-cast-guide-read-by-cast", Role.CAST, "/casting/guide"),
    Shot("site-cast-faq", None, "/casting/faq"),
    Shot("site-jobs", None, "/jobs"),
    Shot("site-commerce", None, "/commerce"),
    Shot("site-prepaid", None, "/prepaid"),
    Shot("site-external", None, "/external"),
    Shot("operator-texts", Role.OPERATOR, "/admin/texts"),
    Shot("operator-text", Role.OPERATOR, "/admin/texts/commerce"),
    Shot("operator-text-terms", Role.OPERATOR, "/admin/texts/privacy"),
    Shot("operator-text-version", Role.OPERATOR, "/admin/texts/terms/1"),
    Shot("guest-casts", Role.GUEST, "/casts"),
    Shot("guest-entry", Role.GUEST, "/casts", follow=(".cast h2 a", "/entry")),
    Shot("guest-cast", Role.GUEST, "/casts", follow=(".cast h2 a",)),
    Shot("guest-choose", Role.GUEST, "/casts", follow=(".cast h2 a", ".offer-hour a")),
    Shot(
        "guest-booking",
        Role.GUEST,
        "/casts",
        follow=(".cast h2 a", ".offer-hour a"),
        press="main form .btn",
    ),
    Shot("guest-bookings", Role.GUEST, "/bookings"),
    Shot("guest-booked", Role.GUEST, "/bookings", follow=("main .rows a.row",)),
    Shot("cast-bookings", Role.CAST, "/cast-room/bookings"),
    Shot("cast-booked", Role.CAST, "/cast-room/bookings", follow=("main .rows a.row",)),
    Shot(
        "guest-cancellation", Role.GUEST, "/bookings", follow=("main .rows a.row", "/cancellation")
    ),
    Shot("guest-messages", Role.GUEST, "/bookings", follow=("main .rows a.row", "/messages")),
    Shot("guest-points", Role.GUEST, "/points"),
    Shot("guest-packs", Role.GUEST, "/points/packs"),
    Shot("guest-confirmation", Role.GUEST, "/points/confirmation?pack=3000"),
    Shot("guest-talks", Role.GUEST, "/talks"),
    Shot("guest-receipt", Role.GUEST, "/talks", follow=("main a.row",)),
    Shot("guest-room", Role.GUEST, "/room", meet=True),
    Shot("guest-room-report", Role.GUEST, "/room", meet=True, press=".report"),
    Shot("guest-report", Role.GUEST, "/report", meet=True),
    Shot("guest-objection", Role.GUEST, "/bookings", follow=(f"{SETTLED} >> nth=-1", "/objection")),
    Shot("guest-decided", Role.GUEST, "/bookings", follow=(SETTLED, "/objection")),
    Shot(
        "cast-objection",
        Role.CAST,
        "/cast-room/bookings",
        follow=(f"{SETTLED} >> nth=-1", "#objection-line a"),
    ),
    Shot("guest-me", Role.GUEST, "/me"),
    Shot("guest-favourites", Role.GUEST, "/favourites"),
    Shot("guest-mails", Role.GUEST, "/settings/mails"),
    Shot("guest-data", Role.GUEST, "/settings/data"),
    Shot("guest-leave", Role.GUEST, "/settings/leave"),
    Shot("cast-mails", Role.CAST, "/settings/mails"),
    Shot("guest-left", None, "/left"),
    Shot("cast-contact", Role.CAST, "/contact"),
    Shot("cast-blocks", Role.CAST, "/blocks"),
    Shot("cast-settings-email", Role.CAST, "/settings/email"),
    Shot("cast-settings-password", Role.CAST, "/settings/password"),
    Shot("registered", None, "/register/sent"),
    Shot("confirm-over", None, "/confirm/over", answers=410),
    Shot("recovery-ask", None, "/password/forgotten"),
    Shot("recovery-asked", None, "/password/asked?role=cast"),
    Shot("recovery-choose", None, "/dev/mailbox", follow=("a[href*='/password/']",)),
    Shot("recovery-over", None, "/password/over", answers=410),
    Shot("address-confirm", None, "/dev/mailbox", follow=("a[href*='/email/confirmation/']",)),
    Shot("address-return", None, "/dev/mailbox", follow=("a[href*='/email/return/']",)),
    Shot("address-over", None, "/email/return/over", answers=410),
    Shot("guest-settings", Role.GUEST, "/settings"),
    Shot("guest-settings-email", Role.GUEST, "/settings/email"),
    Shot("guest-settings-password", Role.GUEST, "/settings/password"),
    Shot("guest-settings-devices", Role.GUEST, "/settings/devices"),
    Shot("cast-settings", Role.CAST, "/settings"),
    Shot("cast-settings-devices", Role.CAST, "/settings/devices"),
    Shot("operator-settings", Role.OPERATOR, "/settings"),
    Shot("operator-two-steps", Role.OPERATOR, "/settings/second-factor", press="main .btn"),
    Shot("guest-device-test", Role.GUEST, "/device-test"),
    Shot("cast-login", None, "/cast/login"),
    Shot("cast-room", Role.CAST, "/cast-room"),
    Shot("cast-schedule", Role.CAST, "/cast-room/schedule", follow=("[rel=next]",)),
    Shot("cast-removal", Role.CAST, "/cast-room/schedule", follow=("[rel=next]", ".half.free a")),
    Shot("cast-talks", Role.CAST, "/cast-room/talks"),
    Shot("cast-talk", Role.CAST, "/cast-room/talks", follow=("main a[href*='/cast-room/talks/']",)),
    Shot("cast-room-note", Role.CAST, "/room", meet=True, press="[data-opens=note]"),
    Shot("cast-notes", Role.CAST, "/cast-room/notes"),
    Shot("cast-note", Role.CAST, "/cast-room/notes", follow=("main li.row a",)),
    Shot("cast-notices", Role.CAST, "/notices"),
    Shot("cast-invitation", Role.CAST, "/cast-room", follow=("a[href*='/invitations/']",)),
    Shot("guest-notices", Role.GUEST, "/notices"),
    Shot("cast-profile", Role.CAST, "/cast-room/profile"),
    Shot("cast-profile-preview", Role.CAST, "/cast-room/profile/preview"),
    Shot("cast-pictures", Role.CAST, "/cast-room/profile/pictures"),
    Shot("cast-account", Role.CAST, "/cast-room/account"),
    Shot("cast-bank", Role.CAST, "/cast-room/account/new"),
    Shot("cast-branch", Role.CAST, "/cast-room/account/new/9900"),
    Shot("cast-account-form", Role.CAST, "/cast-room/account/new/0005/341"),
    Shot("cast-device-test", Role.CAST, "/device-test?back=/cast-room"),
    Shot("cast-report", Role.CAST, "/report", meet=True),
    Shot("operator-login", None, "/operator/login"),
    Shot("operator-running", Role.OPERATOR, "/admin"),
    Shot("operator-talk", Role.OPERATOR, "/admin", follow=("a[href*='/admin/talks/']",)),
    Shot("operator-cases", Role.OPERATOR, "/admin/cases"),
    Shot("operator-case", Role.OPERATOR, "/admin/cases", follow=("main a[href*='/admin/cases/']",)),
    Shot("operator-case-decided", Role.OPERATOR, "/admin/cases", follow=("h2 + .table a",)),
    Shot("operator-applications", Role.OPERATOR, "/admin/applications"),
    Shot("operator-application", Role.OPERATOR, "/admin/applications", follow=(WAITING_CAST,)),
    Shot(
        "operator-application-looked",
        Role.OPERATOR,
        "/admin/applications",
        follow=(WAITING_CAST,),
        press="#look-1",
    ),
    Shot(
        "operator-application-passed",
        Role.OPERATOR,
        "/admin/applications?state=passed",
        follow=(WAITING_CAST,),
    ),
    Shot("operator-casts", Role.OPERATOR, "/admin/casts"),
    Shot("operator-cast", Role.OPERATOR, "/admin/casts?invited=1", follow=("main td a",)),
    Shot("operator-books", Role.OPERATOR, "/admin/books"),
    Shot("operator-books-balance", Role.OPERATOR, "/admin/books/balance"),
    Shot("operator-books-unused", Role.OPERATOR, "/admin/books/unused"),
    Shot("operator-books-entries", Role.OPERATOR, "/admin/books/entries"),
    Shot("operator-books-lots", Role.OPERATOR, "/admin/books/unused", follow=("td a",)),
    Shot("operator-books-rewards", Role.OPERATOR, "/admin/books/rewards/earned"),
    Shot("operator-prices", Role.OPERATOR, "/admin/prices"),
    Shot("operator-notices", Role.OPERATOR, "/admin/notices"),
    Shot("operator-notice", Role.OPERATOR, "/admin/notices", follow=("main td a",)),
    Shot("operator-notice-new", Role.OPERATOR, "/admin/notices/new"),
    Shot("operator-accounts", Role.OPERATOR, "/admin/accounts"),
    Shot("operator-account", Role.OPERATOR, "/admin/accounts", follow=("main table a >> nth=-1",)),
    Shot("operator-health", Role.OPERATOR, "/admin/health"),
    Shot("applying-start", None, "/cast/entry"),
    Shot("applying-sent", None, "/cast/entry/sent"),
    Shot("applying-over", None, "/cast/entry/nobody", answers=410),
    Shot("applying-begun", None, "/dev/mailbox", follow=(BEGUN,)),
    Shot("applying-person", None, "/dev/mailbox", follow=(BEGUN, "/person")),
    Shot("applying-profile", None, "/dev/mailbox", follow=(BEGUN, "/profile")),
    Shot("applying-picture", None, "/dev/mailbox", follow=(BEGUN, "/picture")),
    Shot("applying-documents", None, "/dev/mailbox", follow=(BEGUN, "/documents")),
    Shot("applying-review", None, "/dev/mailbox", follow=(BEGUN, "/review")),
    Shot("applying-applied", None, "/dev/mailbox", follow=(APPLIED,)),
    Shot("applying-more", None, "/dev/mailbox", follow=(MORE,)),
    Shot("applying-more-documents", None, "/dev/mailbox", follow=(MORE, "/documents")),
    Shot("cast-terms", None, "/cast/terms"),
    Shot("laptop", None, "/dev"),
    Shot("mailbox", None, "/dev/mailbox"),
    Shot("style", None, "/dev/style"),
)
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
