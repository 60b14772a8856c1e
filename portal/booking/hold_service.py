"""Whose time a meeting holds while it is booked. Nothing here commits."""

import uuid
from collections.abc import Collection

from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.queries import Keeper
from portal.availability.rooms import service as rooms
from portal.availability.rooms.rules import ROOM
from portal.availability.rules import MEETING, Span
from portal.availability.service import Holding, RoomTaken, occupy
from portal.booking import room_service
from portal.booking.models import Appointment
from portal.booking.network import company_queries
from portal.web.asker import Asker
from portal.web.errors import Refused

CAUSE = MEETING


class CoachGone(Refused):
    """The coach has left, or meets nobody any longer."""


def _holdings(
    meeting: Appointment,
    mode: str,
    span: Span,
    held: Keeper,
    room: uuid.UUID | None,
    staff: Collection[uuid.UUID] = (),
) -> list[Holding]:
    """The coach's time with the buffer of its kind; the participant's too, unless it must leave no trace.

    The room's without a buffer, and colleagues': who comes next may come as these go.
    """
    until = span.end + held.terms.buffer_after(mode)
    times = [Holding(held.person_id, Span(span.start, until))]
    if meeting.in_portal:
        times.append(Holding(meeting.person_id, span))
    if room is not None:
        times.append(Holding(room, span, ROOM))
    # Who has taken the meeting over may have been asked to it before.
    return [*times, *(Holding(one, span) for one in staff if one != held.person_id)]


def hold(
    session: Session, meeting: Appointment, mode: str, span: Span, held: Keeper, room: uuid.UUID | None
) -> None:
    """Take the time for the meeting in place of what it held. Raises Taken, RoomTaken, CoachGone."""
    if not held.able:
        raise CoachGone
    rooms.lock(session, {one for one in (meeting.room_id, room) if one is not None})
    staff = company_queries.staff_of(session, meeting.id)
    occupy(session, CAUSE, meeting.id, _holdings(meeting, mode, span, held, room, staff))


def hold_anew(session: Session, asker: Asker, meeting: Appointment) -> None:
    """Hold the meeting's time for those who are to be there now. Raises Taken, CoachGone."""
    held = availability.keeper(session, asker, meeting.coach_id)
    hold(session, meeting, meeting.mode, Span(meeting.starts_at, meeting.ends_at), held, meeting.room_id)


def hold_if_free(session: Session, meeting: Appointment, mode: str, span: Span, held: Keeper) -> None:
    """As `hold`, with the meeting's own room, or without one where it is occupied or closed meanwhile."""
    room = meeting.room_id
    if room is not None and not room_service.in_use(session, (room,)):
        room = None
    try:
        hold(session, meeting, mode, span, held, room)
    except RoomTaken:
        room = None
        hold(session, meeting, mode, span, held, None)
    # Only now: whoever is refused finds the meeting as it stood.
    if room is None and meeting.room_id is not None:
        room_service.leave(session, meeting)
    room_service.say_anew(session, meeting)
