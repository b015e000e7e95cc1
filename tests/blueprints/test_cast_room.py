import pytest

from app import policy
from app.casts.models import State
from app.db import session
from app.people.models import Account
from app.talks import endings, entering
from app.talks.models import EndedBy, Talk, TalkState
from tests.evidence import at as second
from tests.evidence import finish, make_room
from tests.factories import MINUTE, NOON, SECOND, make_cast, make_guest, make_operator, ring

HX = {"HX-Request": "true"}


@pytest.fixture
def cast(at):
    at(NOON)
    return make_cast(name="千景")


@pytest.fixture
def desk(cast, client_of):
    """The cast's browser."""
    return client_of(session.get_one(Account, cast.account_id))


@pytest.fixture
def guest():
    return make_guest(points=10_000, nickname="みずいろ", email="mizuiro@example.com")


def page(browser, url="/cast-room"):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.text


def beat(desk, *, seen=""):
    return desk.post("/cast-room/beat", data={"seen": seen}, headers=HX)


def seen_in(text):
    return text.split('name="seen" value="')[1].split('"')[0]


def talk_for(cast, guest, *, seconds, how="guest leaves", now=0):
    room = make_room(guest=guest, cast=cast, now=second(now))
    room.talk_until(now + seconds, start=now)
    finish(room, how, now + seconds)
    return room.talk


# Standing by


@pytest.mark.req("G8", "D10")
def test_the_switch_stands_by_without_javascript(desk, cast):
    cast.state = State.OFFLINE

    answer = desk.post("/cast-room/standby")

    assert (answer.status_code, answer.location) == (303, "/cast-room")
    assert cast.state is State.ONLINE
    assert "待機中です" in page(desk)


@pytest.mark.req("G6", "D10")
def test_the_switch_answers_htmx_with_itself(desk, cast):
    answer = desk.post("/cast-room/standby/end", headers=HX)

    assert answer.text.lstrip().startswith('<section id="cast-room-standby"')
    assert "オフラインです" in answer.text
    assert cast.state is State.OFFLINE


def test_a_beat_keeps_the_stand_by_and_says_nothing_while_nothing_changes(desk, cast, at):
    seen = seen_in(page(desk))
    at(NOON + 20 * SECOND)

    answer = beat(desk, seen=seen)

    assert (answer.status_code, answer.data) == (204, b"")
    assert cast.beat_at == NOON + 20 * SECOND


def test_a_beat_without_javascript_leads_back_to_the_dashboard(desk):
    answer = desk.post("/cast-room/beat")

    assert (answer.status_code, answer.location) == (303, "/cast-room")


def test_a_look_at_the_page_is_no_beat(desk, cast, at):
    at(NOON + 20 * SECOND)

    page(desk)

    assert cast.beat_at == NOON


# The bell


def test_the_bell_rings_with_the_guests_nickname_and_nothing_more_of_the_guest(desk, cast, guest):
    seen = seen_in(page(desk))
    ring(guest, cast)

    answer = beat(desk, seen=seen)

    assert "みずいろさん" in answer.text
    assert "data-rings" in answer.text
    assert 'max="30"' in answer.text
    assert answer.headers["HX-Trigger"] == "standby-changed"
    for secret in (guest.email, guest.public_id, "10,000"):
        assert secret not in answer.text


def test_the_bell_rings_on_every_page_of_a_cast(desk, cast, guest):
    over = talk_for(cast, guest, seconds=70)
    cast.state = State.ONLINE
    ring(guest, cast)

    for url in ("/cast-room", "/cast-room/talks", f"/cast-room/talks/{over.public_id}"):
        assert "応答する" in page(desk, url)


def test_answering_opens_the_room(desk, cast, guest):
    talk = ring(guest, cast)

    answer = desk.post(f"/cast-room/talks/{talk.public_id}/answer")

    assert (answer.status_code, answer.location) == (303, f"/talks/{talk.public_id}/room")
    assert talk.state is TalkState.RUNNING


def test_answering_by_htmx_leads_the_whole_page_into_the_room(desk, cast, guest):
    talk = ring(guest, cast)

    answer = desk.post(f"/cast-room/talks/{talk.public_id}/answer", headers=HX)

    assert answer.headers["HX-Redirect"] == f"/talks/{talk.public_id}/room"


def test_an_answer_that_comes_too_late_is_refused_and_opens_nothing(desk, cast, guest, at):
    talk = ring(guest, cast)
    at(NOON + policy.RING_TIME + SECOND)

    answer = desk.post(f"/cast-room/talks/{talk.public_id}/answer", headers=HX)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#notices")
    assert (talk.state, talk.room) == (TalkState.RINGING, None)


def test_answering_twice_opens_one_room(desk, cast, guest):
    talk = ring(guest, cast)
    url = f"/cast-room/talks/{talk.public_id}/answer"

    first, again = desk.post(url), desk.post(url)

    assert (first.status_code, again.status_code) == (303, 409)


def test_refusing_charges_nothing_and_the_cast_goes_on_standing_by(desk, cast, guest):
    talk = ring(guest, cast)

    answer = desk.post(f"/cast-room/talks/{talk.public_id}/refusal", headers=HX)

    assert 'id="cast-room-bell"' in answer.text
    assert "応答する" not in answer.text
    assert (talk.state, cast.state) == (TalkState.DECLINED, State.ONLINE)


def test_refusing_without_javascript_leads_back_to_the_dashboard(desk, cast, guest):
    talk = ring(guest, cast)

    answer = desk.post(f"/cast-room/talks/{talk.public_id}/refusal")

    assert (answer.status_code, answer.location) == (303, "/cast-room")


