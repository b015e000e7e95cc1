from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.casts import favourites, profiles
from app.casts.models import State
from app.db import db, session
from app.people import blocks, choices
from app.people.choices import Topic
from app.people.models import Account, Role
from tests.factories import MINUTE, NOON, make_account, make_cast, make_guest

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def guest():
    return make_guest()


@pytest.fixture
def browser(client_of, guest):
    return client_of(guest)


@pytest.fixture
def cast():
    return make_cast(name="ひより")


def url(cast, verb=""):
    return f"/casts/{cast.public_id}/favourite{verb}"


def test_the_heart_without_scripts_leads_back_to_the_page_it_was_on(browser, guest, cast):
    came = {"Referer": "http://localhost/casts?sort=new"}

    answer = browser.post(url(cast), headers=came)
    assert (answer.status_code, answer.location) == (303, "/casts?sort=new")
    assert favourites.find(guest.id, cast.account_id)

    answer = browser.post(url(cast, "/removal"))
    assert answer.location == f"/casts/{cast.public_id}"
    assert favourites.find(guest.id, cast.account_id) is None


def test_with_scripts_only_the_heart_is_drawn_anew(browser, cast):
    card = browser.post(url(cast), data={"look": "card"}, headers=HTMX).text
    assert 'class="heart"' in card and 'aria-pressed="true"' in card and "/removal" in card

    page = browser.post(url(cast, "/removal"), data={"look": "page"}, headers=HTMX).text
    assert f'id="keep-{cast.public_id}"' in page and 'aria-pressed="false"' in page


def test_the_bell_is_switched_on_and_off(browser, guest, cast):
    browser.post(url(cast))

    shown = browser.post(url(cast, "/telling"), data={"wanted": "1"}, headers=HTMX).text
    assert favourites.find(guest.id, cast.account_id).tells_since == NOON
    assert "待機を始めたらメール" in shown
    browser.post(url(cast, "/telling"), data={"wanted": "0"})
    assert favourites.find(guest.id, cast.account_id).tells_since is None


def test_a_bell_without_a_heart_rings_for_nobody(browser, guest, cast):
    assert browser.post(url(cast, "/telling"), data={"wanted": "1"}).status_code == 303
    assert favourites.find(guest.id, cast.account_id) is None


def test_who_wants_no_such_mails_is_shown_where_to_change_that(browser, guest, cast):
    choices.switch_off(guest.id, Topic.FAVOURITES, now=NOON)
    favourites.add(guest.id, cast.account_id, now=NOON)

    text = browser.get(f"/casts/{cast.public_id}").text

    assert "お気に入りのメールはオフ" in text and 'href="/settings/mails"' in text


def test_the_list_shows_all_with_their_state(browser, guest, cast):
    assert "お気に入りはまだありません" in browser.get("/favourites").text
    favourites.add(guest.id, cast.account_id, now=NOON)

    text = browser.get("/favourites").text

    assert "ひより" in text and "オンライン" in text and "9:00〜23:00" in text


def test_the_list_of_casts_can_be_narrowed_to_favourites(browser, guest, cast):
    make_cast(name="だれか")
    favourites.add(guest.id, cast.account_id, now=NOON)

    everybody, narrowed = browser.get("/casts").text, browser.get("/casts?favourites=1").text

    assert "だれか" in everybody and everybody.count('class="heart"') == 2
    assert everybody.count('aria-pressed="true"') == 1
    assert "ひより" in narrowed and "だれか" not in narrowed


def test_strangers_and_casts_see_no_heart_and_the_filter_does_nothing(client, client_of, cast):
    for browser in (client, client_of(make_account(Role.CAST))):
        page = browser.get("/casts?favourites=1").text
        assert "ひより" in page and 'class="heart"' not in page
        assert "favourite" not in browser.get(f"/casts/{cast.public_id}").text


@contextmanager
def counted():
    asked = []

    def note(*args):
        asked.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_hearts_cost_one_question_for_the_whole_page(browser, guest):
    for _ in range(10):
        favourites.add(guest.id, make_cast().account_id, now=NOON)

    with counted() as asked:
        browser.get("/casts")

    assert sum("FROM favourite" in statement for statement in asked) == 1


@pytest.mark.parametrize("verb", ["", "/removal", "/telling"])
def test_only_guests_and_only_casts_that_there_are(client, client_of, cast, browser, verb):
    assert client.post(url(cast, verb)).location.startswith("/login")
    assert client_of(make_account(Role.CAST)).post(url(cast, verb)).status_code == 404
    assert browser.post(f"/casts/nobody/favourite{verb}").status_code == 404


@pytest.mark.parametrize("shut", ["blocked by the cast", "blocked by the guest", "hidden"])
def test_whom_the_guest_cannot_see_is_no_favourite_of_theirs(browser, guest, cast, shut):
    browser.post(url(cast))
    browser.post(url(cast, "/telling"), data={"wanted": "1"})
    person = session.get_one(Account, cast.account_id)
    if shut == "hidden":
        profiles.hide(cast.account_id, now=NOON)
    else:
        pair = (person, guest) if "cast" in shut else (guest, person)
        blocks.block(*pair, now=NOON)

    for page in ("/favourites", "/me"):
        answer = browser.get(page)
        assert answer.status_code == 200 and "ひより" not in answer.text
    for verb in ("", "/removal", "/telling"):
        assert browser.post(url(cast, verb), data={"wanted": "1"}).status_code == 404
    cast.state, cast.active_at = State.ONLINE, NOON + MINUTE
    session.flush()
    assert favourites.take_due(NOON + 2 * MINUTE) == []


def test_a_suspended_guest_hears_of_no_favourite(browser, guest, cast):
    browser.post(url(cast))
    browser.post(url(cast, "/telling"), data={"wanted": "1"})
    cast.state, cast.active_at, guest.suspended_at = State.ONLINE, NOON + MINUTE, NOON
    session.flush()

    assert favourites.take_due(NOON + 2 * MINUTE) == []

    guest.suspended_at = None
    session.flush()
    assert len(favourites.take_due(NOON + 2 * MINUTE)) == 1
