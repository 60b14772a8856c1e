"""Meetings straight in the table, for tests that are about something else than booking."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.identity.models import Person


def add_meeting(
    session: Session, person: Person, coach: Person, starts_at: datetime, booked_at: datetime, **facts: Any
) -> Appointment:
    """A booked meeting of an hour, settled at `booked_at`. It holds nobody's time."""
    values: dict[str, Any] = {
        "organisation_id": person.organisation_id,
        "person_id": person.id,
        "coach_id": coach.id,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "mode": "on_site",
        "state": "booked",
        "in_portal": True,
        "uid": uuid.uuid4(),
        "revision": 0,
        "booked_at": booked_at,
        "booked_by": coach.id,
        "changed_at": booked_at,
        "moved_count": 0,
        "attendance": "none",
    }
    meeting = Appointment(**{**values, **facts})
    session.add(meeting)
    session.flush()
    return meeting


def move(meeting: Appointment, starts_at: datetime, now: datetime) -> None:
    """What moving does to the row."""
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + timedelta(hours=1)
    meeting.revision += 1
    meeting.changed_at = now


def cancel(meeting: Appointment, now: datetime) -> None:
    """What cancelling does to the row."""
    meeting.state, meeting.cancelled_at = "cancelled", now
    meeting.revision += 1
    meeting.changed_at = now
