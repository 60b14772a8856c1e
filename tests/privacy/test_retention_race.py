"""Somebody comes back at the very moment in which they are to be forgotten (S46, S49)."""

import uuid
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.identity.people import service
from portal.identity.people.service import Answer, Facts, NewEnrolment
from portal.identity.service import lock_people
from portal.organisation.models import Organisation
from portal.privacy import retention_queries, retention_service
from portal.web.errors import Refused
from tests.privacy.forgetting import forget, places
from tests.support.objects import asker_of
from tests.support.world import World


def enrol(database: Database, world: World, now: datetime) -> None:
    """The coach enrols the participant again, whom the list still showed."""
    facts = Facts("Amina Hassan", "sv", world.here.programme.id, started_on=date(2026, 11, 10))
    again = NewEnrolment(facts, "", world.here.team.id, world.coach.id)
    with database.transaction() as session:
        asker = asker_of(session, world.coach)
        service.enrol(session, asker, again, ticket="t", answer=Answer(True, world.participant.id), now=now)


def open_of(database: Database) -> list[tuple[uuid.UUID, str]]:
    """Whose enrolments began this month."""
    with database.reading() as session:
        asked = select(Person).join(Enrolment, Enrolment.person_id == Person.id)
        found = session.scalars(asked.where(Enrolment.started_on >= date(2026, 11, 1)))
        return [(person.id, person.name) for person in found]


def on_its_own(database: Database) -> bool:
    """SQLite lets one transaction write at a time: nobody comes in between."""
    return database.engine.dialect.name == "sqlite"


def test_who_came_back_after_the_first_look_is_not_forgotten(
    full: Database, world: World, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = retention_queries.who
    looks: list[int] = []

    def interrupted(
        session: Session, at: datetime, where: Collection[Organisation]
    ) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
        found = look(session, at, where)
        looks.append(len(found[0]))
        if len(looks) == 1 and not on_its_own(full):
            enrol(full, world, now)
        return found

    monkeypatch.setattr(retention_queries, "who", interrupted)
    done = forget(full, now)
    if on_its_own(full):
        assert done.people == (world.participant.id,)
        return
    assert (done.people, looks) == ((), [1, 0])
    assert open_of(full) == [(world.participant.id, "Amina Hassan")]


def test_who_is_due_only_since_the_first_look_waits_for_the_next_run(
    full: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody goes who is not held."""
    monkeypatch.setattr(retention_service, "_hold", lambda *_: set())
    with pytest.raises(retention_service.Otherwise):
        forget(full, now)


def test_coming_back_and_being_forgotten_at_once_ends_in_one_or_the_other(
    full: Database, world: World, now: datetime
) -> None:
    there = places(full)

    def run() -> None:
        with full.transaction() as session:
            retention_service.forget(session, now, there)

    def come_back() -> None:
        with suppress(Refused):
            enrol(full, world, now)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(come_back), pool.submit(run)]:
            done.result()
    # Either they stayed, or they are somebody new, or the coach was told to look again: never a nobody's.
    assert all(name == "Amina Hassan" for _, name in open_of(full))


def test_who_was_forgotten_while_the_coach_waited_is_somebody_new(
    full: Database, world: World, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    if on_its_own(full):
        return
    hold = lock_people

    def late(session: Session, people: Collection[uuid.UUID]) -> None:
        forget(full, now)
        hold(session, people)

    monkeypatch.setattr(service, "lock_people", late)
    enrol(full, world, now)
    ((who, name),) = open_of(full)
    assert (who != world.participant.id, name) == (True, "Amina Hassan")
