"""What must leave no trace in the portal: the ids of what is marked so (S33)."""

import uuid
from typing import Any

from sqlalchemy import Select, select, union_all

from portal.booking.models import Appointment
from portal.groups.models import GroupPart, GroupSeat
from portal.plan.models import Plan, PlanStep
from portal.wording.models import SourceText


def hidden_ids(people: Any) -> Select[uuid.UUID]:
    """The ids of everything of these people that is marked "not in the portal", as a subquery."""
    plans = select(Plan.id).where(Plan.person_id.in_(people))
    steps = select(PlanStep.id).where(PlanStep.plan_id.in_(plans), PlanStep.in_portal.is_(False))
    meetings = select(Appointment.id).where(
        Appointment.person_id.in_(people), Appointment.in_portal.is_(False)
    )
    texts = select(SourceText.id).where(SourceText.object_id.in_(steps))
    seats = select(GroupSeat.id).where(GroupSeat.person_id.in_(people), GroupSeat.in_portal.is_(False))
    parts = select(GroupPart.id).where(GroupPart.person_id.in_(people), GroupPart.in_portal.is_(False))
    return select(union_all(meetings, seats, parts, steps, texts).subquery().c[0])
