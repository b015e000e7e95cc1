"""Every page has its guard: a walk along all addresses, as each of those who may not come in."""

import pytest

from app import guards
from app.db import session
from app.people.models import Account
from tests.factories import NOON, make_cast, make_guest, make_operator

DOORS = {"admin": "/operator/login", "cast_room": "/cast/login"}


def calls(app, blueprint):
    """Each endpoint of a blueprint with a method and an address of nothing that exists."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] == blueprint:
            given = {name: 1 if _is_number(rule, name) else "x" for name in rule.arguments}
            with app.test_request_context():
                url = app.url_map.bind("").build(rule.endpoint, given)
            found += [(method, url) for method in rule.methods & {"GET", "POST"}]
    assert found
    return found


def _is_number(rule, name):
    return f"<int:{name}>" in rule.rule


@pytest.mark.parametrize("blueprint", DOORS)
def test_a_stranger_stands_at_the_door_of_every_page(app, client, blueprint):
    for method, url in calls(app, blueprint):
        answer = client.open(url, method=method)
        assert answer.status_code == 303, (method, url)
        assert answer.location.partition("?")[0] == DOORS[blueprint], (method, url)


@pytest.mark.parametrize(
    ("blueprint", "role"),
    [("admin", "guest"), ("admin", "cast"), ("cast_room", "guest"), ("cast_room", "operator")],
)
def test_pages_of_another_role_do_not_exist(app, client_of, at, blueprint, role):
    at(NOON)
    people = {
        "guest": make_guest,
        "cast": lambda: session.get(Account, make_cast().account_id),
        "operator": make_operator,
    }
    browser = client_of(people[role]())
    for method, url in calls(app, blueprint):
        assert browser.open(url, method=method).status_code == 404, (method, url)


@pytest.mark.parametrize("blueprint", ["admin", "my_settings"])
def test_an_operator_without_a_code_comes_no_further(app, client_of, monkeypatch, blueprint):
    browser = client_of(make_operator())
    monkeypatch.setattr(guards, "lacks_code", lambda: True)
    for method, url in calls(app, blueprint):
        answer = browser.open(url, method=method)
        assert (answer.status_code, answer.location) == (303, "/settings/second-factor"), url
