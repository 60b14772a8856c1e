"""What stands before staff when they end or move a person's course."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import course_queries as meetings
from portal.booking.queries import person_meetings
from portal.booking.shown_queries import Meeting
from portal.identity.models import Person
from portal.identity.people import person_queries
from portal.identity.people.person_queries import Head
from portal.web.asker import Asker


@dataclass(frozen=True)
class Ending:
    """The person and what is booked ahead. Who may not read content gets the number alone."""

    person: Head
    number: int
    coming: tuple[Meeting, ...]


def ending(session: Session, asker: Asker, person: Person, now: datetime) -> Ending:
    """What closing would cancel. `person` is fetched within the asker's reach."""
    head = person_queries.head(session, asker, person, now.astimezone(asker.zone).date())
    ahead = meetings.coming(session, person.id, now)
    return Ending(head, len(ahead), _shown(session, asker, head, {one.id for one in ahead}, now))


def _shown(
    session: Session, asker: Asker, head: Head, wanted: set[uuid.UUID], now: datetime
) -> tuple[Meeting, ...]:
    if not head.content or not wanted:
        return ()
    found = person_meetings(session, asker, head.id, now)
    return tuple(one for one in reversed(found) if one.id in wanted)
