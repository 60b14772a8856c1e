"""What stands in a coach's week beside meetings: blocked time, and what participants have changed."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.block_models import BlockedTime
from portal.availability.models import BLOCK
from portal.availability.rules import Span
from portal.availability.service import Holding, occupy, release
from portal.booking.hold_service import CAUSE
from portal.booking.models import Appointment, MeetingChange
from portal.booking.rules import BOOKED, MOVED, WITHDRAWN
from portal.demo.past import weekday_from
from portal.identity.models import Person
from portal.organisation.models import Organisation

LUNCH = time(12), time(13)
"""A time at which the demo's coaches meet nobody: what is blocked there is in nobody's way."""


def add(session: Session, coach: Person, now: datetime) -> None:
    """The coach has a course at noon tomorrow; one participant has moved a meeting, another has cancelled."""
    zone = session.get_one(Organisation, coach.organisation_id).zone
    day = weekday_from(now.astimezone(zone).date() + timedelta(days=1))
    starts_at, ends_at = (datetime.combine(day, at, zone) for at in LUNCH)
    course = BlockedTime(person_id=coach.id, starts_at=starts_at, ends_at=ends_at, made_by=coach.id)
    course.own_words, course.made_at = "Kurs", now - timedelta(days=2)
    course.changed_at = course.made_at
    session.add(course)
    session.flush()
    occupy(session, BLOCK, course.id, [Holding(coach.id, Span(starts_at, ends_at))])
    soonest = (
        select(Appointment)
        .where(Appointment.coach_id == coach.id, Appointment.state == BOOKED)
        .where(Appointment.starts_at > now + timedelta(days=1))
        .order_by(Appointment.starts_at)
        .limit(8)
    )
    *_others, moved, cancelled = session.scalars(soonest).all()
    _changed(session, moved, MOVED, now - timedelta(hours=3), was_at=moved.starts_at - timedelta(days=1))
    moved.moved_count = 1
    _changed(session, cancelled, WITHDRAWN, now - timedelta(hours=1), was_at=cancelled.starts_at)
    cancelled.state, cancelled.cancelled_by = "cancelled", cancelled.person_id
    cancelled.cancelled_at = now - timedelta(hours=1)
    cancelled.cancel_reason = "Jag har en tid hos läkaren då."
    release(session, CAUSE, cancelled.id)
    session.flush()


def _changed(session: Session, meeting: Appointment, how: str, at: datetime, *, was_at: datetime) -> None:
    meeting.revision, meeting.changed_at = 1, at
    session.add(
        MeetingChange(
            appointment_id=meeting.id,
            revision=1,
            how=how,
            was_at=was_at,
            starts_at=meeting.starts_at,
            made_by=meeting.person_id,
            made_at=at,
        )
    )
