"""In which room or at which place a meeting is held, at its time and at another one. Nothing here commits."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.queries import Keeper
from portal.availability.rooms import service as rooms
from portal.availability.rooms.models import Room
from portal.availability.rooms.rules import ON_SITE, seats_for
from portal.booking import rules
from portal.booking.models import Appointment
from portal.booking.network.company_queries import how_many
from portal.web.asker import Asker


class Placed(Protocol):
    """The part of a meeting that says where it is held."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def mode(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def room_id(self) -> uuid.UUID | None: ...


@dataclass(frozen=True, slots=True)
class Where:
    """A place, and the room that it is; None for a place that is no room of the house."""

    place: str
    room: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Stays:
    """Whether a meeting takes its place along to another time; else it follows the hours.

    `room`: the room that it takes along, which must be free then.
    """

    own: bool
    room: uuid.UUID | None = None

    def keeper(self, held: Keeper) -> Keeper:
        """The coach's hours: what has its own place needs no room of theirs."""
        return held.anywhere() if self.own else held

    def also(self, person_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
        """Who and what must be free beside the coach."""
        return (person_id,) if self.room is None else (person_id, self.room)


def stays(meeting: Placed, held: Keeper, in_use: Collection[uuid.UUID]) -> Stays:
    """What of where it is a meeting takes along: not the usual place or room, nor a room that is closed."""
    mode, start, room = meeting.mode, meeting.starts_at, meeting.room_id
    if room != held.room_for(mode, start):
        return Stays(True, room) if room is None or room in in_use else Stays(False)
    return Stays(room is None and meeting.place != held.place_for(mode, start))


def in_use(session: Session, room_ids: Iterable[uuid.UUID | None]) -> frozenset[uuid.UUID]:
    """Which of these rooms are in use; no question where there is none."""
    asked = {one for one in room_ids if one is not None}
    if not asked:
        return frozenset()
    return frozenset(session.scalars(select(Room.id).where(Room.id.in_(asked), Room.closed_at.is_(None))))


def going(session: Session, meeting: Appointment, held: Keeper) -> Stays:
    """What of where it is this meeting takes along to another time."""
    return stays(meeting, held, in_use(session, (meeting.room_id,)))


def where_after(
    session: Session, asker: Asker, meeting: Appointment, held: Keeper, goes: Stays, start: datetime
) -> Where:
    """Where a meeting is held at another start. Raises Unsuited where the hours' room is too small."""
    if goes.own:
        return Where(meeting.place, goes.room)
    room = held.room_for(meeting.mode, start)
    if room is None:
        return Where(held.place_for(meeting.mode, start))
    seats = seats_for(meeting.interpreter_language) + how_many(session, meeting.id)
    return Where(rooms.suited(session, asker, room, seats).words, room)


def where_new(
    session: Session,
    asker: Asker,
    held: Keeper,
    start: datetime,
    mode: str,
    *,
    place: str,
    room: uuid.UUID | None,
    interpreter: str,
) -> Where:
    """Where a new meeting is held: in this room, if one is on site, else at this place, "" for the usual one.

    Raises Unsuited.
    """
    if room is None or mode != ON_SITE:
        return Where(place or held.place_for(mode, start))
    return Where(rooms.suited(session, asker, room, seats_for(interpreter)).words, room)


def leave(session: Session, meeting: Appointment) -> None:
    """The meeting is in the same house, but in no certain room."""
    room = session.get_one(Room, meeting.room_id)
    meeting.room_id, meeting.place = None, room.place


def say_anew(session: Session, meeting: Appointment) -> None:
    """The meeting's place is its room's as that is called now: it may have got another name or address."""
    if meeting.room_id is not None:
        meeting.place = session.get_one(Room, meeting.room_id).words


def fits(session: Session, meeting: Appointment, interpreter: str) -> None:
    """The meeting's room has a seat for an interpreter too. Raises TooSmall."""
    if meeting.room_id is None:
        return
    room = session.get_one(Room, meeting.room_id)
    if interpreter and room.seats < seats_for(interpreter):
        raise rooms.TooSmall(room.seats, seats_for(interpreter))


def change_room(
    session: Session, asker: Asker, room_id: uuid.UUID, facts: rooms.Facts, now: datetime
) -> Room:
    """Another name, place or number of seats; meetings to come are told where it is as it stands now.

    Nobody gets a message: it is the same room. Raises NameTaken, NoResultFound.
    """
    room = rooms.change(session, asker, room_id, facts)
    ahead = select(Appointment).where(
        Appointment.room_id == room.id, Appointment.ends_at > now, Appointment.state == rules.BOOKED
    )
    for meeting in session.scalars(ahead):
        meeting.place = room.words
    session.flush()
    return room
