"""axe finds nothing wrong on any page, by day and by night (WCAG 2.2 AA)."""

import pytest

from app.people.models import Role
from tests.browser.accessibility import complaints
from tests.browser.conftest import DESK, PHONE
from tools import shot_pages, shots

SCREENS = {None: PHONE, Role.GUEST: PHONE, Role.CAST: DESK, Role.OPERATOR: DESK}
PAGES = [
    shot for shot in shot_pages.PAGES if not shot.meet
]  # rooms and rings have tests of their own


@pytest.fixture(scope="module")
def demo_house(app):
    with shots.house() as url:
        yield url


@pytest.fixture(scope="module")
def page_of(demo_house, chromium):
    """page_of(role): a page of that person, signed in once."""
    pages = {}

    def page(role):
        if role not in pages:
            signed_in = shots.sign_in(chromium, demo_house, role) if role else None
            context = chromium.new_context(
                viewport=SCREENS[role], storage_state=signed_in, locale="ja-JP"
            )
            pages[role] = context.new_page()
        return pages[role]

    yield page
    for each in pages.values():
        each.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("shot", PAGES, ids=lambda shot: shot.name)
def test_axe_finds_nothing_wrong(page_of, demo_house, shot):
    page = page_of(shot.role)

    found = {}
    for scheme in shots.SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        _open(page, demo_house, shot)
        found[scheme] = complaints(page)

    assert found == {"light": [], "dark": []}


def _open(page, url, shot):
    status = shots.go(page, url, shot)
    assert status == shot.answers
    if shot.press:
        page.click(shot.press)
        page.wait_for_load_state()
