"""The verbs that end or move a person's course: each touches the enrolment and what is booked."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import course_service as meetings
from portal.identity.models import Person
from portal.identity.people import course_service as enrolments
from portal.identity.people.course_service import Closure
from portal.web.asker import Asker


def close(session: Session, asker: Asker, person: Person, closure: Closure, *, now: datetime) -> int:
    """Close the enrolment and cancel the meetings ahead; how many those were.

    `person` is fetched within the asker's reach. Raises WrongDays, or NotOpen when it is closed already.
    """
    enrolments.close(session, asker, person, closure, now=now)
    return meetings.cancel_coming(session, asker, person.id, now)
