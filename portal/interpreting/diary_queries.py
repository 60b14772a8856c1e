"""When one interpreter can: their own hours and their busy times, in one question."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import union_all
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime
from portal.availability.rules import Calendar, Span, within_hours
from portal.identity.models import Person
from portal.interpreting.hours_queries import calendar_from, rows_of, said_by
from portal.interpreting.order_models import Interpreter
from portal.web.asker import Asker

BUSY, LEFT = "busy", "left"


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
    asked = [
        rows_of(BUSY, begins_at=BusyTime.starts_at, over_at=BusyTime.ends_at).where(
            BusyTime.subject_id == who.subject_id,
            BusyTime.starts_at < end,
            BusyTime.ends_at > start,
            BusyTime.cause_id != without,
        )
    ]
    if who.person_id is not None:
        gone = rows_of(LEFT).where(Person.id == who.person_id, Person.disabled_at.is_not(None))
        asked += [gone, *said_by((who.person_id,))]
    rows = session.execute(union_all(*asked)).all()
    return Diary(
        calendar_from(session, asker, rows),
        tuple(Span(row.begins_at, row.over_at) for row in rows if row.kind == BUSY),
        left=any(row.kind == LEFT for row in rows),
    )
