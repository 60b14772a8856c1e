"""Whether an interpreter is to be at a meeting, and of which language. Nothing here commits."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import room_service, rules, time_service
from portal.booking.models import Appointment
from portal.booking.service import NotBooked
from portal.interpreting import service as interpreting
from portal.web.asker import Asker
from portal.wording import service as wording


def set_interpreter(
    session: Session, asker: Asker, meeting_id: uuid.UUID, language: str, now: datetime
) -> Appointment:
    """Staff say that an interpreter of this language is to be there, or with "" none. Twice is once.

    Whoever has been let in for another language is out. Raises NotBooked, TooLate (it has ended), TooSmall.
    """
    meeting = time_service.locked(session, asker, meeting_id)
    if meeting.state != rules.BOOKED:
        raise NotBooked
    if meeting.ends_at <= now:
        raise time_service.TooLate
    if meeting.interpreter_language == language:
        return meeting
    room_service.fits(session, meeting, language)
    meeting.interpreter_language = language
    interpreting.close(session, meeting.id, now)
    if language:
        wording.want(session, meeting.person_id, language, now)
    session.flush()
    time_service.note_change(session, asker, meeting)
    return meeting
