"""What people do on the pages, for every story in a browser."""

from playwright.sync_api import expect

from app import demo

PASSWORD = "correct horse battery"
CAST = "ひより"  # the demo's own cast: 100 pt a minute, 50 yen of it for her

MOVING = """async () => {
    const far = document.getElementById("far");
    const frames = () => far.getVideoPlaybackQuality().totalVideoFrames;
    const before = frames();
    for (let tries = 0; tries < 200; tries += 1) {
        if (far.videoWidth > 0 && frames() > before + 5) return true;
        await new Promise((done) => setTimeout(done, 100));
    }
    return false;
}"""


def register(page, name):
    """From a stranger to a guest whose address is confirmed."""
    page.goto("/register")
    page.fill("[name=email]", f"{name}@example.org")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=nickname]", name)
    page.fill("[name=born_on]", "1990-01-01")
    page.check("[name=agreed]")
    page.click(".form .btn")
    page.wait_for_url("**/register/sent")
    page.goto("/dev/mailbox")
    page.click("li:first-child .mail a")
    page.click("main form .btn")
    log_in(page, f"{name}@example.org", PASSWORD)


def log_in_cast(page):
    """The demo's own cast."""
    page.goto("/cast/login")
    page.fill("[name=email]", demo.LOGINS["cast"])
    page.fill("[name=password]", demo.PASSWORD)
    page.click(".form .btn")
    page.wait_for_url("**/cast-room")


def log_in(page, email, password):
    page.goto("/login")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click(".form .btn")
    page.wait_for_url("**/casts**")


def buy(page, points):
    """From the packs to the good card; the page is a whole one or the sheet over a talk."""
    page.check(f"[name=pack][value='{points}']", force=True)
    page.click("#wallet-packs .btn")
    page.click("#wallet-confirmation button.btn")
    page.click("#wallet-card [value=good]")
    expect(page.locator("#wallet-order [role=status]")).to_contain_text("追加しました")


def to_entry(guest):
    guest.goto("/casts")
    guest.click(f".cast :text-is('{CAST}')")
    guest.click("a[href$='/entry']")


def see_the_other_move(page):
    """In a room: the other's picture is there, and it is no still."""
    assert page.evaluate(MOVING), "no moving picture of the other"
