"""When a participant can come goes with its table, and the people stay (S56)."""

from datetime import time

from sqlalchemy import func, select

from portal import schema
from portal.booking import travel_service
from portal.booking.models import OwnTravel
from portal.booking.travel_rules import Travel, Window
from portal.db import Database
from portal.identity.models import Person
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support.objects import asker_of
from tests.support.world import build

__all__ = ["bare"]


def test_bus_times_go_and_the_people_stay(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    travel = Travel({"all": Window(time(9, 40))}, "morning")
    with bare.transaction() as session:
        amina = build(session, NOW).participant
        travel_service.set_travel(session, asker_of(session, amina), amina.id, travel, NOW)
        people = session.scalar(select(func.count()).select_from(Person))
    with bare.reading() as session:
        assert session.scalars(select(OwnTravel)).one().as_travel == travel
    schema.downgrade(bare.url, before("When a participant can be there"))
    assert "own_travel" not in tables(bare)
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(OwnTravel)) == 0
        assert session.scalar(select(func.count()).select_from(Person)) == people
