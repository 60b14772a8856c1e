"""What staff choose among for a meeting of several: colleagues, and the times at which all can."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.rooms.rules import seats_for
from portal.availability.rules import FreeTime
from portal.booking.models import Appointment
from portal.booking.network.company_queries import staff_of
from portal.booking.network.party_queries import choosable
from portal.booking.network.service import Plan
from portal.booking.network.time_queries import Company, as_planned, free_together
from portal.booking.queries import coach_of
from portal.booking.rules import BOOKED
from portal.booking.travel_queries import travel_of
from portal.booking.travel_rules import split
from portal.interpreting.order_models import Interpreter
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Asked:
    """How a meeting is to be held, and who must be there beside participant and coach."""

    mode: str
    length: timedelta
    plan: Plan
    room: uuid.UUID | None
    interpreter: str


@dataclass(frozen=True, slots=True)
class Times:
    """When all of them can: what fits the participant's bus, and what fits it badly, with why."""

    fitting: tuple[FreeTime, ...]
    others: tuple[tuple[FreeTime, str], ...]
    able: bool = True


def colleagues(
    session: Session, asker: Asker, person_id: uuid.UUID, *, meeting_id: uuid.UUID | None = None
) -> dict[uuid.UUID, str]:
    """Who can be asked to a participant's meeting beside its coach, those who are asked already left out."""
    there: set[uuid.UUID | None] = set()
    if meeting_id is None:
        there.add(coach_of(session, person_id))
    else:
        held = select(Appointment.coach_id).where(Appointment.id == meeting_id)
        there = {session.scalar(held), *staff_of(session, meeting_id)}
    return {one: name for one, name in choosable(session, asker).items() if one not in there}


def usual_language(session: Session, person_id: uuid.UUID) -> str:
    """The language of the interpreter at a participant's last booked meeting, "" for none."""
    last = (
        select(Appointment.interpreter_language)
        .where(Appointment.person_id == person_id, Appointment.state == BOOKED)
        .order_by(Appointment.starts_at.desc())
        .limit(1)
    )
    return session.scalar(last) or ""


def times(session: Session, asker: Asker, person_id: uuid.UUID, asked: Asked, now: datetime) -> Times | None:
    """When the participant, their coach and everybody who was chosen can; None without a coach.

    The caller has checked the participant. A room that is chosen is free then; else that of the hours, if it
    seats them all.
    """
    coach_id = coach_of(session, person_id)
    if coach_id is None:
        return None
    held = as_planned(availability.keeper(session, asker, coach_id), asked.mode, asked.length)
    who = session.get(Interpreter, asked.plan.interpreter_id) if asked.plan.interpreter_id else None
    staff = tuple(one for one in asked.plan.staff if one != coach_id)
    company = Company(
        staff=staff,
        interpreter=who if who and who.organisation_id == asker.organisation_id else None,
        others=(person_id, *((asked.room,) if asked.room else ())),
        seats=seats_for(asked.interpreter) + len(staff),
    )
    free = free_together(session, asker, held.anywhere() if asked.room else held, company, now)
    fitting, others = split(free, travel_of(session, person_id), held.calendar.zone)
    return Times(tuple(fitting), tuple(others), held.able)
