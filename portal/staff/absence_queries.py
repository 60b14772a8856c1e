"""The page of somebody's absence: what stands there, what participants read of it, what is booked then."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.availability.rules import day_start
from portal.booking import away_queries
from portal.booking import course_queries as meetings
from portal.booking.away_queries import Gone, Hit
from portal.booking.network.company_queries import AskedTo, asked_between
from portal.booking.shown_queries import Meeting
from portal.identity.absence import desk_queries
from portal.identity.absence.desk_queries import AwayRow, Colleague
from portal.web.asker import Asker


@dataclass(frozen=True)
class Listed:
    """One absence, and the meetings that stand in it. `undo`: what can be undone of them, and until when.

    `asked`: those of others to which they are asked, and do not come.
    """

    away: AwayRow
    meetings: Sequence[Meeting]
    undo: tuple[uuid.UUID, datetime] | None
    asked: Sequence[AskedTo] = ()


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
    undoable = away_queries.undoable(session, [row.id for row in rows], now)
    return Page(
        person_id=person_id,
        name=person.name,
        first_name=person.first_name,
        own=own,
        rows=[
            Listed(
                row,
                meetings.booked_with(session, asker, person_id, row.days.first, row.days.last, now),
                undoable.get(row.id),
                _asked(session, asker, person_id, row, now),
            )
            for row in rows
        ],
        colleagues=desk_queries.colleagues(session, asker, person_id),
        team=desk_queries.team(session, asker, today) if own and "lead" in asker.roles else (),
    )


def _asked(
    session: Session, asker: Asker, person_id: uuid.UUID, row: AwayRow, now: datetime
) -> Sequence[AskedTo]:
    start = day_start(row.days.first, asker.zone)
    end = day_start(row.days.last + timedelta(days=1), asker.zone)
    return asked_between(session, person_id, start, end, now)


@dataclass(frozen=True)
class MeetingsPage:
    """One absence, and what can become of each meeting in it."""

    person_id: uuid.UUID
    name: str
    own: bool
    away: AwayRow
    hits: Sequence[Hit]


def _listed(
    session: Session, asker: Asker, person_id: uuid.UUID, absence_id: uuid.UUID, now: datetime
) -> AwayRow:
    today = now.astimezone(asker.zone).date()
    rows = desk_queries.listed(session, person_id, today)
    found = next((row for row in rows if row.id == absence_id), None)
    if found is None:
        raise desk_queries.nothing()
    return found


def gone(session: Session, asker: Asker, person_id: uuid.UUID, absence_id: uuid.UUID, now: datetime) -> Gone:
    """An absence that is not over, for the verbs about its meetings. Raises NoResultFound."""
    desk_queries.managed(session, asker, person_id)
    return _gone(person_id, _listed(session, asker, person_id, absence_id, now))


def _gone(person_id: uuid.UUID, row: AwayRow) -> Gone:
    return Gone(row.id, person_id, row.days, row.stand_in_id)


def meetings_in(
    session: Session, asker: Asker, person_id: uuid.UUID, absence_id: uuid.UUID, now: datetime
) -> Sequence[Meeting]:
    """The coming meetings in one absence. Raises NoResultFound."""
    days = desk_queries.one(session, asker, person_id, absence_id)
    return meetings.booked_with(session, asker, person_id, days.first, days.last, now)


def meetings_page(
    session: Session, asker: Asker, person_id: uuid.UUID, absence_id: uuid.UUID, now: datetime
) -> MeetingsPage:
    """The meetings in an absence. Raises NoResultFound where the asker may not open it, or it is over."""
    person = desk_queries.managed(session, asker, person_id)
    row = _listed(session, asker, person_id, absence_id, now)
    hits = away_queries.hits(session, asker, _gone(person_id, row), now)
    return MeetingsPage(person_id, person.name, person_id == asker.person_id, row, hits)
