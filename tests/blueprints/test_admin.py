import pytest

from app.db import session
from app.desk import checkups, jobs
from app.people.models import Account
from app.talks.models import EndedBy, TalkState
from tests.evidence import GUEST, finish, make_room, points_of
from tests.evidence import at as second
from tests.factories import NOON, make_cast, make_guest, make_operator, ring

HX = {"HX-Request": "true"}


@pytest.fixture
def operator(at):
    at(NOON)
    return make_operator()


@pytest.fixture
def desk(operator, client_of):
    return client_of(operator)


@pytest.fixture
def room(operator, at):
    """A talk of two minutes that goes on."""
    guest, cast = make_guest(points=1000, nickname="みずいろ"), make_cast(name="千景")
    room = make_room(guest=guest, cast=cast)
    room.talk_until(130)
    at(second(131))
    return room


def page(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.text


def test_running_talks_are_shown_with_both_names_and_the_clock(desk, room):
    text = page(desk, "/admin")

    assert "みずいろ" in text
    assert "千景" in text
    assert "課金中" in text


def test_the_running_talks_fetch_themselves_anew(desk, room):
    text = desk.get("/admin/running", headers=HX).text

    assert 'id="admin-running"' in text
    assert 'hx-trigger="every 5s"' in text
    assert "<html" not in text


def test_a_quiet_house_says_so_and_ended_talks_are_listed(desk, room):
    finish(room, "guest", 140)

    text = page(desk, "/admin")

    assert "進行中のトークはありません" in text
    assert f"/admin/talks/{room.talk.public_id}" in text


def test_a_talk_is_shown_with_replay_timeline_and_log(desk, room):
    text = page(desk, f"/admin/talks/{room.talk.public_id}")

    assert "接続記録による分数" in text
    assert "<svg viewBox" in text
    assert "minute:1 · -100 pt" in text


def test_a_merged_heartbeat_is_shown_from_its_first_beat_to_its_last(desk, room):
    room.beat(132, silent=[GUEST])
    room.merged_beats(135, 200)
    room.beat(205, silent=[GUEST])
    room.tell()

    text = page(desk, f"/admin/talks/{room.talk.public_id}")

    assert "12:02:15–12:03:20" in text
    assert "12:03:25</span>" in text


def test_a_talk_that_never_began_has_its_log(desk):
    talk = ring(make_guest(points=1000), make_cast())

    assert "呼び出し" in page(desk, f"/admin/talks/{talk.public_id}")


def test_ending_a_talk_without_javascript_leads_back_to_it(desk, room):
    url = f"/admin/talks/{room.talk.public_id}"

    answer = desk.post(f"{url}/ending", data={"because": "迷惑行為の通報"})

    assert (answer.status_code, answer.location) == (303, url)
    assert (room.talk.state, room.talk.ended_by) == (TalkState.ENDED, EndedBy.OPERATOR)
    assert points_of(room.talk) == 900
    assert "迷惑行為の通報" in page(desk, url)


def test_ending_a_talk_by_htmx_loads_its_page_anew(desk, room):
    url = f"/admin/talks/{room.talk.public_id}"

    answer = desk.post(f"{url}/ending", data={"because": "迷惑行為"}, headers=HX)

    assert answer.headers["HX-Redirect"] == url


@pytest.mark.parametrize("because", ["", "長" * 201, "\x00"])
@pytest.mark.parametrize("headers", [{}, HX])
def test_ending_a_talk_needs_a_reason(desk, room, because, headers):
    url = f"/admin/talks/{room.talk.public_id}/ending"

    answer = desk.post(url, data={"because": because}, headers=headers)

    assert answer.status_code == 422
    assert 'id="because-error"' in answer.text
    assert room.talk.state is TalkState.RUNNING


def test_the_health_page_names_every_figure_with_its_state(desk):
    checkups.ask(by=None, now=NOON)
    checkups.run_due(list, now=NOON)

    text = page(desk, "/admin/health")

    for words in (
        "帳簿は一致しています",
        "課金されずに待っている",
        "talks.jobs.charge",
        "まだありません",
    ):
        assert words in text


def test_differences_in_the_books_are_shown(desk):
    checkups.ask(by=None, now=NOON)
    checkups.run_due(lambda: ["lot 3: remaining 5"], now=NOON)

    text = page(desk, "/admin/health")

    assert "lot 3: remaining 5" in text
    assert "異常" in text


def test_an_operator_asks_for_a_check_and_sees_it_wait(desk):
    answer = desk.post("/admin/checkups", headers=HX)

    assert "照合を待っています" in answer.text
    assert desk.post("/admin/checkups").location == "/admin/health"


@pytest.mark.committed
def test_the_check_that_was_asked_for_is_done_by_the_job(desk):
    desk.post("/admin/checkups")

    jobs.check_books()

    assert "帳簿は一致しています" in page(desk, "/admin/health")


def urls_of(talk):
    return [
        ("GET", "/admin"),
        ("GET", "/admin/running"),
        ("GET", "/admin/health"),
        ("GET", "/admin/health/figures"),
        ("POST", "/admin/checkups"),
        ("GET", f"/admin/talks/{talk.public_id}"),
        ("POST", f"/admin/talks/{talk.public_id}/ending"),
    ]


def test_a_stranger_finds_nothing(client_of, room):
    for account_id in (room.talk.guest_id, room.talk.cast_id):
        browser = client_of(session.get_one(Account, account_id))
        for method, url in urls_of(room.talk):
            assert browser.open(url, method=method).status_code == 404


def test_nobody_in_particular_is_sent_to_the_operators_login(client, room):
    for method, url in urls_of(room.talk):
        answer = client.open(url, method=method)
        assert answer.status_code == 303
        assert "/login" in answer.location


def test_a_talk_that_is_none_is_not_found(desk):
    assert desk.get("/admin/talks/1").status_code == 404
    assert desk.post("/admin/talks/1/ending", data={"because": "x"}).status_code == 404
