"""S13: argon2id of an HMAC with a key that the database does not hold."""

import secrets

import pytest

from portal.identity.signin import hashing

pytestmark = pytest.mark.usefixtures("own_hasher")
KEY, OTHER_KEY = b"a" * 32, b"b" * 32


def test_a_pin_fits_itself_and_nothing_else() -> None:
    stored = hashing.hash_pin("135790", KEY)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hashing.pin_fits(stored, "135790", KEY)
    assert not hashing.pin_fits(stored, "135791", KEY)


def test_a_copy_of_the_database_cannot_try_pins_without_the_key() -> None:
    """S13."""
    stored = hashing.hash_pin("135790", KEY)
    assert not hashing.pin_fits(stored, "135790", OTHER_KEY)
    assert not hashing.password_fits(stored, "135790")


def test_two_people_with_one_pin_have_different_hashes() -> None:
    assert hashing.hash_pin("135790", KEY) != hashing.hash_pin("135790", KEY)


def test_a_password_fits_itself_and_nothing_else() -> None:
    password = secrets.token_urlsafe(12)
    stored = hashing.hash_password(password)
    assert hashing.password_fits(stored, password)
    assert not hashing.password_fits(stored, password + "x")


def test_nobody_gets_in_where_nothing_is_stored() -> None:
    """S15: not even with the words that stand in for a password."""
    assert not hashing.password_fits(None, "nobody has this password")
    assert not hashing.pin_fits(None, "135790", KEY)
    assert not hashing.password_fits("not a hash", "x")
