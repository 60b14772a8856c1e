"""Calls that nobody answered come and go with their table; what was told stands (S56)."""

from sqlalchemy import func, select

from portal import schema
from portal.db import Database
from portal.staff.models import Attention, CallTry
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support.world import build

__all__ = ["bare"]


def test_tries_go_and_what_was_told_stands(bare: Database) -> None:
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        who, by = world.participant.id, world.coach.id
        session.add(CallTry(person_id=who, key="call:1", tried_by=by, tried_at=NOW))
        told = Attention(person_id=who, key="call:2", kind="call", outcome="called")
        told.handled_by, told.handled_at = by, NOW
        session.add(told)
    schema.downgrade(bare.url, before("Calls that nobody"))
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(CallTry)) == 0
        assert session.scalars(select(Attention)).one().key == "call:2"
