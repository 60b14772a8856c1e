"""Who is away comes and goes with data, and nothing else is touched (S56)."""

from datetime import date

from sqlalchemy import func, select

from portal import schema
from portal.db import Database
from portal.identity.absence import service
from portal.identity.absence.models import Absence
from portal.identity.models import Person
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support.objects import asker_of
from tests.support.world import build

__all__ = ["bare"]


def test_an_absence_goes_and_the_people_stay(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        wish = service.Wish(date(2026, 11, 24), date(2026, 11, 25), world.other_coach.id)
        service.take(session, asker_of(session, world.coach), world.coach.id, wish, NOW)
        people = session.scalar(select(func.count()).select_from(Person))
    schema.downgrade(bare.url, before("When a coach is away"))
    assert "absence" not in tables(bare)
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(Absence)) == 0
        assert session.scalar(select(func.count()).select_from(Person)) == people
