"""How somebody is told comes and goes with their earlier choice (S56)."""

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from portal import schema
from portal.db import Database
from portal.identity.models import Person
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support.world import build

__all__ = ["bare"]


WAYS = [("sms", "sms"), ("email", "call"), ("voice", "call"), ("call", "call")]


@pytest.mark.parametrize("way, after", WAYS)
def test_whoever_wants_no_sms_gets_none_in_the_version_before(bare: Database, way: str, after: str) -> None:
    """S56: it knows SMS and calls alone; nobody is sent what they did not choose."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        person = build(session, NOW).participant
        person.way = way
    schema.downgrade(bare.url, before("How each person is told"))
    with bare.reading() as session:
        assert session.execute(text("SELECT count(*) FROM person WHERE calls")).scalar() == (after == "call")
    schema.upgrade(bare.url)
    with bare.reading() as session:
        stands = session.get_one(Person, person.id)
        assert (stands.way, stands.phone) == (after, person.phone)


def test_there_is_no_other_way(bare: Database) -> None:
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        build(session, NOW)
    with bare.writing() as session, pytest.raises(IntegrityError):
        session.execute(update(Person).values(way="pigeon"))
