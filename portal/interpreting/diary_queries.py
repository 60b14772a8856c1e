"""When one interpreter can: their own hours and their busy times, in one question."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Date, DateTime, Integer, Select, Time, cast, literal, null, select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime, HoursException, OwnTerms, WeeklyHours
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
from portal.identity.models import Person
from portal.interpreting.order_models import Interpreter
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

BUSY, WEEK, OTHER, LUNCH, LEFT = "busy", "week", "other", "lunch", "left"
# PostgreSQL must know what kind of nothing it is before it can stand under a value.
_COLUMNS: dict[str, Any] = {
    "weekday": cast(null(), Integer()),
    "starts": cast(null(), Time()),
    "ends": cast(null(), Time()),
    "first_day": cast(null(), Date()),
    "last_day": cast(null(), Date()),
    "begins_at": cast(null(), DateTime(timezone=True)),
    "over_at": cast(null(), DateTime(timezone=True)),
}


def _rows(kind: str, **known: Any) -> Select[*tuple[Any, ...]]:
    """Rows of one kind: what is not known of them is nothing."""
    columns = [known.get(name, nothing).label(name) for name, nothing in _COLUMNS.items()]
    return select(literal(kind).label("kind"), *columns)


@dataclass(frozen=True, slots=True)
class Diary:
    """An interpreter's hours, None for any, and when they are busy. `left`: they work here no longer."""

    calendar: Calendar | None
    busy: tuple[Span, ...]
    left: bool = False

    def can(self, span: Span) -> bool:
        """Whether they are free then, and at work."""
        if self.left or any(span.meets(one) for one in self.busy):
            return False
        return self.calendar is None or within_hours(Span(span.start, span.end), self.calendar)


def diary(
    session: Session, asker: Asker, who: Interpreter, start: datetime, end: datetime, *, without: uuid.UUID
) -> Diary:
    """An interpreter's diary between two instants, without what they hold for the meeting `without`."""
    asked = _rows(BUSY, begins_at=BusyTime.starts_at, over_at=BusyTime.ends_at).where(
        BusyTime.subject_id == who.subject_id,
        BusyTime.starts_at < end,
        BusyTime.ends_at > start,
        BusyTime.cause_id != without,
    )
    hours = _hours_of(who.person_id) if who.person_id else ()
    rows = session.execute(asked.union_all(*hours) if hours else asked).all()
    busy = tuple(Span(row.begins_at, row.over_at) for row in rows if row.kind == BUSY)
    week = tuple(
        WeekHours(row.weekday, _interval(row), row.first_day, row.last_day)
        for row in rows
        if row.kind == WEEK
    )
    if any(row.kind == LEFT for row in rows):
        return Diary(None, busy, left=True)
    if not week:
        return Diary(None, busy)
    house = rules_of(session, asker)
    others = [row for row in rows if row.kind == OTHER]
    departures = [
        Departure(row.first_day, row.last_day, _interval(row) if row.starts else None) for row in others
    ]
    lunch = next((_interval(row) for row in rows if row.kind == LUNCH), None)
    closing = Closing(house.closed_on_holidays, house.eve_last_hour)
    return Diary(Calendar(asker.zone, week, tuple(departures), lunch, closing), busy)


def _interval(row: Any) -> Interval:
    return Interval(row.starts, row.ends)


def _hours_of(person_id: uuid.UUID) -> tuple[Select[*tuple[Any, ...]], ...]:
    """What a member of staff has said of when they work."""
    week, other, own = WeeklyHours, HoursException, OwnTerms
    days = {"first_day": week.first_day, "last_day": week.last_day}
    return (
        _rows(WEEK, weekday=week.weekday, starts=week.starts, ends=week.ends, **days).where(
            week.person_id == person_id
        ),
        _rows(
            OTHER, starts=other.starts, ends=other.ends, first_day=other.first_day, last_day=other.last_day
        ).where(other.person_id == person_id),
        _rows(OTHER, first_day=Absence.first_day, last_day=Absence.last_day).where(
            Absence.person_id == person_id, Absence.cancelled_at.is_(None)
        ),
        _rows(LEFT).where(Person.id == person_id, Person.disabled_at.is_not(None)),
        _rows(LUNCH, starts=own.lunch_starts, ends=own.lunch_ends).where(
            own.person_id == person_id, own.lunch_starts.is_not(None)
        ),
    )
