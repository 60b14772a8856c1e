"""The backup's file: what goes in comes out, and no change of it goes unseen (S55)."""

import io
import os
import uuid
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.keeping import file_rules
from portal.keeping.file_rules import CODES, Damaged, Writer, decode, encode, fingerprint, read

KEY, OTHER = b"b" * 32, b"c" * 32
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def packed(lines: list[Any], key: bytes = KEY) -> bytes:
    out = io.BytesIO()
    writer = Writer(out, key, file_rules.about(NOW, "demo", "0005"))
    for line in lines:
        writer.line(line)
    writer.close()
    return out.getvalue()


def unpacked(data: bytes, key: bytes = KEY) -> list[Any]:
    return list(read(io.BytesIO(data), key))


# Random text does not compress: this fills several pieces.
MANY = [{"n": number, "text": os.urandom(3000).hex()} for number in range(300)]


@pytest.mark.parametrize(
    "lines", [[], [{"a": 1}], [[None, "å\n", True]], MANY], ids=["none", "one", "signs", "many"]
)
def test_what_goes_in_comes_out(lines: list[Any]) -> None:
    assert unpacked(packed(lines)) == lines


def test_nothing_of_it_can_be_read_in_the_file() -> None:
    data = packed([{"name": "Amina Hassan"}] * 50)
    assert b"Amina" not in data
    assert packed([1]) != packed([1])


@given(st.data())
def test_one_changed_byte_anywhere_is_seen(data: st.DataObject) -> None:
    whole = bytearray(packed([{"n": number} for number in range(40)]))
    where = data.draw(st.integers(0, len(whole) - 1))
    whole[where] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Damaged):
        unpacked(bytes(whole))


def test_a_file_that_is_cut_off_anywhere_is_seen() -> None:
    whole = packed(MANY)
    for length in (*range(0, 200, 7), len(whole) // 2, len(whole) - 1):
        with pytest.raises(Damaged):
            unpacked(whole[:length])


def test_a_piece_that_is_left_out_or_moved_is_seen() -> None:
    whole = packed(MANY)
    start = whole.index(b"\n", len(file_rules.MAGIC)) + 1
    pieces, place = [], start
    while place < len(whole):
        size = 4 + int.from_bytes(whole[place : place + 4], "big")
        pieces.append(whole[place : place + size])
        place += size
    assert len(pieces) > 3
    swapped = [pieces[1], pieces[0], *pieces[2:]]
    for wrong in (pieces[1:], pieces[:-1], pieces[:1] + pieces[2:], swapped, [*pieces, pieces[-1]]):
        with pytest.raises(Damaged):
            unpacked(whole[:start] + b"".join(wrong))


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Damaged):
        unpacked(packed([1]), OTHER)
    with pytest.raises(Damaged):
        unpacked(b"something else entirely")


VALUES: dict[str, Any] = {
    "uuid": uuid.uuid4(),
    "moment": NOW,
    "date": date(2024, 2, 29),
    "time": time(13, 30),
    "bytes": bytes(range(256)),
    "json": {"å": [1, None]},
    "bool": False,
    "int": 2**40,
    "float": 0.1,
    "text": "ن\u200f",
}


def test_every_kind_of_value_comes_back_as_it_was() -> None:
    assert VALUES.keys() == CODES.keys()
    kinds, row = tuple(VALUES), tuple(VALUES.values())
    (line,) = unpacked(packed([encode(kinds, row)]))
    assert decode(kinds, line) == list(row)
    assert decode(kinds, encode(kinds, (None,) * len(kinds))) == [None] * len(kinds)


def test_a_fingerprint_tells_keys_apart_and_is_no_key() -> None:
    assert fingerprint(KEY) == fingerprint(KEY) != fingerprint(OTHER)
    assert len(fingerprint(KEY)) == 16
