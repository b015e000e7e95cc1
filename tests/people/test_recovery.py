"""Links through which a password is chosen: once, in time, and for one address only (G39)."""

from datetime import timedelta

import pytest

from app import policy
from app.db import session
from app.errors import Refused
from app.people import passwords, recovery
from app.people.models import Role
from app.people.signing_in import sign_in
from tests.factories import MINUTE, NOON, SECOND, make_account, make_guest

SECRET = "only for these tests"
ANEW = "a whole other password"


def token_of(account, *, now=NOON, **more):
    return recovery.token_of(account, secret=SECRET, now=now, **more)


def choose(token, *, password=ANEW, secret=SECRET, now=NOON):
    return recovery.choose_password(token, password, secret=secret, now=now)


def find(token, *, now=NOON):
    return recovery.find_by_token(token, secret=SECRET, now=now)


@pytest.mark.req("G39")
@pytest.mark.parametrize("role", list(Role))
def test_the_link_lets_its_owner_choose_a_password(role):
    account = make_account(role, confirmed=False)
    token = token_of(account)

    assert find(token) is account
    assert choose(token) is account

    assert sign_in(account.email, ANEW, role=role, now=NOON) is account
    assert account.confirmed_at == NOON  # whoever opened the mail has the address


@pytest.mark.req("G39")
def test_a_link_works_once():
    account = make_guest()
    token, other = token_of(account), token_of(account, now=NOON + MINUTE)
    choose(token)

    for each in (token, other):
        assert find(each) is None
        assert choose(each, password="and yet another") is None
    assert passwords.matches(ANEW, account.password_hash)


@pytest.mark.req("G39")
@pytest.mark.parametrize("holds", [policy.RESET_WITHIN, timedelta(days=7)])
def test_a_link_holds_until_its_last_second(holds):
    token = token_of(make_guest(), holds=holds)

    assert choose(token, now=NOON + holds + SECOND) is None
    assert find(token, now=NOON + holds + SECOND) is None
    assert choose(token, now=NOON + holds)


def test_a_link_dies_with_the_address_it_was_sent_to():
    account = make_guest()
    token = token_of(account)
    account.email = "another@example.com"

    assert find(token) is None
    assert choose(token) is None


def test_a_link_of_a_closed_account_opens_nothing():
    account = make_guest()
    token = token_of(account)
    account.closed_at = NOON

    assert find(token) is None
    assert choose(token) is None


def test_neither_another_secret_nor_nonsense_opens_it():
    account = make_guest()

    assert choose(token_of(account), secret="another") is None
    assert choose("nonsense") is None


def test_a_password_that_is_too_short_does_not_use_the_link_up():
    account = make_guest()
    token = token_of(account)

    with pytest.raises(Refused):
        choose(token, password="short")

    assert find(token) is account


@pytest.mark.committed
def test_of_two_at_once_one_password_holds(at_once):
    account = make_guest()
    token = token_of(account)

    came = at_once(lambda: choose(token, password="the first password"), lambda: choose(token))

    assert sorted(each is None for each in came) == [False, True]
    session.rollback()
