"""A database in which somebody is to be forgotten."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.journal import chain_service
from portal.journal.models import JournalRow
from portal.staff.models import Attention
from tests.privacy.forgetting import LONG_AGO
from tests.support import objects
from tests.support.world import World


@pytest.fixture
def full(database: Database, world: World, now: datetime) -> Database:
    """Something of each kind about three people; one of them was closed, and a coach left, long ago."""
    with database.transaction() as session:
        objects.populate(session, world, now)
        session.execute(
            update(Enrolment)
            .where(Enrolment.person_id == world.participant.id)
            .values(
                applied_on=date(2023, 1, 20),
                first_meeting_on=date(2023, 2, 9),
                started_on=date(2023, 3, 5),
                closed_on=LONG_AGO,
                outcome="work",
            )
        )
        session.execute(
            update(Person)
            .where(Person.id == world.participant.id)
            .values(gender="woman", municipality="norr")
        )
        session.execute(
            update(Person)
            .where(Person.id == world.other_coach.id)
            .values(disabled_at=now - timedelta(days=900))
        )
        for days in (10, 500):
            session.add(
                Attention(
                    person_id=world.second_participant.id,
                    key=f"help:{days}",
                    kind="help",
                    outcome="called",
                    handled_by=world.coach.id,
                    handled_at=now - timedelta(days=days),
                )
            )
        session.execute(
            insert(JournalRow),
            [
                {
                    "at": now - timedelta(days=days),
                    "action": "read",
                    "kind": "plan",
                    "subject_id": world.lead.id,
                }
                for days in (3000, 2500, 30, 1)
            ],
        )
        chain_service.chain(session, now)
    return database
