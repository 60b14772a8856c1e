"""Meetings as they are counted: who came, in which way they met, and when somebody was first met."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.booking.models import Appointment
from portal.booking.rules import BOOKED
from portal.identity.models import Enrolment

CAME, ABSENT, UNSAID, CANCELLED, SHOWN = "came", "absent", "unsaid", "cancelled", "shown"
SENT_WORD = "sent_word"
Numbers = Mapping[uuid.UUID, int]
"""How many with each person: for knowing whether their sum may be printed, never shown."""


@dataclass(frozen=True)
class Attendance:
    """Meetings of one way to meet that have ended, by what came of them, and with whom they were.

    `unsaid`: nobody noted whether the person came. `shown`: those of `came` that stand in the portal, so
    that a check-in was offered. `sent_word`: did not come, and had said so: not missed.
    """

    mode: str
    by: Mapping[str, Numbers] = field(default_factory=dict)

    def of(self, state: str) -> Numbers:
        """Of how many people these meetings are, and how many each has."""
        return self.by.get(state, {})

    def number(self, state: str) -> int:
        """How many meetings."""
        return sum(self.of(state).values())

    @property
    def came(self) -> int:
        """To how many the person came."""
        return self.number(CAME)

    @property
    def absent(self) -> int:
        """To how many the person did not come."""
        return self.number(ABSENT)

    @property
    def noted(self) -> int:
        """The base of the share of missed meetings."""
        return self.came + self.absent


def altogether(parts: Iterable[Attendance]) -> Attendance:
    """The sum over all ways to meet; its `mode` is ""."""
    whole: dict[str, Counter[uuid.UUID]] = {}
    for one in parts:
        for state, numbers in one.by.items():
            whole.setdefault(state, Counter()).update(numbers)
    return Attendance("", whole)


def in_stays(enrolments: Select[uuid.UUID]) -> ColumnElement[bool]:
    """That a meeting lies in one of these enrolments: not before the application, not after the closing."""
    stay, anybody = aliased(Enrolment), aliased(Enrolment)
    # Whose meetings first: a database finds them by an index, and looks at the days of those alone.
    people = select(anybody.person_id).where(anybody.id.in_(enrolments))
    return and_(
        Appointment.person_id.in_(people),
        exists().where(
            stay.id.in_(enrolments),
            stay.person_id == Appointment.person_id,
            _within(stay.applied_on, stay.started_on, stay.closed_on),
        ),
    )


def attendance(
    session: Session, enrolments: Select[uuid.UUID], first: datetime, last: datetime
) -> tuple[Attendance, ...]:
    """Meetings in these enrolments that began from `first` on and ended before `last`, by way to meet.

    `enrolments` is a subquery of what the asker may count. One query.
    """
    kind = (
        Appointment.mode,
        Appointment.state,
        Appointment.attendance,
        Appointment.attendance_as,
        Appointment.in_portal,
    )
    rows = session.execute(
        select(*kind, Appointment.person_id, func.count())
        .where(in_stays(enrolments), Appointment.starts_at >= first, Appointment.ends_at < last)
        .group_by(*kind, Appointment.person_id)
    )
    found: dict[str, dict[str, Counter[uuid.UUID]]] = {}
    for mode, state, attended, more, in_portal, person, number in rows:
        for name in _states(state, more if more == SENT_WORD else attended, in_portal):
            found.setdefault(mode, {}).setdefault(name, Counter())[person] += number
    return tuple(Attendance(mode, found[mode]) for mode in sorted(found))


def _states(state: str, attended: str, in_portal: bool) -> tuple[str, ...]:
    """As what a meeting is counted."""
    if state != BOOKED:
        return (CANCELLED,)
    if attended == CAME:
        return (CAME, SHOWN) if in_portal else (CAME,)
    return (attended,) if attended in (ABSENT, SENT_WORD) else (UNSAID,)


def first_kept() -> ScalarSelect[datetime]:
    """When the person of an enrolment was first met in it, for a query of enrolments.

    A meeting before the application belongs to an earlier time in the programme, one after the closing to
    a later.
    """
    return (
        select(func.min(Appointment.starts_at))
        .where(
            Appointment.person_id == Enrolment.person_id,
            Appointment.attendance == CAME,
            _within(Enrolment.applied_on, Enrolment.started_on, Enrolment.closed_on),
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _within(applied: Any, started: Any, closed: Any) -> ColumnElement[bool]:
    """That a meeting's day is from the application (where nobody wrote it, the start) to the closing."""
    since = func.coalesce(applied, started)
    day = func.date(Appointment.starts_at, type_=Date())
    return and_(or_(since.is_(None), day >= since), or_(closed.is_(None), day <= closed))
