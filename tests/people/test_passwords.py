import runpy

import pytest
from argon2 import extract_parameters

from app.people import passwords


def test_a_password_matches_itself_only():
    kept = passwords.hash_password("correct horse battery")

    assert passwords.matches("correct horse battery", kept)
    assert not passwords.matches("correct horse batterY", kept)
    assert "correct" not in kept
    assert kept != passwords.hash_password("correct horse battery")


@pytest.mark.parametrize("password", ["", "nobody has this password", "\0", "あ" * 128])
def test_without_an_account_nothing_matches_though_the_work_is_done(password):
    assert not passwords.matches(password, None)


def test_a_broken_hash_matches_nothing():
    assert not passwords.matches("anything", "no hash at all")


@pytest.mark.req("G37")
def test_outside_of_tests_passwords_are_argon2id_at_a_fair_price():
    outside = runpy.run_path(passwords.__file__)

    price = extract_parameters(outside["hash_password"]("x"))

    assert price.type.name == "ID"
    assert (price.memory_cost, price.time_cost) == (19 * 1024, 2)
    assert extract_parameters(outside["_DECOY"]) == price
