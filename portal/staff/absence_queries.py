"""The page of somebody's absence: what stands there, what participants read of it, what is booked then."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.booking import course_queries as meetings
from portal.booking.shown_queries import Meeting
from portal.identity.absence import desk_queries
from portal.identity.absence.desk_queries import AwayRow, Colleague
from portal.web.asker import Asker


@dataclass(frozen=True)
class Listed:
    """One absence, and the meetings that stand in it."""

    away: AwayRow
    meetings: Sequence[Meeting]


@dataclass(frozen=True)
class Page:
    """Somebody's absences that are not over, and who could stand in. `own`: they are the asker's."""

    person_id: uuid.UUID
    name: str
    first_name: str
    own: bool
    rows: Sequence[Listed]
    colleagues: Sequence[Colleague]
    team: Sequence[tuple[Colleague, date | None]]

    def row(self, absence_id: uuid.UUID) -> Listed | None:
        """One of the absences."""
        return next((one for one in self.rows if one.away.id == absence_id), None)


def page(session: Session, asker: Asker, person_id: uuid.UUID, now: datetime) -> Page:
    """The page of a member of staff. Raises NoResultFound where the asker may not open it."""
    person = desk_queries.managed(session, asker, person_id)
    today = now.astimezone(asker.zone).date()
    rows = desk_queries.listed(session, person_id, today)
    own = person_id == asker.person_id
    return Page(
        person_id=person_id,
        name=person.name,
        first_name=person.first_name,
        own=own,
        rows=[
            Listed(row, meetings.booked_with(session, asker, person_id, row.days.first, row.days.last, now))
            for row in rows
        ],
        colleagues=desk_queries.colleagues(session, asker, person_id),
        team=desk_queries.team(session, asker, today) if own and "lead" in asker.roles else (),
    )
