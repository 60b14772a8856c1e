"""The chain of the journal: what a line says as bytes, and what ties it to the line before (S43)."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

START = bytes(32)
"""What the first link of all is tied to."""


@dataclass(frozen=True)
class Line:
    """One line of the journal, with its place in the chain where it has one."""

    number: int
    at: datetime
    organisation_id: uuid.UUID | None
    actor_id: uuid.UUID | None
    action: str
    kind: str
    subject_id: uuid.UUID | None
    object_id: uuid.UUID | None
    once: str | None
    link: int | None = None
    mac: bytes | None = None

    def content(self) -> bytes:
        """Everything that the line says, the same on both databases."""
        ids = (self.organisation_id, self.actor_id, self.subject_id, self.object_id)
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = [self.number, moment, self.action, self.kind, self.once, *(one and one.hex for one in ids)]
        return json.dumps(said, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Head:
    """A place in the chain and what stands there: 32 bytes that nobody can make without the key."""

    link: int
    mac: bytes

    def __str__(self) -> str:
        return f"{self.link}:{self.mac.hex()}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """A head as it was printed. Raises ValueError."""
        link, _, mac = text.strip().partition(":")
        head = cls(int(link), bytes.fromhex(mac))
        if head.link < 0 or len(head.mac) != len(START):
            raise ValueError("no head of a journal")
        return head


BEGINNING = Head(0, START)


def tie(key: bytes, before: bytes, line: Line) -> bytes:
    """What ties a line to the one before it: 32 bytes."""
    return hmac.new(key, before + line.content(), hashlib.sha256).digest()


def seal(key: bytes, what: str, head: Head, at: datetime, lines: int = 0) -> bytes:
    """What shows that the worker wrote this head or checkpoint: 32 bytes."""
    said = f"{what}|{head}|{at.astimezone(UTC).isoformat(timespec='microseconds')}|{lines}"
    return hmac.new(key, said.encode(), hashlib.sha256).digest()


class Walk:
    """Goes along the chain from a beginning, one line after the other, and names each fault it meets."""

    def __init__(self, key: bytes, beginning: Head, wanted: tuple[Head, ...] = ()) -> None:
        self._key = key
        self.head = beginning
        self.lines = 0
        self._wanted = {head.link: head for head in wanted}

    def step(self, line: Line) -> Iterator[str]:
        """The faults of the next line."""
        assert line.link is not None
        expected = self.head.link + 1
        missing = line.link - expected
        if missing > 0:
            yield f"{missing} deleted: {_links(expected, line.link - 1)} missing before line {line.number}"
        elif line.mac is None or not hmac.compare_digest(tie(self._key, self.head.mac, line), line.mac):
            yield f"changed or moved: line {line.number} (link {line.link}, {line.at:%Y-%m-%d %H:%M} UTC)"
        self.head = Head(line.link, line.mac or START)
        self.lines += 1
        yield from self._compare()

    def _compare(self) -> Iterator[str]:
        wanted = self._wanted.pop(self.head.link, None)
        if wanted is not None and wanted != self.head:
            yield f"rewritten: link {wanted.link} is not what was noted elsewhere"

    def end(self) -> Iterator[str]:
        """The faults that show when no line is left: heads noted elsewhere that were never met."""
        for link in sorted(self._wanted):
            if link > self.head.link:
                yield f"cut off: the chain ends at link {self.head.link}, but link {link} was noted"


def _links(first: int, last: int) -> str:
    return f"link {first} is" if first == last else f"links {first} to {last} are"
