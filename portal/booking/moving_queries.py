"""When a meeting can be instead: also when its interpreter can, as long as there is any such time."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.queries import Keeper
from portal.availability.rules import FreeTime, Span, within_hours
from portal.booking import rules
from portal.booking.models import Appointment
from portal.interpreting import hours_queries
from portal.interpreting.order_models import Interpreter
from portal.interpreting.order_queries import held_interpreter
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Instead:
    """The times, and what becomes of the interpreter: of `rules.INTERPRETERS`, "" where none is held."""

    times: list[FreeTime]
    interpreter: str = ""


def instead(session: Session, asker: Asker, held: Keeper, meeting: Appointment, now: datetime) -> Instead:
    """When this meeting can be instead, with this keeper of it. The caller has checked the asker.

    Only when its interpreter can, within their own hours too; where there is no such time, all there are.
    """
    standing = meeting.starts_at if meeting.state == rules.BOOKED else None
    who = held_interpreter(session, meeting.id)
    if who is not None and who.closed_at is None:
        subjects = {meeting.person_id, who.subject_id}
        free = availability.free_times(session, held, now, also=subjects, without=meeting.id)
        kept = [one for one in _within(session, asker, who, free) if one.start != standing]
        if kept:
            return Instead(kept, rules.KEPT)
    free = availability.free_times(session, held, now, also=(meeting.person_id,), without=meeting.id)
    times = [one for one in free if one.start != standing]
    return Instead(times, rules.LOST if who is not None else "")


def _within(session: Session, asker: Asker, who: Interpreter, times: list[FreeTime]) -> list[FreeTime]:
    """Those of the times that lie within the hours of staff who interpret, where they have said any."""
    if who.person_id is None or not times:
        return times
    calendar = hours_queries.calendars_of(session, asker, (who.person_id,)).get(who.person_id)
    return times if calendar is None else [one for one in times if within_hours(one, calendar)]


def interpreter_can(session: Session, asker: Asker, meeting_id: uuid.UUID, span: Span) -> bool:
    """Whether whoever interprets at a meeting can at this time; also where nobody is found yet."""
    who = held_interpreter(session, meeting_id)
    if who is None:
        return True
    busy = availability.busy_spans(session, {who.subject_id}, span.start, span.end, without=meeting_id)
    can = not busy and who.closed_at is None
    return can and hours_queries.works_then(session, asker, who.person_id, span)
