"""What is sealed at rest: columns that only the running house can read.

A column of type Sealed or SealedText is encrypted with the first key, and read with any of them, so
that keys can change: put the new one first, then `flask vault rotate`.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator


class Lost(RuntimeError):  # noqa: N818 - what it is now
    """None of the keys opens this; the message tells which setting lacks one."""


class Vault:
    """Sealing with the newest key, opening with any that is known."""

    def __init__(self) -> None:
        self._fernet: MultiFernet | None = None
        self._newest: Fernet | None = None
        self._marks_key = b""

    def open_with(self, keys: Sequence[str], *, marks_key: str) -> None:
        """Know these keys from now on; the first one seals. Each is a secret of any characters."""
        known = [Fernet(_stretched(key)) for key in keys]
        self._fernet, self._newest = MultiFernet(known), known[0]
        self._marks_key = marks_key.encode()

    def seal(self, plain: bytes) -> bytes:
        return self._opened().encrypt(plain)

    def unseal(self, sealed: bytes) -> bytes:
        """What was sealed. Raises Lost where none of the keys fits."""
        try:
            return self._opened().decrypt(sealed)
        except InvalidToken:
            raise Lost("VAULT_KEYS has no key that opens this") from None

    def is_newest(self, sealed: bytes) -> bool:
        """Was it sealed with the key that seals now?"""
        assert self._newest, "the vault has no keys yet"
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def mark(self, text: str) -> str:
        """Tells whether two texts are the same without keeping either (D44); outlives the keys."""
        return hmac.new(self._marks_key, text.encode(), sha256).hexdigest()

    def _opened(self) -> MultiFernet:
        assert self._fernet, "the vault has no keys yet"
        return self._fernet


vault = Vault()


class Sealed(TypeDecorator[bytes]):
    """Bytes that stand encrypted in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else vault.seal(value)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else vault.unseal(value)


class SealedText(TypeDecorator[str]):
    """Text that stands encrypted in the database; it can be neither searched nor compared there."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else vault.seal(value.encode())

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        return None if value is None else vault.unseal(value).decode()


def _stretched(key: str) -> bytes:
    """A secret of 256 bits in the form that Fernet takes."""
    return urlsafe_b64encode(sha256(key.encode()).digest())
