"""Rooms straight in the table."""

from sqlalchemy.orm import Session

from portal.availability.rooms.models import Room
from portal.identity.models import Person

STREET = "Storgatan 1, våning 2"


def add_room(
    session: Session, whose: Person, name: str = "Rum 3", seats: int = 4, place: str = STREET
) -> Room:
    """A room of somebody's house."""
    room = Room(organisation_id=whose.organisation_id, seats=seats)
    room.name, room.place = name, place
    session.add(room)
    session.flush()
    return room
