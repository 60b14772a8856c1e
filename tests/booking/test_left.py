"""Whoever has left gets no reminder of a meeting that nobody cancelled."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.booking import queries
from portal.identity.models import Enrolment
from tests.support.meetings import add_meeting
from tests.support.world import World


def test_a_closed_enrolment_ends_the_reminders(world: World, session: Session, now: datetime) -> None:
    for person in (world.participant, world.second_participant):
        add_meeting(session, person, world.coach, now + timedelta(hours=30), now - timedelta(days=9))
    session.execute(
        update(Enrolment).where(Enrolment.person_id == world.participant.id).values(closed_on=now.date())
    )
    due = queries.starting_between(session, now, now + timedelta(days=3))
    assert [row.person_id for row in due] == [world.second_participant.id]
