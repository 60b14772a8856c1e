"""Free times of a meeting that has a room, and the rooms of staff's form."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.availability.queries import Keeper
from portal.availability.rooms import queries as rooms
from portal.availability.rooms.models import Room
from portal.availability.rooms.rules import seats_for
from portal.availability.rules import FreeTime, Span
from portal.booking.models import Appointment
from portal.booking.network.company_queries import staff_of
from portal.booking.network.time_queries import Company, free_together
from portal.booking.room_service import Stays
from portal.booking.time_service import Wish
from portal.web.asker import Asker


def free_for(
    session: Session,
    asker: Asker,
    held: Keeper,
    meeting: Appointment,
    goes: Stays,
    now: datetime,
    *,
    several: int = 0,
) -> list[FreeTime]:
    """The free times that a participant's meeting can move to: a room that goes along is free then too.

    Where `several` others are to be there, the colleagues among them are free too.
    """
    company = Company(
        staff=staff_of(session, meeting.id) if several else (),
        others=goes.also(meeting.person_id),
        without=meeting.id,
        seats=seats_for(meeting.interpreter_language) + several,
    )
    return free_together(session, asker, goes.keeper(held), company, now)


def free_instead(
    session: Session, asker: Asker, wish: Wish, interpreter: str, *, without: uuid.UUID | None = None
) -> Sequence[Room]:
    """The rooms that a meeting of the wished length could be in at the wished time."""
    if wish.length is None:
        return ()
    span = Span(wish.starts_at, wish.starts_at + wish.length)
    return rooms.free_rooms(session, asker, span, seats_for(interpreter), without=without)


def choosable(session: Session, asker: Asker, own: uuid.UUID | None = None) -> Sequence[Room]:
    """The rooms that staff choose among: those in use, and the one in which a meeting is already."""
    found = rooms.rooms(session, asker)
    if own is None or any(one.id == own for one in found):
        return found
    return [*found, rooms.room(session, asker, own)]
