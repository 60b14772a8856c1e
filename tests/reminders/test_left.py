"""What still waits in the outbox when a course ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.booking import queries
from portal.identity.models import Enrolment
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.reminders import service
from tests.support import meetings
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


def test_a_queued_reminder_stays_when_the_enrolment_is_closed(
    session: Session, world: World, now: datetime
) -> None:
    meeting = meetings.add_meeting(session, world.participant, world.coach, now + DAY, now - 5 * DAY)
    assert service.tick(session, now) == 1
    reminder = session.scalars(select(OutboxMessage)).one()
    assert service.check(session, reminder, now) == messaging.Go(world.participant.phone)
    session.execute(
        update(Enrolment).where(Enrolment.person_id == world.participant.id).values(closed_on=now.date())
    )
    assert service.check(session, reminder, now) == messaging.Drop("closed")
    assert queries.next_due(session, meeting.person_id, now) is None
