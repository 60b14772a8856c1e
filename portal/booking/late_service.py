"""A participant says that they will be late, or in time after all. Nothing here commits."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import rules, time_service
from portal.booking.models import Appointment
from portal.booking.service import NotBooked
from portal.booking.time_service import TooLate
from portal.web.asker import Asker


def say_late(
    session: Session, asker: Asker, meeting_id: uuid.UUID, now: datetime, *, late: bool
) -> Appointment:
    """The asker will be `rules.LATE_MINUTES` late, or not after all; said twice it is said once.

    Nothing else of the meeting changes: time, revision and reminders stay. Raises NotBooked, TooLate (it is
    not near yet, or over).
    """
    meeting = time_service.locked(session, asker, meeting_id)
    if meeting.state != rules.BOOKED:
        raise NotBooked
    if not rules.late_open(meeting.state, meeting.starts_at, meeting.ends_at, now):
        raise TooLate
    if (meeting.late_said_at is not None) != late:
        meeting.late_said_at = now if late else None
        session.flush()
        time_service.note_change(session, asker, meeting)
    return meeting
