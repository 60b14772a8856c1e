"""Adding, changing, closing and opening rooms, and holding them for a meeting. Nothing here commits."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.rooms import queries
from portal.availability.rooms.models import Room
from portal.journal.service import note
from portal.organisation.service import hold as hold_organisation
from portal.web.asker import Asker
from portal.web.errors import Refused


class NameTaken(Refused):
    """Another room that is in use has this name."""


class Unsuited(Refused):
    """A meeting cannot be held in this room, free or not."""


class TooSmall(Unsuited):
    """The room seats fewer than come: `seats`, where `needed` are needed."""

    def __init__(self, seats: int, needed: int) -> None:
        super().__init__(seats, needed)
        self.seats, self.needed = seats, needed


class Closed(Unsuited):
    """Nobody meets in the room any longer, or the house has no such room."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A room as a form gives it."""

    name: str
    place: str
    seats: int


def add(session: Session, asker: Asker, facts: Facts) -> Room:
    """A new room; the same form again gives the one that is there. Raises NameTaken."""
    hold_organisation(session, asker.organisation_id)
    same = _named(session, asker, facts.name)
    if same is not None:
        if (same.place, same.seats) == (facts.place, facts.seats):
            return same
        raise NameTaken
    room = Room(organisation_id=asker.organisation_id, seats=facts.seats)
    session.add(room)
    return _written(session, asker, room, facts)


def change(session: Session, asker: Asker, room_id: uuid.UUID, facts: Facts) -> Room:
    """Another name, place or number of seats. Raises NameTaken, NoResultFound."""
    hold_organisation(session, asker.organisation_id)
    room = queries.room(session, asker, room_id)
    same = _named(session, asker, facts.name)
    if room.closed_at is None and same is not None and same.id != room.id:
        raise NameTaken
    return _written(session, asker, room, facts)


def close(session: Session, asker: Asker, room_id: uuid.UUID, now: datetime) -> Room:
    """Nobody is booked into the room any longer; what is booked there stays. Twice is once."""
    hold_organisation(session, asker.organisation_id)
    room = queries.room(session, asker, room_id)
    if room.closed_at is None:
        room.closed_at = now
        _noted(session, asker, room)
    return room


def reopen(session: Session, asker: Asker, room_id: uuid.UUID) -> Room:
    """The room is in use again; twice is once. Raises NameTaken."""
    hold_organisation(session, asker.organisation_id)
    room = queries.room(session, asker, room_id)
    if room.closed_at is not None:
        if _named(session, asker, room.name) is not None:
            raise NameTaken
        room.closed_at = None
        _noted(session, asker, room)
    return room


def lock(session: Session, room_ids: Collection[uuid.UUID]) -> None:
    """Let one transaction at a time decide about these rooms: after the people, in one order."""
    if room_ids:
        held = select(Room.id).where(Room.id.in_(room_ids)).order_by(Room.id)
        session.execute(held.with_for_update(key_share=True)).all()


def lock_all(session: Session, asker: Asker) -> None:
    """Let nobody else decide about any room of the house: for whoever changes several meetings at once."""
    held = select(Room.id).where(Room.organisation_id == asker.organisation_id).order_by(Room.id)
    session.execute(held.with_for_update(key_share=True)).all()


def suited(session: Session, asker: Asker, room_id: uuid.UUID, needed: int) -> Room:
    """The room, in use, for so many. Raises TooSmall, Closed."""
    wanted = select(Room).where(Room.id == room_id, Room.organisation_id == asker.organisation_id)
    found = session.scalars(wanted).one_or_none()
    if found is None or found.closed_at is not None:
        raise Closed
    if found.seats < needed:
        raise TooSmall(found.seats, needed)
    return found


def _named(session: Session, asker: Asker, name: str) -> Room | None:
    rooms = queries.rooms(session, asker)
    return next((one for one in rooms if one.name.casefold() == name.casefold()), None)


def _written(session: Session, asker: Asker, room: Room, facts: Facts) -> Room:
    room.name, room.place, room.seats = facts.name, facts.place, facts.seats
    _noted(session, asker, room)
    return room


def _noted(session: Session, asker: Asker, room: Room) -> None:
    session.flush()
    note(session, asker, action="change", kind="rooms", subject=None, object_id=room.id)
