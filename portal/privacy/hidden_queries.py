"""What must leave no trace in the portal: the ids of what is marked so (S33)."""

import uuid
from typing import Any

from sqlalchemy import Select, select

from portal.booking.models import Appointment


def hidden_ids(people: Any) -> Select[uuid.UUID]:
    """The ids of everything of these people that is marked "not in the portal", as a subquery."""
    return select(Appointment.id).where(Appointment.person_id.in_(people), Appointment.in_portal.is_(False))
