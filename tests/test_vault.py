import pytest

from app.vault import Lost, Vault


def vault_of(*keys, marks_key="m" * 40):
    vault = Vault()
    vault.open_with(keys, marks_key=marks_key)
    return vault


def test_what_is_sealed_is_read_again_and_not_without_the_key():
    sealed = vault_of("a" * 40).seal(b"a passport")

    assert b"passport" not in sealed
    assert vault_of("a" * 40).unseal(sealed) == b"a passport"
    with pytest.raises(Lost):
        vault_of("b" * 40).unseal(sealed)


def test_the_newest_key_seals_and_older_ones_still_open():
    old, both = vault_of("a" * 40), vault_of("b" * 40, "a" * 40)

    assert both.unseal(old.seal(b"x")) == b"x"
    assert vault_of("b" * 40).unseal(both.seal(b"x")) == b"x"


def test_marks_tell_the_same_from_another_whatever_the_keys():
    first, later = vault_of("a" * 40), vault_of("b" * 40)

    assert first.mark("1234567") == later.mark("1234567") != later.mark("1234568")
    assert first.mark("1234567") != vault_of("a" * 40, marks_key="n" * 40).mark("1234567")
