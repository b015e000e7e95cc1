import pytest

from app.db import session
from app.people import choices
from app.people.choices import Topic
from app.people.models import Account
from tests.factories import NOON, make_cast, make_guest, make_operator


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


def test_all_is_on_at_first_and_what_always_comes_is_named_with_its_reason(client_of):
    text = client_of(make_guest()).get("/settings/mails").text

    assert text.count(" checked") == len(Topic)
    assert "必ずお送りするメール" in text and "オフにできません" in text
    assert "予約の確定" in text


def test_a_guest_chooses_mails_and_hours(client_of):
    guest = make_guest()
    browser = client_of(guest)

    answer = browser.post(
        "/settings/mails", data={"expiry": "y", "tell_from": "20", "tell_until": "2"}
    )

    assert answer.status_code == 303
    assert [topic for topic in Topic if choices.wants(guest.id, topic)] == [Topic.EXPIRY]
    assert (choices.of(guest.id).tell_from, choices.of(guest.id).tell_until) == (20, 2)
    assert "保存しました" in browser.get("/settings/mails").text


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"tell_from": "9", "tell_until": "9"}, "違う時刻"),
        ({"tell_from": "24", "tell_until": "9"}, ""),
        ({"tell_from": "noon", "tell_until": "9"}, ""),
        ({}, ""),
    ],
)
def test_hours_that_make_no_sense_come_back_with_the_rest_as_chosen(client_of, hours, said):
    guest = make_guest()

    answer = client_of(guest).post("/settings/mails", data={"messages": "y", **hours})

    assert answer.status_code == 422 and said in answer.text
    assert answer.text.count(" checked") == 1
    assert all(choices.wants(guest.id, topic) for topic in Topic)


def test_a_cast_has_fewer_to_choose_from(client_of):
    cast = session.get_one(Account, make_cast().account_id)
    browser = client_of(cast)
    text = browser.get("/settings/mails").text
    assert text.count(" checked") == 2 and "報酬に関わる" in text

    assert browser.post("/settings/mails", data={"messages": "y"}).status_code == 303

    assert not choices.wants(cast.id, Topic.REMINDERS)
    assert choices.wants(cast.id, Topic.MESSAGES)


def test_strangers_log_in_first_and_operators_have_nothing_to_choose(client, client_of):
    assert client.get("/settings/mails").location.startswith("/login")
    assert client_of(make_operator()).get("/settings/mails").status_code == 404
