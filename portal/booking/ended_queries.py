"""Meetings that are over, of which may be said that there are questions to answer."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.booking import rules
from portal.booking.models import Appointment
from portal.identity.models import Enrolment

LONGEST = timedelta(days=1)
"""No meeting is as long: by its start it is found in the index."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A meeting that was not missed, as far as anybody has noted."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    person_id: uuid.UUID
    ends_at: datetime


def ended_between(
    session: Session, start: datetime, end: datetime, only: Collection[uuid.UUID] | None = None
) -> Sequence[Ended]:
    """Meetings of all organisations, with people who are enrolled, that ended in [start, end).

    `only`: of these people alone. Nothing of it is shown.
    """
    columns = (Appointment.id, Appointment.organisation_id, Appointment.person_id, Appointment.ends_at)
    enrolled = exists().where(Enrolment.person_id == Appointment.person_id, Enrolment.closed_on.is_(None))
    wanted = select(*columns).where(
        Appointment.state == rules.BOOKED,
        Appointment.attendance != rules.ABSENT,
        Appointment.in_portal.is_(True),
        Appointment.starts_at >= start - LONGEST,
        Appointment.starts_at < end,
        Appointment.ends_at >= start,
        Appointment.ends_at < end,
        enrolled,
    )
    if only is not None:
        wanted = wanted.where(Appointment.person_id.in_(only))
    return [Ended(*row) for row in session.execute(wanted)]
