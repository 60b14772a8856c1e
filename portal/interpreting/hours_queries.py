"""When staff who interpret are at work, as they have said themselves: in one question for all of them."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    Date,
    DateTime,
    Integer,
    Row,
    Select,
    Time,
    Uuid,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from portal.availability.models import HoursException, OwnTerms, WeeklyHours
from portal.availability.rules import (
    Calendar,
    Closing,
    Departure,
    Interval,
    Span,
    WeekHours,
    within_hours,
)
from portal.identity.absence.models import Absence
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

WEEK, OTHER, LUNCH = "week", "other", "lunch"
# PostgreSQL must know what kind of nothing it is before it can stand under a value.
_COLUMNS: dict[str, Any] = {
    "person_id": cast(null(), Uuid()),
    "weekday": cast(null(), Integer()),
    "starts": cast(null(), Time()),
    "ends": cast(null(), Time()),
    "first_day": cast(null(), Date()),
    "last_day": cast(null(), Date()),
    "begins_at": cast(null(), DateTime(timezone=True)),
    "over_at": cast(null(), DateTime(timezone=True)),
}


def rows_of(kind: str, **known: Any) -> Select[*tuple[Any, ...]]:
    """Rows of one kind, that stand in one question with others: what is not known of them is nothing."""
    columns = [known.get(name, nothing).label(name) for name, nothing in _COLUMNS.items()]
    return select(literal(kind).label("kind"), *columns)


def said_by(person_ids: Collection[uuid.UUID]) -> tuple[Select[*tuple[Any, ...]], ...]:
    """What these members of staff have said of when they work, their absences among it."""
    week, other, own = WeeklyHours, HoursException, OwnTerms
    days = {"first_day": week.first_day, "last_day": week.last_day, "person_id": week.person_id}
    differing = {"first_day": other.first_day, "last_day": other.last_day, "person_id": other.person_id}
    away = {"first_day": Absence.first_day, "last_day": Absence.last_day, "person_id": Absence.person_id}
    return (
        rows_of(WEEK, weekday=week.weekday, starts=week.starts, ends=week.ends, **days).where(
            week.person_id.in_(person_ids)
        ),
        rows_of(OTHER, starts=other.starts, ends=other.ends, **differing).where(
            other.person_id.in_(person_ids)
        ),
        rows_of(OTHER, **away).where(Absence.person_id.in_(person_ids), Absence.cancelled_at.is_(None)),
        rows_of(LUNCH, person_id=own.person_id, starts=own.lunch_starts, ends=own.lunch_ends).where(
            own.person_id.in_(person_ids), own.lunch_starts.is_not(None)
        ),
    )


def calendar_from(session: Session, asker: Asker, rows: Iterable[Row[*tuple[Any, ...]]]) -> Calendar | None:
    """The hours of one member of staff out of their rows; None for whoever has said none."""
    known = list(rows)
    week = [
        WeekHours(row.weekday, _interval(row), row.first_day, row.last_day)
        for row in known
        if row.kind == WEEK
    ]
    if not week:
        return None
    others = [
        Departure(row.first_day, row.last_day, _interval(row) if row.starts else None)
        for row in known
        if row.kind == OTHER
    ]
    lunch = next((_interval(row) for row in known if row.kind == LUNCH), None)
    house = rules_of(session, asker)
    closing = Closing(house.closed_on_holidays, house.eve_last_hour)
    return Calendar(asker.zone, tuple(week), tuple(others), lunch, closing)


def calendars_of(
    session: Session, asker: Asker, person_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Calendar]:
    """The hours of those of these members of staff who have any; one query."""
    if not person_ids:
        return {}
    theirs: dict[uuid.UUID, list[Row[*tuple[Any, ...]]]] = {}
    for row in session.execute(union_all(*said_by(person_ids))):
        theirs.setdefault(row.person_id, []).append(row)
    found = {person_id: calendar_from(session, asker, rows) for person_id, rows in theirs.items()}
    return {person_id: calendar for person_id, calendar in found.items() if calendar is not None}


def works_then(session: Session, asker: Asker, person_id: uuid.UUID | None, span: Span) -> bool:
    """Whether a time lies within somebody's own hours; also where they have said none."""
    if person_id is None:
        return True
    calendar = calendars_of(session, asker, (person_id,)).get(person_id)
    return calendar is None or within_hours(span, calendar)


def _interval(row: Any) -> Interval:
    return Interval(row.starts, row.ends)
