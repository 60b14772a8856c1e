"""Reads about the meetings that lie ahead when a course ends or gets another coach."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking import rules
from portal.booking.models import Appointment


def coming(session: Session, person_id: uuid.UUID, now: datetime) -> Sequence[Appointment]:
    """A person's booked meetings that have not started, by their time. The caller has checked the person."""
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.person_id == person_id,
            Appointment.state == rules.BOOKED,
            Appointment.starts_at > now,
        )
        .order_by(Appointment.starts_at)
        .execution_options(populate_existing=True)
    ).all()
