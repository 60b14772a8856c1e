"""Meetings as they are counted: who came, in which way they met, and when somebody was first met."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.booking.rules import BOOKED
from portal.identity.models import Enrolment


@dataclass(frozen=True)
class Attendance:
    """Meetings of one way to meet that have ended. `unsaid`: nobody noted whether the person came.

    `shown`: those of `came` that stand in the portal, so that a check-in was offered.
    """

    mode: str
    came: int = 0
    absent: int = 0
    unsaid: int = 0
    cancelled: int = 0
    shown: int = 0

    @property
    def noted(self) -> int:
        """The base of the share of missed meetings."""
        return self.came + self.absent


def altogether(parts: Iterable[Attendance]) -> Attendance:
    """The sum over all ways to meet; its `mode` is ""."""
    whole = Attendance("")
    for one in parts:
        whole = Attendance(
            "",
            whole.came + one.came,
            whole.absent + one.absent,
            whole.unsaid + one.unsaid,
            whole.cancelled + one.cancelled,
            whole.shown + one.shown,
        )
    return whole


def attendance(
    session: Session, people: Select[uuid.UUID], first: datetime, last: datetime
) -> tuple[Attendance, ...]:
    """Meetings of these people that began from `first` on and ended before `last`, by way to meet.

    `people` is a subquery of whom the asker may count. One query.
    """
    rows = session.execute(
        select(
            Appointment.mode, Appointment.state, Appointment.attendance, Appointment.in_portal, func.count()
        )
        .where(
            Appointment.person_id.in_(people),
            Appointment.starts_at >= first,
            Appointment.ends_at < last,
        )
        .group_by(Appointment.mode, Appointment.state, Appointment.attendance, Appointment.in_portal)
    )
    found: dict[str, Attendance] = {}
    for mode, state, attended, in_portal, number in rows:
        before = found.get(mode, Attendance(mode))
        if state != BOOKED:
            found[mode] = replace(before, cancelled=before.cancelled + number)
        else:
            name = {"came": "came", "absent": "absent"}.get(attended, "unsaid")
            shown = before.shown + (number if name == "came" and in_portal else 0)
            found[mode] = replace(before, shown=shown, **{name: getattr(before, name) + number})
    return tuple(found[mode] for mode in sorted(found))


def first_kept() -> ScalarSelect[datetime]:
    """When the person of an enrolment was first met after the application, for a query of enrolments.

    A meeting before the application belongs to an earlier time in the programme.
    """
    since = func.coalesce(Enrolment.applied_on, Enrolment.started_on)
    return (
        select(func.min(Appointment.starts_at))
        .where(
            Appointment.person_id == Enrolment.person_id,
            Appointment.attendance == "came",
            or_(since.is_(None), Appointment.starts_at >= since),
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )
