"""A world in which the coach has hours, and what says who asks."""

import uuid
from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.availability.models import WeeklyHours
from portal.booking import service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.models import Person, RoleGrant
from portal.web.asker import Asker
from tests.support.world import World

ZONE = ZoneInfo("Europe/Stockholm")
AskAs = Callable[..., Asker]
Booked = Callable[..., Appointment]
Tell = Callable[..., Appointment]


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


@pytest.fixture
def booked(database: Database, open_world: World, ask_as: AskAs, now: datetime) -> Booked:
    """`booked(starts_at, person)`: the participant's own booking by phone, committed."""

    def book(starts_at: datetime, person: Person | None = None, mode: str = "phone") -> Appointment:
        asker = ask_as(person or open_world.participant)
        with database.transaction() as fresh:
            return service.book_own(fresh, asker, Wish(starts_at, mode, uuid.uuid4()), now)

    return book


@pytest.fixture
def booked_by_staff(database: Database, open_world: World, ask_as: AskAs, now: datetime) -> Tell:
    """`booked_by_staff(starts_at, **wish)`: the coach's booking for the participant, committed."""

    def book(starts_at: datetime, person: Person | None = None, **wish: Any) -> Appointment:
        asker, whom = ask_as(open_world.coach), person or open_world.participant
        with database.transaction() as fresh:
            wished = Wish(starts_at, wish.pop("mode", "phone"), uuid.uuid4(), **wish)
            return service.book_for(fresh, asker, whom.id, wished, now, anyway=True)

    return book
