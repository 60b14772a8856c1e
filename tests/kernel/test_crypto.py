"""Sealed text opens only in its own place, with a key that is here (S38)."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import crypto
from portal.crypto import CannotOpen, Keyring
from portal.identity.models import Person

OLD, NEW = b"o" * 32, b"n" * 32
LOOKUP = b"l" * 32
RING = Keyring({"new": NEW, "old": OLD}, LOOKUP)


@given(st.text(), st.text(max_size=50))
def test_what_is_sealed_opens_in_its_place(text: str, place: str) -> None:
    assert RING.open(RING.seal(text, place), place) == text


@given(st.text(min_size=1), st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_byte_does_not_open(text: str, where: int, change: int) -> None:
    sealed = bytearray(RING.seal(text, "person:name:1"))
    sealed[where % len(sealed)] ^= change
    with pytest.raises((CannotOpen, IndexError)):
        RING.open(bytes(sealed), "person:name:1")


def test_a_swapped_value_does_not_open() -> None:
    """S38"""
    with pytest.raises(CannotOpen):
        RING.open(RING.seal("Amina", "person:name:1"), "person:name:2")


def test_an_older_key_still_opens_and_the_first_one_seals() -> None:
    sealed = Keyring({"old": OLD}, LOOKUP).seal("Amina", "p")
    assert RING.open(sealed, "p") == "Amina"
    assert RING.seal("Amina", "p")[1:4] == b"new"


def test_a_key_that_is_gone_says_so() -> None:
    with pytest.raises(CannotOpen, match="not here"):
        Keyring({"new": NEW}, LOOKUP).open(Keyring({"old": OLD}, LOOKUP).seal("x", "p"), "p")


def test_the_same_text_never_looks_the_same() -> None:
    assert RING.seal("Amina", "p") != RING.seal("Amina", "p")


def test_a_hash_depends_on_every_part_and_where_the_parts_end() -> None:
    crypto.use(RING)
    hashes = {
        crypto.lookup_hash("phone", "12"),
        crypto.lookup_hash("phone1", "2"),
        crypto.lookup_hash("phon", "e12"),
        crypto.code_hash("12", "phone"),
    }
    assert len(hashes) == 4
    other = Keyring({"new": NEW}, b"m" * 32)
    assert other.keyed_hash("lookup", "phone", "12") not in hashes


def test_a_sealed_attribute_is_text_and_empty_is_null() -> None:
    crypto.use(RING)
    person = Person(id=uuid.uuid4())
    assert person.name == ""
    person.name = "Amina"
    assert person.name == "Amina"
    assert b"Amina" not in (person.name_sealed or b"")
    person.name = ""
    assert person.name_sealed is None


def test_a_row_has_its_id_before_its_sealed_values() -> None:
    crypto.use(RING)
    person = Person(name="Amina")
    assert person.name == "Amina"
    assert isinstance(person.id, uuid.UUID)


def test_a_row_refuses_a_name_it_does_not_have() -> None:
    with pytest.raises(TypeError, match="nickname"):
        Person(nickname="A")
