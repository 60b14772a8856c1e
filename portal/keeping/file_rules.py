"""The file of a backup: lines of JSON, compressed, encrypted in pieces that cannot be changed or left out.

AES-256-GCM with a key of the file's own, made from BACKUP_KEY and a random salt. Each piece's nonce is its
place and whether it is the last, so that no piece can be moved, repeated or cut off at the end.
"""

import base64
import hashlib
import json
import os
import uuid
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"STIGEN BACKUP 1\n"
PIECE = 256 * 1024
LONGEST_PIECE = 2 * PIECE
LONGEST_ABOUT = 1000


class Damaged(Exception):
    """The file is no backup of ours, was changed or cut off, or the key is another one."""


@dataclass(frozen=True)
class About:
    """What stands at the front for all to read; nothing in it is personal, and a change of it is seen."""

    made_at: str
    stamp: str
    revision: str
    salt: str

    @property
    def moment(self) -> datetime:
        """When the database looked like this."""
        return datetime.fromisoformat(self.made_at)


def about(now: datetime, stamp: str, revision: str) -> About:
    """What stands at the front of a new file."""
    return About(now.isoformat(), stamp, revision, os.urandom(16).hex())


class Writer:
    """Writes lines into the file; `close` makes it whole."""

    def __init__(self, out: BinaryIO, key: bytes, front: About) -> None:
        head = json.dumps(asdict(front)).encode() + b"\n"
        out.write(MAGIC + head)
        self._out, self._box = out, _Box(key, front, head)
        self._press, self._held = zlib.compressobj(6), bytearray()

    def line(self, value: object) -> None:
        """One line: anything that JSON can hold."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._held += self._press.compress(text.encode() + b"\n")
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]

    def close(self) -> None:
        """Write what is left, as the last piece."""
        self._put(bytes(self._held) + self._press.flush(), last=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        sealed = self._box.seal(piece, last)
        self._out.write(len(sealed).to_bytes(4, "big") + sealed)


class _Box:
    """The cipher of one file, which counts its pieces."""

    def __init__(self, key: bytes, front: About, head: bytes) -> None:
        own = HKDF(SHA256(), 32, bytes.fromhex(front.salt), b"stigen backup").derive(key)
        self._cipher, self._bound, self._place = AESGCM(own), hashlib.sha256(MAGIC + head).digest(), 0

    def _nonce(self, last: bool) -> bytes:
        self._place += 1
        return self._place.to_bytes(11, "big") + bytes([last])

    def seal(self, piece: bytes, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last), piece, self._bound)

    def open(self, sealed: bytes, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(last), sealed, self._bound)
        except InvalidTag:
            raise Damaged("changed, cut off, or made with another BACKUP_KEY") from None


def front_of(source: BinaryIO) -> About:
    """What stands at the front. Raises `Damaged`."""
    return _front(source)[0]


def _front(source: BinaryIO) -> tuple[About, bytes]:
    if source.read(len(MAGIC)) != MAGIC:
        raise Damaged("not a backup of Stigen")
    head = source.readline(LONGEST_ABOUT)
    try:
        front = About(**json.loads(head))
        bytes.fromhex(front.salt)
        datetime.fromisoformat(front.made_at)
    except (ValueError, TypeError):
        raise Damaged("the front of the file cannot be read") from None
    return front, head


def read(source: BinaryIO, key: bytes) -> Iterator[Any]:
    """The lines again, in order. Raises `Damaged`, also after the last line when the end is missing."""
    front, head = _front(source)
    box, press, rest = _Box(key, front, head), zlib.decompressobj(), b""
    for sealed, last in _pieces(source):
        *whole, rest = (rest + press.decompress(box.open(sealed, last))).split(b"\n")
        for line in whole:
            yield json.loads(line)
    if rest or not press.eof:
        raise Damaged("the end is missing")


def _pieces(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Each piece, and whether it is the last one."""
    size = source.read(4)
    while size:
        wanted = int.from_bytes(size, "big")
        sealed = source.read(wanted) if wanted <= LONGEST_PIECE else b""
        if len(size) != 4 or len(sealed) != wanted:
            raise Damaged("the end is missing")
        size = source.read(4)
        yield sealed, not size


def fingerprint(key: bytes) -> str:
    """What shows that a key is the same one, and does not show the key."""
    return HKDF(SHA256(), 8, None, b"stigen fingerprint").derive(key).hex()


Coder = Callable[[Any], Any]
CODES: dict[str, tuple[Coder, Coder]] = {
    "uuid": (lambda value: value.hex, uuid.UUID),
    "moment": (lambda value: value.isoformat(), datetime.fromisoformat),
    "date": (lambda value: value.isoformat(), date.fromisoformat),
    "time": (lambda value: value.isoformat(), time.fromisoformat),
    "bytes": (lambda value: base64.b64encode(value).decode(), base64.b64decode),
    **dict.fromkeys(("json", "bool", "int", "float", "text"), (lambda value: value, lambda value: value)),
}
"""How a value of each kind stands in the file, and how it is read again."""


def encode(kinds: tuple[str, ...], row: tuple[Any, ...]) -> list[Any]:
    """A row as it stands in the file."""
    return [None if value is None else CODES[kind][0](value) for kind, value in zip(kinds, row, strict=True)]


def decode(kinds: tuple[str, ...], row: list[Any]) -> list[Any]:
    """A row as it stood in the database."""
    return [None if value is None else CODES[kind][1](value) for kind, value in zip(kinds, row, strict=True)]
