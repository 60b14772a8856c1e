"""Which meeting an answer by SMS is about."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking import rules
from portal.booking.models import Appointment
from portal.booking.shown_queries import visible
from portal.identity.scope import current_enrolment
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


@dataclass(frozen=True)
class Answerable:
    """A booked meeting as it stands. `can_cancel`: by its participant's own rule."""

    id: uuid.UUID
    revision: int
    starts_at: datetime
    can_cancel: bool


def next_of(
    session: Session, asker: Asker, meeting_ids: Collection[uuid.UUID], at: datetime
) -> Answerable | None:
    """Of these meetings the asking participant's next one that is booked and is not over `at` that moment.

    The one that has begun is the next: who writes then means it. None too when they are enrolled no longer.
    """
    enrolment = current_enrolment(session, asker.person_id)
    if not meeting_ids or enrolment is None or enrolment.closed_on is not None:
        return None
    row = session.scalars(
        visible(asker)
        .where(
            Appointment.id.in_(meeting_ids),
            Appointment.state == rules.BOOKED,
            Appointment.ends_at > at,
        )
        .order_by(Appointment.starts_at)
        .limit(1)
    ).first()
    if row is None:
        return None
    deadline = rules_of(session, asker).change_deadline_hours
    return Answerable(row.id, row.revision, row.starts_at, rules.change_open(row.starts_at, at, deadline))


def coach_of_meeting(session: Session, meeting_id: uuid.UUID) -> uuid.UUID | None:
    """Whose time a meeting takes, to hold them; None when it is gone."""
    return session.scalar(select(Appointment.coach_id).where(Appointment.id == meeting_id))
