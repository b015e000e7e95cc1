"""Keeping device tests: what passes, what still counts, and whose it is (C41)."""

from datetime import timedelta
from itertools import product

import pytest

from app.people import devices
from app.people.models import Role
from tests.factories import MINUTE, NOON, SECOND, make_account, make_guest

PARTS = ("camera", "microphone", "speaker", "echo", "connection")


def keep(account, *, device="Chrome 131 / Windows", now=NOON, **found):
    given = dict.fromkeys(PARTS, True) | found
    return devices.keep(account.id, device=device, now=now, **given)


@pytest.fixture
def cast():
    return make_account(Role.CAST)


@pytest.mark.req("C41")
@pytest.mark.parametrize("found", list(product([True, False], repeat=len(PARTS))))
def test_a_test_is_passed_with_all_but_the_echo(cast, found):
    given = dict(zip(PARTS, found, strict=True))

    check = keep(cast, **given)

    needed = [given[part] for part in PARTS if part != "echo"]
    assert check.passed is all(needed)
    assert {part: getattr(check, part) for part in PARTS} == given


@pytest.mark.req("C41")
def test_a_passed_test_counts_from_its_very_moment(cast):
    keep(cast)

    assert devices.has_passed(cast.id, since=NOON)
    assert not devices.has_passed(cast.id, since=NOON + SECOND)


def test_a_later_test_that_fails_does_not_undo_a_passed_one(cast):
    passed = keep(cast)
    failed = keep(cast, now=NOON + MINUTE, camera=False)

    assert devices.last_of(cast.id) == failed
    assert devices.last_passed(cast.id, since=NOON - timedelta(hours=24)) == passed
    assert not devices.has_passed(cast.id, since=NOON + MINUTE)


def test_of_two_in_one_moment_the_later_kept_is_the_last(cast):
    first, second = keep(cast), keep(cast, speaker=False)

    assert devices.last_of(cast.id) == second
    assert devices.last_passed(cast.id, since=NOON) == first


def test_nobody_passes_by_the_test_of_another(cast):
    keep(make_guest())

    assert devices.last_of(cast.id) is None
    assert not devices.has_passed(cast.id, since=NOON)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Safari 17  /\tiOS 17 \n", "Safari 17 / iOS 17"),
        ("Chro\x00me\u202e 131", "Chrome 131"),
        ("電" * 81, "電" * 80),
        ("a" * 79 + " b", "a" * 79),
        ("", ""),
    ],
)
def test_of_a_device_name_what_can_be_read_and_fits_is_kept(cast, given, kept):
    check = keep(cast, device=given)

    assert check.device == kept
