"""Within whose own hours an interpreter's time lies: of staff alone, who have said when they work."""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.models import HoursException, OwnTerms, WeeklyHours
from portal.availability.rules import Calendar, Closing, Departure, Span, within_hours
from portal.identity.absence.models import Absence
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


def calendars_of(
    session: Session, asker: Asker, person_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Calendar]:
    """The hours of those of these members of staff who have any; as many questions for ten as for one."""
    weeks: dict[uuid.UUID, list[WeeklyHours]] = {}
    if not person_ids:
        return {}
    for row in session.scalars(select(WeeklyHours).where(WeeklyHours.person_id.in_(person_ids))):
        weeks.setdefault(row.person_id, []).append(row)
    if not weeks:
        return {}
    lunches = {
        row.person_id: row.lunch
        for row in session.scalars(select(OwnTerms).where(OwnTerms.person_id.in_(weeks)))
    }
    departures = _departures(session, weeks)
    house = rules_of(session, asker)
    closing = Closing(house.closed_on_holidays, house.eve_last_hour)
    return {
        person_id: Calendar(
            asker.zone,
            tuple(row.as_hours for row in week),
            tuple(departures.get(person_id, ())),
            lunches.get(person_id),
            closing,
        )
        for person_id, week in weeks.items()
    }


def _departures(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Departure]]:
    """What differs from their weeks, the days of their absences among it."""
    found: dict[uuid.UUID, list[Departure]] = {}
    own = select(HoursException).where(HoursException.person_id.in_(person_ids))
    for row in session.scalars(own):
        found.setdefault(row.person_id, []).append(row.as_departure)
    gone = select(Absence).where(Absence.person_id.in_(person_ids), Absence.cancelled_at.is_(None))
    for away in session.scalars(gone):
        found.setdefault(away.person_id, []).append(Departure(away.first_day, away.last_day))
    return found


def works_then(session: Session, asker: Asker, person_id: uuid.UUID | None, span: Span) -> bool:
    """Whether a time lies within somebody's own hours; also where they have said none."""
    if person_id is None:
        return True
    calendar = calendars_of(session, asker, (person_id,)).get(person_id)
    return calendar is None or within_hours(span, calendar)
