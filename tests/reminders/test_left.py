"""What still waits in the outbox when a course ends or several meetings are cancelled at once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.booking import queries
from portal.booking.models import Appointment
from portal.identity.models import Enrolment
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.notices import service as notices
from portal.notices.service import News
from portal.reminders import service
from tests.support import meetings
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


def cancelled(session: Session, world: World, now: datetime, *starts: datetime) -> OutboxMessage:
    """One message about these meetings of Amina's, all cancelled."""
    rows: list[Appointment] = []
    for starts_at in starts:
        rows.append(meetings.add_meeting(session, world.participant, world.coach, starts_at, now - DAY))
        meetings.cancel(rows[-1], now)
    session.flush()
    said = notices.meetings_changed(
        session,
        person_id=world.participant.id,
        kind="cancelled",
        news=[News(row.id, row.revision, row.starts_at) for row in rows],
        now=now,
    )
    assert said is not None
    return said


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


def test_one_message_about_several_lives_as_long_as_the_last_of_them(
    session: Session, world: World, now: datetime
) -> None:
    said = cancelled(session, world, now, now + HOUR, now + 9 * DAY)
    assert (said.kind, said.expires_at) == (kinds.MANY_CANCELLED, now + 9 * DAY)
    assert service.check(session, said, now + 2 * HOUR) == messaging.Go(world.participant.phone)


def test_at_night_it_waits_for_the_morning_unless_the_first_begins_before(
    session: Session, world: World, now: datetime
) -> None:
    night = now.replace(hour=22)
    waits = cancelled(session, world, night, night + DAY, night + 9 * DAY)
    assert isinstance(service.check(session, waits, night), messaging.Wait)
    soon = cancelled(session, world, night, night + 9 * HOUR, night + 9 * DAY)
    assert service.check(session, soon, night) == messaging.Go(world.participant.phone)
    after = service.check(session, soon, night + 9 * HOUR + DAY)
    assert isinstance(after, messaging.Go)


def test_what_waits_about_any_of_them_is_taken_back(session: Session, world: World, now: datetime) -> None:
    starts = now + DAY, now + 3 * DAY
    rows = [meetings.add_meeting(session, world.participant, world.coach, at, now - 5 * DAY) for at in starts]
    assert service.tick(session, now) == 2
    news = [News(row.id, row.revision + 1, row.starts_at) for row in rows]
    notices.meetings_changed(session, person_id=world.participant.id, kind="cancelled", news=news, now=now)
    states = session.execute(select(OutboxMessage.kind, OutboxMessage.state)).all()
    assert sorted((row.kind, row.state) for row in states) == [
        (kinds.MANY_CANCELLED, messaging.QUEUED),
        (kinds.ONE_DAY, messaging.CANCELLED),
        (kinds.THREE_DAYS, messaging.CANCELLED),
    ]
