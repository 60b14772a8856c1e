"""Whether an interpreter is to be at a meeting, and of which language. Nothing here commits."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import order_service, room_service, rules, time_service
from portal.booking.models import Appointment
from portal.booking.service import NotBooked
from portal.interpreting import service as interpreting
from portal.interpreting.order_rules import OrderWish
from portal.web.asker import Asker
from portal.wording import service as wording


def set_interpreter(
    session: Session,
    asker: Asker,
    meeting_id: uuid.UUID,
    language: str,
    now: datetime,
    wish: OrderWish | None = None,
) -> Appointment:
    """Staff say that an interpreter of this language is to be there, or with "" none. Twice is once.

    `wish`: what else they wish of the interpreter, None as before, or as is usual for the person.
    Whoever has been let in for another language is out. Raises NotBooked, TooLate (it has ended), TooSmall.
    """
    meeting = time_service.locked(session, asker, meeting_id)
    if meeting.state != rules.BOOKED:
        raise NotBooked
    if meeting.ends_at <= now:
        raise time_service.TooLate
    if meeting.interpreter_language == language:
        order_service.keep_up(session, asker, meeting, now, wish=wish)
        return meeting
    room_service.fits(session, meeting, language)
    meeting.interpreter_language = language
    interpreting.close(session, meeting.id, now)
    order_service.keep_up(session, asker, meeting, now, wish=wish)
    if language:
        wording.want(session, meeting.person_id, language, now)
    session.flush()
    time_service.note_change(session, asker, meeting)
    return meeting
