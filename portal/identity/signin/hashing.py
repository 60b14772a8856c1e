"""Slow hashes of PINs and passwords: argon2id, and for PINs a key that is not in the database (S13).

Each takes some 0.05–0.2 s and 64 MiB: hash before a writing transaction opens, never inside one.
"""

import hashlib
import hmac
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# The library's own parameters are RFC 9106's second recommendation: t=3, 64 MiB, four lanes.
_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """The password as it is stored."""
    return _HASHER.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Whether this is the password. The same work is done where nothing is stored (S15)."""
    return _fits(stored, password)


def hash_pin(pin: str, key: bytes) -> str:
    """The PIN as it is stored: of no use to anybody without `key`, which stands in the environment."""
    return _HASHER.hash(_keyed(pin, key))


def pin_fits(stored: str | None, pin: str, key: bytes) -> bool:
    """Whether this is the PIN. The same work is done where nothing is stored."""
    return _fits(stored, _keyed(pin, key))


def _keyed(pin: str, key: bytes) -> bytes:
    return hmac.new(key, pin.encode(), hashlib.sha256).digest()


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


def _fits(stored: str | None, secret: str | bytes) -> bool:
    try:
        _HASHER.verify(stored or _nobodys(), secret)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
