"""The talks that participants came to."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.booking import rules
from portal.booking.models import Appointment
from portal.identity.scope import participants_of
from portal.web.asker import Asker


def last_talks(
    session: Session, asker: Asker, *, count: int, since: datetime, until: datetime
) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The last talks that the asker's participants came to, at most `count` each, in order of time.

    Those that ended in the half-open span from `since` to `until`. One query.
    """
    place = func.row_number().over(
        partition_by=Appointment.person_id, order_by=(Appointment.starts_at.desc(), Appointment.id)
    )
    held = (
        select(Appointment.person_id, Appointment.id, Appointment.starts_at, place.label("place"))
        .where(
            Appointment.person_id.in_(participants_of(asker)),
            Appointment.state == rules.BOOKED,
            Appointment.attendance == rules.CAME,
            Appointment.ends_at >= since,
            Appointment.ends_at < until,
        )
        .subquery()
    )
    rows = session.execute(select(held).where(held.c.place <= count).order_by(held.c.starts_at, held.c.id))
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.id)
    return found
