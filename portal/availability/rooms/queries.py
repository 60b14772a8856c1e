"""Reads about rooms: the house's, and which are free. Open to everyone of the staff."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime, WeeklyHours
from portal.availability.rooms.models import Room
from portal.availability.rooms.rules import TWO
from portal.availability.rules import Span
from portal.web.asker import Asker


def rooms(session: Session, asker: Asker, *, closed: bool = False) -> Sequence[Room]:
    """The rooms of the house that are in use, or those that are closed, by name."""
    wanted = select(Room).where(
        Room.organisation_id == asker.organisation_id,
        Room.closed_at.is_not(None) if closed else Room.closed_at.is_(None),
    )
    return _by_name(session.scalars(wanted))


def room(session: Session, asker: Asker, room_id: uuid.UUID) -> Room:
    """One room of the house, closed or not. Raises NoResultFound."""
    wanted = select(Room).where(Room.id == room_id, Room.organisation_id == asker.organisation_id)
    return session.scalars(wanted).one()


def free_rooms(
    session: Session, asker: Asker, span: Span, seats: int = TWO, *, without: uuid.UUID | None = None
) -> Sequence[Room]:
    """The rooms in use that seat so many and that nothing holds then, by name; one query.

    `without` leaves out what one cause holds: a meeting does not stand in its own way.
    """
    met = exists().where(
        BusyTime.subject_id == Room.id, BusyTime.starts_at < span.end, BusyTime.ends_at > span.start
    )
    wanted = select(Room).where(
        Room.organisation_id == asker.organisation_id,
        Room.closed_at.is_(None),
        Room.seats >= seats,
        ~(met if without is None else met.where(BusyTime.cause_id != without)),
    )
    return _by_name(session.scalars(wanted))


def held_ahead(session: Session, asker: Asker, room_id: uuid.UUID, now: datetime) -> int:
    """How many times to come a room of the house is held for."""
    own = Room.id == room_id, Room.organisation_id == asker.organisation_id
    held = select(func.count()).select_from(BusyTime).join(Room, Room.id == BusyTime.subject_id)
    return session.scalar(held.where(*own, BusyTime.ends_at > now)) or 0


def in_hours(session: Session, asker: Asker, room_id: uuid.UUID) -> int:
    """How many coaches have hours in a room of the house."""
    named = select(func.count(WeeklyHours.person_id.distinct())).join(Room, Room.id == WeeklyHours.room_id)
    return session.scalar(named.where(Room.id == room_id, Room.organisation_id == asker.organisation_id)) or 0


def _by_name(found: Iterable[Room]) -> Sequence[Room]:
    return sorted(found, key=lambda one: one.name.casefold())
