"""The house's rooms: one in which the coach meets on Wednesdays, one with more seats, one that is closed."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.models import WeeklyHours
from portal.availability.queries import busy_of_each
from portal.availability.rooms.models import Room
from portal.availability.rooms.rules import ON_SITE, ROOM
from portal.availability.rules import Span
from portal.availability.service import Holding, occupy
from portal.booking.hold_service import CAUSE
from portal.booking.models import Appointment
from portal.booking.rules import BOOKED
from portal.identity.models import Person

WEDNESDAY = 2
ROOMS = (
    ("Granen", "Storgatan 4, våning 2", 3),
    ("Tallen", "Storgatan 4, våning 2", 2),
    ("Salen", "Storgatan 4", 14),
)
CLOSED = ("Källaren", "Storgatan 4, en trappa ner", 6)


def add(session: Session, coach: Person, now: datetime) -> None:
    """Wednesdays and the coach's next meeting on site are in the first room."""
    made = [_room(session, coach, *facts) for facts in (*ROOMS, CLOSED)]
    made[-1].closed_at = now - timedelta(days=30)
    first = made[0]
    wednesdays = WeeklyHours.person_id == coach.id, WeeklyHours.weekday == WEDNESDAY
    for row in session.scalars(select(WeeklyHours).where(*wednesdays)):
        row.room_id = first.id
    soonest = select(Appointment).where(
        Appointment.coach_id == coach.id,
        Appointment.state == BOOKED,
        Appointment.mode == ON_SITE,
        Appointment.starts_at > now,
    )
    meeting = session.scalars(soonest.order_by(Appointment.starts_at).limit(1)).one_or_none()
    if meeting is not None:
        _put(session, meeting, first)


def _room(session: Session, coach: Person, name: str, place: str, seats: int) -> Room:
    room = Room(organisation_id=coach.organisation_id, seats=seats)
    room.name, room.place = name, place
    session.add(room)
    session.flush()
    return room


def _put(session: Session, meeting: Appointment, room: Room) -> None:
    """The meeting holds the room beside the people that it holds already."""
    people = (meeting.coach_id, meeting.person_id)
    rows = busy_of_each(session, people, meeting.starts_at, meeting.ends_at)
    held = [
        Holding(row.subject_id, row.span)
        for one in people
        for row in rows.get(one, ())
        if row.cause_id == meeting.id
    ]
    span = Span(meeting.starts_at, meeting.ends_at)
    occupy(session, CAUSE, meeting.id, [*held, Holding(room.id, span, ROOM)])
    meeting.room_id, meeting.place = room.id, room.words
    session.flush()
