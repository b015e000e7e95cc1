"""Codes of an authenticator app: in time, once, and ten more for its loss (G37)."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, text

from app import policy
from app.audit import AuditEntry
from app.db import session
from app.errors import Refused
from app.people import second_factor, signing_in
from app.people.credentials import RecoveryCode
from app.people.models import Account
from tests.factories import NOON, make_operator

STEP = timedelta(seconds=30)


@pytest.fixture
def operator():
    return make_operator()


@pytest.fixture
def here(operator):
    return signing_in.begin(operator, device="here", now=NOON)


def code_of(secret, *, now=NOON):
    return pyotp.TOTP(secret).at(now)


def set_up(operator, here, *, now=NOON):
    """Its secret and its recovery codes."""
    second_factor.begin(operator, now=now)
    secret = second_factor.find(operator).waiting
    codes = second_factor.confirm(operator, code_of(secret, now=now), here=here, now=now)
    return secret, codes


@pytest.mark.req("G37")
def test_it_is_asked_for_once_a_first_code_was_shown(operator, here):
    second_factor.begin(operator, now=NOON)
    assert not second_factor.is_asked_of(operator)
    secret = second_factor.find(operator).waiting

    with pytest.raises(Refused, match="not right"):
        second_factor.confirm(operator, "000000", here=here, now=NOON)
    codes = second_factor.confirm(operator, code_of(secret), here=here, now=NOON)

    assert second_factor.is_asked_of(operator)
    assert len(set(codes)) == policy.RECOVERY_CODES
    assert second_factor.find(operator).waiting is None
    assert here.with_code


def test_without_an_app_no_code_is_right(operator, here):
    assert not second_factor.is_right(operator, "000000", now=NOON)
    with pytest.raises(Refused):
        second_factor.confirm(operator, "000000", here=here, now=NOON)


@pytest.mark.req("G37")
def test_a_code_opens_once_and_none_before_it_afterwards(operator, here):
    secret, _ = set_up(operator, here)
    later = NOON + 2 * STEP

    assert not second_factor.is_right(operator, code_of(secret), now=NOON)  # it confirmed
    assert second_factor.is_right(operator, code_of(secret, now=later), now=later)
    assert not second_factor.is_right(operator, code_of(secret, now=later), now=later)
    assert not second_factor.is_right(operator, code_of(secret, now=later - STEP), now=later)


@pytest.mark.req("G37")
@pytest.mark.parametrize(
    ("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_clocks_may_differ_by_one_step(operator, here, steps, right):
    secret, _ = set_up(operator, here)
    later = NOON + 10 * STEP

    given = code_of(secret, now=later + steps * STEP)

    assert second_factor.is_right(operator, given, now=later) is right


@pytest.mark.parametrize("given", ["", " ", "123", "あいうえおか", "1234567", "\0", "x" * 5000])
def test_nonsense_is_no_code(operator, here, given):
    set_up(operator, here)

    assert not second_factor.is_right(operator, given, now=NOON)


def test_a_code_is_read_as_people_type_it(operator, here):
    secret, codes = set_up(operator, here)
    later = NOON + 2 * STEP
    given = code_of(secret, now=later)

    assert second_factor.is_right(operator, f" {given[:3]} {given[3:]} ", now=later)
    assert second_factor.is_right(operator, codes[0].upper().replace("-", " "), now=later)


@pytest.mark.req("G37")
def test_each_recovery_code_opens_once(operator, here):
    _, codes = set_up(operator, here)

    for left, code in enumerate(reversed(codes)):
        assert second_factor.codes_left(operator) == policy.RECOVERY_CODES - left
        assert second_factor.is_right(operator, code, now=NOON)
        assert not second_factor.is_right(operator, code, now=NOON)


@pytest.mark.req("G37")
def test_recovery_codes_of_another_open_nothing(operator, here):
    _, codes = set_up(operator, here)
    other = make_operator()
    set_up(other, signing_in.begin(other, device="there", now=NOON))

    assert not second_factor.is_right(other, codes[0], now=NOON)


@pytest.mark.req("G37")
def test_new_recovery_codes_replace_the_old_ones(operator, here):
    _, old = set_up(operator, here)

    new = second_factor.renew_codes(operator, now=NOON)

    assert not second_factor.is_right(operator, old[0], now=NOON)
    assert second_factor.is_right(operator, new[0], now=NOON)


@pytest.mark.req("G37")
def test_neither_secret_nor_codes_stand_readable_in_the_database(operator, here):
    secret, codes = set_up(operator, here)
    session.flush()

    sealed = session.execute(text("SELECT secret FROM second_factor")).scalar_one()
    assert secret.encode() not in bytes(sealed)
    marks = session.scalars(select(RecoveryCode.mark)).all()
    assert not any(code.replace("-", "") in mark for code in codes for mark in marks)


def test_another_app_takes_over_with_its_first_code(operator, here):
    old, _ = set_up(operator, here)
    later = NOON + 10 * STEP
    second_factor.begin(operator, now=later)
    new = second_factor.find(operator).waiting

    assert second_factor.is_right(operator, code_of(old, now=later), now=later)
    second_factor.confirm(operator, code_of(new, now=later), here=here, now=later)

    later += 10 * STEP
    assert not second_factor.is_right(operator, code_of(old, now=later), now=later)
    assert second_factor.is_right(operator, code_of(new, now=later), now=later)


@pytest.mark.req("G37")
def test_devices_that_came_in_without_it_are_signed_out(operator, here):
    there = signing_in.begin(operator, device="there", now=NOON)

    set_up(operator, here)

    assert signing_in.devices_of(operator) == [here]
    assert signing_in.find(there.key) is None


@pytest.mark.req("G37")
def test_a_reset_forgets_all_of_it_and_signs_out(operator, here):
    secret, codes = set_up(operator, here)

    assert second_factor.reset(operator, now=NOON)
    assert not second_factor.reset(operator, now=NOON)

    assert not second_factor.is_asked_of(operator)
    assert signing_in.devices_of(operator) == []
    for code in (codes[0], code_of(secret, now=NOON + 5 * STEP)):
        assert not second_factor.is_right(operator, code, now=NOON + 5 * STEP)


def test_every_change_is_in_the_audit(operator, here):
    set_up(operator, here)
    second_factor.renew_codes(operator, now=NOON)
    second_factor.reset(operator, now=NOON)

    entries = session.execute(select(AuditEntry.did, AuditEntry.by).order_by(AuditEntry.id)).all()
    assert entries == [
        ("account.second_factor_begun", operator.id),
        ("account.second_factor_confirmed", operator.id),
        ("account.recovery_codes_renewed", operator.id),
        ("account.second_factor_reset", None),
    ]


@pytest.mark.committed
@pytest.mark.req("G37")
def test_of_two_who_show_one_code_at_once_one_gets_in(at_once):
    operator = make_operator()
    secret, codes = set_up(operator, signing_in.begin(operator, device="here", now=NOON))
    later, operator_id = NOON + 5 * STEP, operator.id

    for given in (code_of(secret, now=later), codes[0]):
        came = at_once(
            *[
                lambda given=given: second_factor.is_right(
                    session.get_one(Account, operator_id), given, now=later
                )
            ]
            * 3
        )
        assert sorted(came) == [False, False, True]
