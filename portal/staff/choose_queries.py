"""Whom a free time can be booked for: a coach's participants, whom they met last first."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.booking import rules as meetings
from portal.booking.models import Appointment
from portal.crypto import open_sealed
from portal.identity.models import Enrolment, Person
from portal.identity.people.rules import OPENED_AT_MOST, matches, sort_key
from portal.identity.scope import participants_of
from portal.journal.service import note
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Choice:
    """One participant, when they were met last, and when they are met next; None for never."""

    person_id: uuid.UUID
    name: str
    last_at: datetime | None
    next_at: datetime | None


def choices(
    session: Session, asker: Asker, coach_id: uuid.UUID, now: datetime, *, query: str = ""
) -> Sequence[Choice]:
    """The participants of a coach within the asker's scope; of a search those it finds, by name. One query.

    Everybody who is shown has been read (S42).
    """
    booked = (Appointment.person_id == Person.id, Appointment.state == meetings.BOOKED)
    last = select(func.max(Appointment.starts_at)).where(*booked, Appointment.starts_at <= now)
    following = select(func.min(Appointment.starts_at)).where(*booked, Appointment.starts_at > now)
    rows = session.execute(
        select(
            Person.id,
            Person.name_sealed,
            Person.phone_sealed,
            last.scalar_subquery().label("last_at"),
            following.scalar_subquery().label("next_at"),
        )
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Person.id.in_(participants_of(asker)),
            Enrolment.coach_id == coach_id,
            Enrolment.closed_on.is_(None),
        )
        .limit(OPENED_AT_MOST)
    )
    found = []
    for row in rows:
        name = open_sealed("person", "name_sealed", row.id, row.name_sealed)
        phone = open_sealed("person", "phone_sealed", row.id, row.phone_sealed)
        if not query or matches(name, phone, query):
            found.append(Choice(row.id, name, row.last_at, row.next_at))
    for one in found:
        note(session, asker, action="read", kind="people_list", subject=one.person_id)
    found.sort(key=lambda one: sort_key(one.name))
    if not query:
        found.sort(key=lambda one: (one.last_at is None, -one.last_at.timestamp() if one.last_at else 0))
    return found
