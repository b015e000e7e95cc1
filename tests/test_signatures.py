from datetime import UTC, datetime, timedelta

import pytest

from app import signatures
from app.signatures import Unsigned

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BODY = b'{"boot":"b"}'


def test_what_was_signed_with_any_secret_that_holds_is_taken():
    signed = signatures.sign(BODY, secret="new", now=NOON)

    signatures.check(BODY, signed, secrets=("old", "new"), now=NOON)


def test_the_signature_is_the_one_that_the_documentation_describes():
    signed = signatures.sign(b"{}", secret="secret", now=datetime.fromtimestamp(1795400000, UTC))

    assert signed == (
        "t=1795400000,v1=1a34cbecea90ecad108c260273c39f16d445239b054c494e98a1bdbe5f734047"
    )


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_within_five_minutes_it_counts(seconds):
    signed = signatures.sign(BODY, secret="s", now=NOON + timedelta(seconds=seconds))

    signatures.check(BODY, signed, secrets=("s",), now=NOON)


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_a_replay_after_five_minutes_is_refused(seconds):
    signed = signatures.sign(BODY, secret="s", now=NOON + timedelta(seconds=seconds))

    with pytest.raises(Unsigned):
        signatures.check(BODY, signed, secrets=("s",), now=NOON)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "v1=abc",
        "t=,v1=abc",
        "t=-5,v1=abc",
        "t=99999999999999999999,v1=abc",
        "t=１２３,v1=abc",
        "t=1795316400,v1=é",
        "t=1795316400,v1=" + "0" * 64,
    ],
)
def test_anything_else_is_refused(signature):
    with pytest.raises(Unsigned):
        signatures.check(BODY, signature, secrets=("s",), now=NOON)


def test_one_changed_byte_is_refused():
    signed = signatures.sign(BODY, secret="s", now=NOON)

    with pytest.raises(Unsigned):
        signatures.check(BODY + b" ", signed, secrets=("s",), now=NOON)


def test_without_a_secret_nothing_is_taken():
    signed = signatures.sign(BODY, secret="", now=NOON)

    with pytest.raises(Unsigned):
        signatures.check(BODY, signed, secrets=(), now=NOON)
