"""Passwords: argon2id, and never a hint whether an account exists."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import CHEAPEST

# OWASP's 19 MiB profile: 80 logins a second on a small machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Written down, since hashing it at every start would cost each process 19 MiB.
_DECOY = "$argon2id$v=19$m=19456,t=2,p=1$xvB42Y2B5ij90wRVuz9BrQ$wsBwIm+d4Aa2trO4nVtm9QnOSOn9sdfNBqHhyCMyTA8"


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Is this the password? Without an account the same work is done, and the answer is no."""
    try:
        return _hasher.verify(password_hash or _DECOY, password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def make_cheap() -> None:
    """For tests only: hashing that costs nothing."""
    global _hasher, _DECOY  # noqa: PLW0603
    _hasher = PasswordHasher.from_parameters(CHEAPEST)
    _DECOY = _hasher.hash("nobody has this password")
