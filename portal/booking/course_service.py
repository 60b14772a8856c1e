"""What becomes of coming meetings when a course ends or gets another coach. Nothing here commits."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.rooms.service import lock_all
from portal.availability.service import Taken
from portal.booking import course_queries, rules, time_service
from portal.booking.models import Appointment
from portal.booking.queries import coach_of
from portal.booking.service import NoCoach, NotBooked
from portal.booking.time_service import TooLate
from portal.booking.told_service import tell
from portal.identity.service import lock_people
from portal.interpreting import service as interpreting
from portal.web.asker import Asker
from portal.web.errors import Refused


class Undecided(Refused):
    """Nobody has said what becomes of a coming meeting: it was booked a moment ago."""


class Collides(Refused):
    """The new coach is busy at the time of this meeting."""

    def __init__(self, meeting_id: uuid.UUID) -> None:
        super().__init__(str(meeting_id))
        self.meeting_id = meeting_id


def cancel_coming(session: Session, asker: Asker, person_id: uuid.UUID, now: datetime) -> int:
    """Cancel every meeting that has not started, and tell of each; how many there were.

    The caller has checked that the asker may decide about the person.
    """
    # Every verb about a meeting waits for its person, so that a coach's row need not be held.
    lock_people(session, (person_id,))
    coming = course_queries.coming(session, person_id, now)
    for meeting in coming:
        time_service.cancel(session, asker, meeting, "", now)
        tell(session, meeting, "cancelled", now)
    return len(coming)


def hand_over(
    session: Session,
    asker: Asker,
    person_id: uuid.UUID,
    coach_id: uuid.UUID,
    decided: Mapping[uuid.UUID, str],
    now: datetime,
) -> None:
    """Each coming meeting goes along to the new coach, stays with the former one or is cancelled.

    The caller has checked that the asker may decide about the person, and holds them and the new coach.
    Raises Undecided, Collides, CoachGone.
    """
    held = availability.keeper(session, asker, coach_id)
    lock_all(session, asker)
    for meeting in course_queries.coming(session, person_id, now):
        # Whoever was let in by the former coach's code is out, whatever becomes of the meeting.
        interpreting.close(session, meeting.id, now)
        if meeting.coach_id == coach_id:
            continue
        match decided.get(meeting.id):
            case rules.ALONG:
                try:
                    if time_service.give(session, asker, meeting, held, now):
                        tell(session, meeting, "changed", now)
                except Taken:
                    raise Collides(meeting.id) from None
            case rules.CANCEL:
                time_service.cancel(session, asker, meeting, "", now)
                tell(session, meeting, "cancelled", now)
            case rules.STAY:
                pass
            case _:
                raise Undecided


def take_over(session: Session, asker: Asker, meeting_id: uuid.UUID, now: datetime) -> Appointment:
    """A meeting that stayed with a former coach goes to the one whom the person has now.

    Raises Taken, TooLate, NotBooked, NoCoach, CoachGone.
    """
    meeting = time_service.locked(session, asker, meeting_id)
    coach_id = coach_of(session, meeting.person_id)
    if coach_id is None:
        raise NoCoach
    if meeting.coach_id == coach_id:
        return meeting
    if meeting.state != rules.BOOKED:
        raise NotBooked
    if meeting.starts_at <= now:
        raise TooLate
    if time_service.give(session, asker, meeting, availability.keeper(session, asker, coach_id), now):
        tell(session, meeting, "changed", now)
    return meeting
