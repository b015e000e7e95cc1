from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from app import policy
from app.jobs import transaction
from app.people import registration, terms
from app.people.models import Role
from tests.factories import NOON, SECOND, make_account, make_guest

SECRET = "a secret of at least thirty-two letters"
TODAY = date(2026, 11, 22)
GOOD = {"password": "a long enough word", "nickname": "あおい", "born_on": date(1990, 4, 23)}


def register(email="aoi@example.com", **changes):
    return registration.register(
        email=email, consents=terms.FIRST, locale="ja", now=NOON, **{**GOOD, **changes}
    )


@pytest.mark.req("D29")
@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2008, 11, 22), TODAY, 18),
        (date(2008, 11, 23), TODAY, 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 11, 22), TODAY, 0),
    ],
)
def test_an_age_is_in_years_completed(born_on, day, age):
    assert registration.age_on(day, born_on) == age


@pytest.mark.req("G2", "D29")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"password": "x" * 9}, ["password_length"]),
        ({"password": "x" * 129}, ["password_length"]),
        ({"nickname": "  "}, ["nickname_length"]),
        ({"nickname": "あ" * 21}, ["nickname_length"]),
        ({"born_on": date(2008, 11, 23)}, ["not_adult"]),
        ({"born_on": date(2026, 11, 23)}, ["born_later"]),
        ({"born_on": None}, ["no_birthday"]),
        (
            {"born_on": None, "nickname": "", "password": ""},
            ["password_length", "nickname_length", "no_birthday"],
        ),
    ],
)
def test_every_reason_not_to_register_is_told(changes, codes):
    told = registration.why_not_register(today=TODAY, **{**GOOD, **changes})

    assert [problem.code for problem in told] == codes


def test_an_address_is_registered_once_whatever_its_case():
    first = register("Aoi@Example.com ")
    again = register("aoi@example.COM", nickname="べつの人")

    assert (first.is_new, again.is_new) == (True, False)
    assert again.account is first.account
    assert first.account.email == "aoi@example.com"
    assert first.account.nickname == "あおい"


def test_a_cast_may_be_a_guest_with_the_same_address():
    make_account(Role.CAST, email="aoi@example.com")

    assert register().is_new


def test_a_token_names_one_account_for_a_day():
    account = register().account
    token = registration.confirmation_token(account, secret=SECRET, now=NOON)
    end = NOON + policy.CONFIRM_ADDRESS_WITHIN

    def found(at=NOON, secret=SECRET, text=token):
        return registration.find_by_token(text, secret=secret, now=at)

    assert found() is found(at=end) is account
    assert found(at=end + SECOND) is None
    assert found(secret="another secret of thirty-two letters") is None
    assert found(text=token[:-1]) is None
    assert registration.find_account(account.email, Role.GUEST).confirmed_at is None


def test_a_token_confirms_only_the_address_that_it_went_to():
    account = make_guest(confirmed=False)
    token = registration.confirmation_token(account, secret=SECRET, now=NOON)

    account.email = "new@example.com"

    assert registration.find_by_token(token, secret=SECRET, now=NOON) is None


def test_a_closed_account_has_no_token_any_more():
    account = make_guest(confirmed=False)
    token = registration.confirmation_token(account, secret=SECRET, now=NOON)

    account.closed_at = NOON

    assert registration.find_by_token(token, secret=SECRET, now=NOON) is None


def test_confirming_twice_keeps_the_first_moment():
    account = make_guest(confirmed=False)

    registration.confirm_address(account, now=NOON)
    registration.confirm_address(account, now=NOON + timedelta(days=1))

    assert account.confirmed_at == NOON


@pytest.mark.committed
def test_the_same_form_at_the_same_moment_makes_one_account(app):
    def press(_number):
        with app.app_context(), transaction():
            return register().is_new

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(press, range(8)))

    assert sorted(made) == [False] * 7 + [True]
