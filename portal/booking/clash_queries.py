"""Where somebody's own calendar and their meetings are in each other's way."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.availability.outside.models import OutsideBusy, OutsideCalendar
from portal.availability.outside.queries import standing
from portal.booking import rules
from portal.booking.models import Appointment
from portal.web.asker import Asker

MOST = 20
"""Clashes on a page: whoever has more begins with these."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A booked meeting of the asker, at a time at which they are busy elsewhere."""

    meeting_id: uuid.UUID
    starts_at: datetime


def clashes(session: Session, asker: Asker, now: datetime) -> Sequence[Clash]:
    """The asker's meetings ahead that lie under a busy time of their own calendars, in order; one query."""
    busy = exists().where(
        OutsideCalendar.person_id == asker.person_id,
        OutsideCalendar.id == OutsideBusy.calendar_id,
        standing(now),
        OutsideBusy.starts_at < Appointment.ends_at,
        OutsideBusy.ends_at > Appointment.starts_at,
    )
    wanted = (
        select(Appointment.id, Appointment.starts_at)
        .where(
            Appointment.coach_id == asker.person_id,
            Appointment.organisation_id == asker.organisation_id,
            Appointment.state == rules.BOOKED,
            Appointment.ends_at > now,
            busy,
        )
        .order_by(Appointment.starts_at)
        .limit(MOST)
    )
    return [Clash(row.id, row.starts_at) for row in session.execute(wanted)]
