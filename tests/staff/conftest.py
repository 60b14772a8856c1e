"""A coach with things that have happened."""

import uuid
from datetime import datetime, timedelta

import pytest

from portal.db import Database
from portal.plan import service as plans
from portal.plan.help_service import ask_help
from portal.plan.rules import Wording
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.world import World


@pytest.fixture
def busy_world(database: Database, world: World, now: datetime) -> World:
    """Amina asked for help; Yonas missed a meeting and has none ahead; others have the same elsewhere."""
    with database.transaction() as session:
        for who, coach in (
            (world.participant, world.coach),
            (world.other_participant, world.other_coach),
            (world.far_participant, world.far_coach),
        ):
            step = plans.add_step(
                session,
                asker_of(session, coach),
                person_id=who.id,
                step_id=uuid.uuid4(),
                kind="step",
                wording=Wording("Ring skolan"),
                now=now,
            )
            ask_help(
                session,
                asker_of(session, who),
                step_id=step.id,
                request_id=uuid.uuid4(),
                words="Vem ska jag ringa?",
                now=now - timedelta(hours=3),
            )
            add_meeting(session, who, coach, now + timedelta(hours=2), now - timedelta(days=9))
        for who, coach in (
            (world.second_participant, world.coach),
            (world.other_participant, world.other_coach),
        ):
            add_meeting(
                session,
                who,
                coach,
                now - timedelta(days=22),
                now - timedelta(days=30),
                attendance="absent",
                attended_at=now - timedelta(days=22),
                attendance_by=coach.id,
            )
    return world
