"""What must leave no trace in the portal: the ids of what is marked so (S33)."""

import uuid
from typing import Any

from sqlalchemy import CompoundSelect, select, union_all

from portal.booking.models import Appointment
from portal.plan.models import Plan, PlanStep


def hidden_ids(people: Any) -> CompoundSelect[uuid.UUID]:
    """The ids of everything of these people that is marked "not in the portal", as a subquery."""
    meetings = select(Appointment.id).where(
        Appointment.person_id.in_(people), Appointment.in_portal.is_(False)
    )
    steps = (
        select(PlanStep.id)
        .join(Plan, Plan.id == PlanStep.plan_id)
        .where(Plan.person_id.in_(people), PlanStep.in_portal.is_(False))
    )
    return union_all(meetings, steps)
