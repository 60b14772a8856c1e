"""When a meeting can be instead: also when its interpreter can, as long as there is any such time."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from portal.availability.rules import FreeTime, Span
from portal.booking import rules
from portal.booking.models import Appointment, OwnTravel
from portal.booking.network.company_queries import several
from portal.booking.shown_queries import visible
from portal.booking.travel_rules import ANY_TIME, Travel
from portal.interpreting.diary_queries import diary
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.interpreting.order_queries import held_interpreter
from portal.interpreting.order_rules import HELD
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Instead:
    """The times, and what becomes of the interpreter: of `rules.INTERPRETERS`, "" where none is held."""

    times: list[FreeTime]
    interpreter: str = ""


@dataclass(frozen=True, slots=True)
class Moving:
    """A meeting, who interprets at it, when its participant can come, and how many others are to be there."""

    meeting: Appointment
    interpreter: Interpreter | None
    travel: Travel
    several: int = 0


def moving_own(session: Session, asker: Asker, meeting_id: uuid.UUID) -> Moving:
    """The asker's own meeting, to be moved; one query. Raises NoResultFound."""
    return _moving(session, visible(asker).where(Appointment.id == meeting_id))


def moving(session: Session, meeting: Appointment) -> Moving:
    """A meeting that the asker may read, to be moved by staff; one query."""
    return _moving(session, select(Appointment).where(Appointment.id == meeting.id))


def _moving(session: Session, wanted: Select[Appointment]) -> Moving:
    row = session.execute(
        wanted.outerjoin(
            InterpreterOrder,
            and_(InterpreterOrder.meeting_id == Appointment.id, InterpreterOrder.state.in_(HELD)),
        )
        .outerjoin(Interpreter, Interpreter.id == InterpreterOrder.interpreter_id)
        .outerjoin(OwnTravel, OwnTravel.person_id == Appointment.person_id)
        .add_columns(Interpreter, OwnTravel, several())
    ).one()
    travel: OwnTravel | None = row[2]
    return Moving(row[0], row[1], travel.as_travel if travel else ANY_TIME, row[3])


def instead(
    session: Session, asker: Asker, meeting: Appointment, free: Sequence[FreeTime], who: Interpreter | None
) -> Instead:
    """When this meeting can be instead, of these free times of its keeper. The caller has checked the asker.

    Only when its interpreter can, within their own hours too; where there is no such time, all there are.
    """
    standing = meeting.starts_at if meeting.state == rules.BOOKED else None
    times = [one for one in free if one.start != standing]
    if who is None:
        return Instead(times)
    if who.closed_at is None and times:
        known = diary(session, asker, who, times[0].start, times[-1].end, without=meeting.id)
        kept = [one for one in times if known.can(one)]
        if kept:
            return Instead(kept, rules.KEPT)
    return Instead(times, rules.LOST)


def interpreter_can(session: Session, asker: Asker, meeting_id: uuid.UUID, span: Span) -> bool:
    """Whether whoever interprets at a meeting can at this time; also where nobody is found yet."""
    who = held_interpreter(session, meeting_id)
    if who is None:
        return True
    known = diary(session, asker, who, span.start, span.end, without=meeting_id)
    return who.closed_at is None and known.can(span)
