"""Sealing what stands in the database, and keyed hashes for looking it up.

AES-256-GCM; a sealed value is bound to its table, column and row, so that one moved to another
place does not open. The key's id stands first in it, so that keys can be changed without loss.
"""

import hmac
import os
from typing import Any, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
"""Bytes of nonce: the length that NIST SP 800-38D recommends for GCM."""


class CannotOpen(Exception):
    """A sealed value that was changed, moved, or sealed with a key that is not here."""


class Keyring:
    """The keys of one installation.

    `data_keys` maps a key id (1–32 ASCII characters) to 32 bytes, the first one seals;
    `lookup_key` makes the hashes that must stay the same when data keys change.
    """

    def __init__(self, data_keys: dict[str, bytes], lookup_key: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in data_keys.items()}
        self._first = next(iter(data_keys))
        self._lookup_key = lookup_key

    def seal(self, text: str, place: str) -> bytes:
        """The text sealed for this place; another place cannot open it."""
        nonce = os.urandom(NONCE_BYTES)
        head = head_of(self._first)
        body = self._ciphers[self._first].encrypt(nonce, text.encode(), head + place.encode())
        return head + nonce + body

    def open(self, sealed: bytes, place: str) -> str:
        """The text again. Raises `CannotOpen`."""
        length = sealed[0]
        head, rest = sealed[: 1 + length], sealed[1 + length :]
        cipher = self._ciphers.get(head[1:].decode("ascii", "replace"))
        if cipher is None:
            raise CannotOpen("the key is not here")
        try:
            plain = cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head + place.encode())
        except InvalidTag:
            raise CannotOpen("changed, or moved from another place") from None
        return plain.decode()

    @property
    def first(self) -> str:
        """The id of the key that seals."""
        return self._first

    @property
    def known(self) -> frozenset[str]:
        """The ids of all keys that open."""
        return frozenset(self._ciphers)

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose alone, as lasting as the look-up key they come from."""
        return HKDF(SHA256(), 32, None, purpose.encode()).derive(self._lookup_key)

    def keyed_hash(self, *parts: str) -> bytes:
        """32 bytes that only this installation can make from these parts."""
        message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return hmac.digest(self._lookup_key, message, "sha256")


def head_of(key_id: str) -> bytes:
    """The bytes that everything sealed with this key begins with."""
    return bytes([len(key_id)]) + key_id.encode("ascii")


def key_of(sealed: bytes) -> str:
    """The id of the key that this was sealed with."""
    return sealed[1 : 1 + sealed[0]].decode("ascii", "replace")


_keys: Keyring | None = None


def use(keys: Keyring) -> None:
    """Let sealed columns and hashes use these keys from here on."""
    global _keys
    _keys = keys


def keys() -> Keyring:
    """The keys in use. Raises RuntimeError before `use`."""
    if _keys is None:
        raise RuntimeError("no keys: create_app or the command line installs them first")
    return _keys


def lookup_hash(kind: str, value: str) -> bytes:
    """The hash that finds a value of this kind (a phone number, a name) without opening anything."""
    return keys().keyed_hash("lookup", kind, value)


def code_hash(value: str, *context: str) -> bytes:
    """The hash of a short secret, bound to where it may be used."""
    return keys().keyed_hash("code", value, *context)


class Sealed:
    """A text attribute over a bytes column. Empty text is stored as NULL and read as ""."""

    def __init__(self, column: str) -> None:
        self._column = column

    @property
    def column(self) -> str:
        """The name of the bytes column."""
        return self._column

    def _place(self, row: Any) -> str:
        return f"{row.__tablename__}:{self._column}:{row.id}"

    @overload
    def __get__(self, row: None, owner: type[Any]) -> "Sealed": ...

    @overload
    def __get__(self, row: object, owner: type[Any]) -> str: ...

    def __get__(self, row: object | None, owner: type[Any]) -> "Sealed | str":
        if row is None:
            return self
        sealed: bytes | None = getattr(row, self._column)
        return keys().open(sealed, self._place(row)) if sealed else ""

    def __set__(self, row: object, text: str) -> None:
        setattr(row, self._column, keys().seal(text, self._place(row)) if text else None)


def open_sealed(table: str, column: str, row_id: object, sealed: bytes | None) -> str:
    """A sealed value read as a plain row (without its model), "" for NULL. Raises `CannotOpen`."""
    return keys().open(sealed, f"{table}:{column}:{row_id}") if sealed else ""
