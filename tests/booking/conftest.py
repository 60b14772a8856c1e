"""A world in which the coach has hours, and what says who asks."""

import uuid
from collections.abc import Callable
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from portal.availability.models import WeeklyHours
from portal.db import Database
from portal.identity.asker import Asker
from portal.identity.models import Person, RoleGrant
from tests.support.world import World

ZONE = ZoneInfo("Europe/Stockholm")
AskAs = Callable[..., Asker]


@pytest.fixture
def open_world(database: Database, world: World) -> World:
    """Both coaches, and the far one, meet people on weekdays 9–12 and 13–16."""
    with database.transaction() as fresh:
        fresh.add_all(
            WeeklyHours(person_id=coach.id, weekday=day, starts=time(start), ends=time(end))
            for coach in (world.coach, world.other_coach, world.far_coach)
            for day in range(5)
            for start, end in ((9, 12), (13, 16))
        )
    return world


@pytest.fixture
def ask_as(database: Database) -> AskAs:
    """`ask_as(person, tier=2)`: the person as queries and services meet them."""

    def asker(person: Person, tier: int = 2) -> Asker:
        with database.reading() as fresh:
            roles = [row.role for row in fresh.query(RoleGrant).filter(RoleGrant.person_id == person.id)]
        return Asker(
            person_id=person.id,
            organisation_id=person.organisation_id,
            roles=frozenset(roles),
            tier=tier,
            session_id=uuid.uuid4(),
            language=person.language,
            zone=ZONE,
        )

    return asker
