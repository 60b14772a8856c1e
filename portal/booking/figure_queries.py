"""Meetings as they are counted: who came, in which way they met, and when somebody was first met."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.booking.rules import BOOKED
from portal.identity.people.case_rules import Case
from portal.web.asker import Asker


@dataclass(frozen=True)
class Attendance:
    """Meetings of one way to meet that have ended. `unsaid`: nobody noted whether the person came."""

    mode: str
    came: int = 0
    absent: int = 0
    unsaid: int = 0
    cancelled: int = 0

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
        )
    return whole


def attendance(
    session: Session, people: Select[uuid.UUID], first: datetime, last: datetime
) -> tuple[Attendance, ...]:
    """Meetings of these people that began from `first` on and ended before `last`, by way to meet.

    `people` is a subquery of whom the asker may count. One query.
    """
    rows = session.execute(
        select(Appointment.mode, Appointment.state, Appointment.attendance, func.count())
        .where(
            Appointment.person_id.in_(people),
            Appointment.starts_at >= first,
            Appointment.ends_at < last,
        )
        .group_by(Appointment.mode, Appointment.state, Appointment.attendance)
    )
    found: dict[str, Attendance] = {}
    for mode, state, attended, number in rows:
        before = found.get(mode, Attendance(mode))
        if state != BOOKED:
            found[mode] = replace(before, cancelled=before.cancelled + number)
        else:
            name = {"came": "came", "absent": "absent"}.get(attended, "unsaid")
            found[mode] = replace(before, **{name: getattr(before, name) + number})
    return tuple(found[mode] for mode in sorted(found))


def with_first_meetings(session: Session, asker: Asker, cases: Iterable[Case]) -> tuple[Case, ...]:
    """The cases, where nobody filled in the first meeting with the day of the first one that was kept.

    A meeting before the application belongs to an earlier time in the programme. One query.
    """
    whole = tuple(cases)
    lacking = {case.person_id for case in whole if case.first_meeting_on is None}
    kept = session.execute(
        select(Appointment.person_id, Appointment.starts_at)
        .where(
            Appointment.organisation_id == asker.organisation_id,
            Appointment.person_id.in_(lacking),
            Appointment.attendance == "came",
        )
        .order_by(Appointment.starts_at)
    )
    days: dict[uuid.UUID, list[datetime]] = {}
    for person_id, starts_at in kept:
        days.setdefault(person_id, []).append(starts_at)

    def met(case: Case) -> Case:
        if case.first_meeting_on or case.person_id not in days:
            return case
        local = (moment.astimezone(asker.zone).date() for moment in days[case.person_id])
        since = case.applied_on or case.started_on
        return replace(
            case, first_meeting_on=next((day for day in local if since is None or day >= since), None)
        )

    return tuple(met(case) for case in whole)
