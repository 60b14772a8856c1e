"""A meeting in an hour with an interpreter of Arabic, and something in the plan to talk about."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.booking import service as booking
from portal.booking.time_service import Wish
from portal.db import Database
from portal.plan import service as plans
from portal.plan.rules import Wording
from tests.plan.conftest import asker_of
from tests.support.pages import Client
from tests.support.world import World

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Talk:
    """Whose meeting it is, which, and the coach's page about its interpreter."""

    person_id: uuid.UUID
    meeting_id: uuid.UUID
    starts_at: datetime

    @property
    def page(self) -> str:
        """The coach's page."""
        return f"/staff/people/{self.person_id}/meetings/{self.meeting_id}/interpreter"


def write_talk(session: Session, world: World, now: datetime) -> Talk:
    """Karin's meeting with Amina in an hour, a goal, a phrase and a free text in the plan."""
    coach, person_id = asker_of(world.coach, "coach"), world.participant.id
    wish = Wish(now + HOUR, "phone", interpreter="ar", length=HOUR)
    meeting = booking.book_for(session, coach, person_id, wish, now, anyway=True)
    plans.write_goal(
        session, coach, person_id=person_id, words="Jag vill arbeta i ett kök.", version=0, now=now
    )
    for text in ("Ansök om sjukpenning", "Gå till läkaren"):
        plans.add_step(
            session,
            coach,
            person_id=person_id,
            step_id=uuid.uuid4(),
            kind="step",
            wording=Wording(text),
            now=now,
        )
    return Talk(person_id, meeting.id, now + HOUR)


@pytest.fixture
def talk(database: Database, world: World, now: datetime) -> Talk:
    """The meeting, committed."""
    with database.transaction() as session:
        return write_talk(session, world, now)


@pytest.fixture
def tablet(app: Flask) -> Client:
    """The interpreter's own device."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client