def test_one_missed_ring_is_told_and_the_second_says_kindly_that_the_stand_by_is_over(
    desk, cast, guest, at
):
    ring(guest, cast)
    entering.miss_due(NOON + policy.RING_TIME)
    at(NOON + MINUTE)
    assert "もう一度続くと" in page(desk)

    ring(guest, cast, now=NOON + MINUTE)
    entering.miss_due(NOON + MINUTE + policy.RING_TIME)
    at(NOON + 2 * MINUTE)
    text = page(desk)

    assert "待機を終了しました" in text
    assert "待機を始める" in text
    assert cast.state is State.OFFLINE


def test_a_breath_after_a_talk_is_shown_and_can_be_cut_short(desk, cast, guest):
    talk = ring(guest, cast)
    entering.accept(talk, now=NOON)
    endings.end(talk.id, by=EndedBy.GUEST, now=NOON)
    assert "おつかれさまでした" in page(desk)

    answer = desk.post("/cast-room/standby", headers=HX)

    assert "待機中です" in answer.text
    assert cast.state is State.ONLINE


def test_a_running_talk_leads_back_into_its_room(desk, cast, guest):
    talk = ring(guest, cast)
    entering.accept(talk, now=NOON)

    assert f'href="/talks/{talk.public_id}/room"' in page(desk)


# What was earned


@pytest.mark.req("C60")
def test_the_dashboard_shows_what_was_earned(desk, cast, guest, at):
    talk_for(cast, guest, seconds=170)
    at(NOON + 10 * MINUTE)

    text = page(desk)

    assert "今日 100円" in text
    assert 'role="img" aria-label="今月、今日までの日ごとの報酬:' in text


def test_a_talk_shows_its_minutes_and_what_they_earned_but_not_the_guests_points(
    desk, cast, guest, at
):
    talk = talk_for(cast, guest, seconds=170, how="cast leaves")
    at(NOON + 10 * MINUTE)

    text = page(desk, f"/cast-room/talks/{talk.public_id}")

    assert "みずいろさんとのトーク" in text
    assert all(kind in text for kind in ("m-free", "m-paid", "m-returned"))
    assert "50円" in text
    for secret in (guest.email, guest.public_id, " pt"):
        assert secret not in text


def test_the_facts_are_fetched_until_the_last_seconds_are_counted(desk, cast, guest, at):
    talk = talk_for(cast, guest, seconds=170)
    url = f"/cast-room/talks/{talk.public_id}/facts"

    at(talk.ended_at + SECOND)
    assert "every 3s" in desk.get(url, headers=HX).text
    at(talk.ended_at + MINUTE)
    assert "every 3s" not in desk.get(url, headers=HX).text


@pytest.mark.parametrize("state", [TalkState.DECLINED, TalkState.MISSED, TalkState.WITHDRAWN])
def test_a_talk_that_never_began_says_so(desk, cast, guest, state):
    talk = ring(guest, cast)
    talk.state = state

    assert "このトークは始まりませんでした" in page(desk, f"/cast-room/talks/{talk.public_id}")
    assert desk.get(f"/cast-room/talks/{talk.public_id}/facts").status_code == 404


def test_a_talk_that_rings_leads_to_the_dashboard(desk, cast, guest):
    talk = ring(guest, cast)

    assert desk.get(f"/cast-room/talks/{talk.public_id}").location == "/cast-room"


def test_the_history_goes_on_page_by_page_without_gap_or_repetition(desk, cast, guest):
    made = []
    for _ in range(23):
        cast.state = State.ONLINE
        talk = ring(guest, cast)
        entering.accept(talk, now=NOON)
        endings.end(talk.id, by=EndedBy.GUEST, now=NOON)
        made.insert(0, talk.public_id)

    first = page(desk, "/cast-room/talks")
    more = first.split('hx-get="/cast-room/talks?')[1].split('"')[0]
    second_page = page(desk, f"/cast-room/talks?{more}")

    assert [name for name in made if f"talk-{name}" in first] == made[:20]
    assert [name for name in made if f"talk-{name}" in second_page] == made[20:]


def test_an_empty_history_says_what_to_do(desk):
    assert "まだトークがありません" in page(desk, "/cast-room/talks")


# Strangers


@pytest.fixture
def foreign(guest):
    """A talk of another cast, ringing."""
    return ring(guest, make_cast())


def urls_of(talk: Talk):
    here = f"/cast-room/talks/{talk.public_id}"
    return [
        ("GET", here),
        ("GET", f"{here}/facts"),
        ("POST", f"{here}/answer"),
        ("POST", f"{here}/refusal"),
    ]


def test_a_stranger_finds_nothing(desk, foreign):
    for method, url in urls_of(foreign):
        assert desk.open(url, method=method).status_code == 404
    assert foreign.state is TalkState.RINGING
    assert foreign.public_id not in page(desk, f"/cast-room/talks?before={foreign.public_id}")


def test_guests_and_operators_find_no_cast_room(client_of, guest, cast, foreign):
    for person in (guest, make_operator()):
        browser = client_of(person)
        for method, url in [
            ("GET", "/cast-room"),
            ("POST", "/cast-room/standby"),
            *urls_of(foreign),
        ]:
            assert browser.open(url, method=method).status_code == 404


def test_nobody_in_particular_is_sent_to_the_casts_login(client):
    assert client.get("/cast-room").location.startswith("/cast/login")
    assert (
        client.post("/cast-room/beat", headers=HX).headers["HX-Redirect"].startswith("/cast/login")
    )
