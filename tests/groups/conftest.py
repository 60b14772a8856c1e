"""A group of the coach's, and what says who asks."""

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.availability.rules import Span
from portal.db import Database
from portal.groups import seat_service, service
from portal.groups.models import Group, GroupSeat, GroupSession
from portal.identity.models import Person
from portal.messaging.models import OutboxMessage
from tests.booking.conftest import AskAs, ask_as
from tests.support.world import World, add_participant

__all__ = ["ask_as"]

FIRST = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""A Tuesday a week ahead, 10.00 in Stockholm."""
Made = Callable[..., Group]


def about(**more: Any) -> service.About:
    """What a group is, as its form says it."""
    facts: dict[str, Any] = {
        "title": "walk",
        "own_title": "",
        "about": "Vi går en timme i skogen.",
        "languages": ("sv",),
        "mode": "walk",
        "place": "Torget",
        "capacity": 2,
        "is_open": True,
        "offer_hours": 24,
    }
    return service.About(**facts | more)


def spans(number: int = 4, first: datetime = FIRST) -> list[Span]:
    """An hour a week."""
    starts = [first + timedelta(weeks=week) for week in range(number)]
    return [Span(one, one + timedelta(hours=1)) for one in starts]


@pytest.fixture
def made(database: Database, world: World, ask_as: AskAs, now: datetime) -> Made:
    """`made(**about)`: a group that the coach leads, committed."""

    def make(when: Sequence[Span] = (), team_id: uuid.UUID | None = None, **more: Any) -> Group:
        coach = ask_as(world.coach)
        with database.transaction() as fresh:
            return service.make(
                fresh,
                coach,
                about(**more),
                team_id=team_id or world.here.team.id,
                leaders=[world.coach.id],
                spans=when or spans(),
                key=uuid.uuid4(),
                now=now,
            )

    return make


@pytest.fixture
def crowd(database: Database, world: World, now: datetime) -> Callable[[int], list[Person]]:
    """`crowd(5)`: so many participants of the coach's team."""

    def add(number: int) -> list[Person]:
        with database.transaction() as fresh:
            return [
                add_participant(
                    fresh, world.here, f"Person {one}", now, coach=world.coach, phone=f"+4670174{one:04d}"
                )
                for one in range(number)
            ]

    return add


@pytest.fixture
def joined(database: Database, ask_as: AskAs, now: datetime) -> Callable[[Group, Person], GroupSeat]:
    """`joined(group, person)`: they join, committed."""

    def join(group: Group, person: Person, at: datetime = now) -> GroupSeat:
        asker = ask_as(person)
        with database.transaction() as fresh:
            return seat_service.join(fresh, asker, group.id, at)

    return join


def send_all(database: Database) -> None:
    """The outbox has sent what was in it."""
    with database.transaction() as fresh:
        fresh.execute(update(OutboxMessage).values(state="sent"))


def seats(session: Session, group: Group) -> dict[uuid.UUID, GroupSeat]:
    """Every seat of a group by its person."""
    found = session.scalars(select(GroupSeat).where(GroupSeat.group_id == group.id))
    return {one.person_id: one for one in found}


def sessions(session: Session, group: Group) -> list[GroupSession]:
    """The sessions of a group in order."""
    wanted = select(GroupSession).where(GroupSession.group_id == group.id)
    return list(session.scalars(wanted.order_by(GroupSession.starts_at)))
