"""After a hand-over the new coach expects the person, whoever the meeting was booked with."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.booking.day_queries import meetings_on
from portal.identity.models import Enrolment
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.world import World


def test_the_new_coach_expects_them_and_the_former_one_sees_nothing(
    world: World, session: Session, now: datetime
) -> None:
    amina, karin, olof = world.participant, world.coach, world.other_coach
    add_meeting(session, amina, karin, now + timedelta(hours=2), now - timedelta(days=9))
    before = meetings_on(session, asker_of(session, olof), now.date(), now)
    assert [one.person_id for one in before] == []
    session.execute(update(Enrolment).where(Enrolment.person_id == amina.id).values(coach_id=olof.id))
    expected = meetings_on(session, asker_of(session, olof), now.date(), now)
    assert [one.person_id for one in expected] == [amina.id]
    assert meetings_on(session, asker_of(session, karin), now.date(), now) == []


def test_a_lead_who_coaches_nobody_has_no_meetings_of_the_team(
    world: World, session: Session, now: datetime
) -> None:
    add_meeting(session, world.participant, world.coach, now + timedelta(hours=2), now - timedelta(days=9))
    assert meetings_on(session, asker_of(session, world.lead), now.date(), now) == []
