"""Booking while the course ends: no meeting is left behind, whoever comes first (S49)."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime
from portal.booking import service as booking
from portal.booking.models import Appointment
from portal.booking.service import NoCoach
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.models import Person
from portal.identity.people.course_service import Closure
from portal.identity.people.service import NotOpen
from portal.staff import course_service
from tests.plan.conftest import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
FIRST = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def test_no_meeting_outlives_the_enrolment(database: Database, world: World, now: datetime) -> None:
    coach, person_id = asker_of(world.coach, "coach"), world.participant.id

    def book(number: int) -> Callable[[Session], object]:
        wish = Wish(FIRST + timedelta(hours=2 * number), "phone", uuid.uuid4())
        return lambda session: booking.book_for(session, coach, person_id, wish, now, anyway=True)

    def close(session: Session) -> object:
        person = session.get_one(Person, person_id)
        return course_service.close(session, coach, person, Closure(now.date(), "work"), now=now)

    def one(act: Callable[[Session], object]) -> None:
        with APP.app_context(), suppress(NoCoach, NotOpen), database.transaction() as session:
            act(session)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, [book(0), book(1), close, book(2), close, book(3)]))
    with database.reading() as session:
        standing = select(func.count()).where(Appointment.state == "booked")
        assert session.scalar(standing) == 0
        assert session.scalar(select(func.count()).select_from(BusyTime)) == 0
