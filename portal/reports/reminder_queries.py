"""Meetings by how many reminders of them arrived, and whether the person came."""

import uuid
from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.booking import figure_queries as meetings
from portal.booking.figure_queries import Attendance
from portal.booking.models import Appointment
from portal.booking.rules import BOOKED
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds

MOST = 3
"""As many as leave by themselves (`reminder_rules.MOST_STEPS`); more are counted with them."""
REMINDERS = (*kinds.BY_ITSELF, kinds.NOW)
NUMBERS = tuple(str(number) for number in range(MOST + 1))


def reminded(
    session: Session, enrolments: Select[uuid.UUID], first: datetime, last: datetime
) -> tuple[Attendance, ...]:
    """Meetings to which somebody came or did not, for none, one, two, and three reminders or more; one query.

    A reminder counts when it arrived, or left and nothing more is known, or staff decided that it arrived;
    and when it was of the meeting as it stood at last. None leaves after the meeting has begun. `mode` of
    each is the number of reminders; `enrolments` is a subquery of what the asker may count.
    """
    each = (
        select(
            Appointment.id,
            Appointment.person_id,
            Appointment.attendance,
            func.count(OutboxMessage.id).label("n"),
        )
        .outerjoin(
            OutboxMessage,
            _of_it(),
        )
        .where(
            meetings.in_stays(enrolments),
            Appointment.starts_at >= first,
            Appointment.ends_at < last,
            Appointment.state == BOOKED,
            _noted(),
        )
        .group_by(Appointment.id, Appointment.person_id, Appointment.attendance)
        .subquery()
    )
    rows = session.execute(
        select(each.c.n, each.c.attendance, each.c.person_id, func.count().label("number")).group_by(
            each.c.n, each.c.attendance, each.c.person_id
        )
    )
    found: dict[str, dict[str, Counter[uuid.UUID]]] = {number: {} for number in NUMBERS}
    for row in rows:
        people = found[str(min(row.n, MOST))].setdefault(row.attendance, Counter())
        people[row.person_id] += row.number
    return tuple(Attendance(number, found[number]) for number in NUMBERS)


def _noted() -> ColumnElement[bool]:
    """That somebody came, or stayed away without a word."""
    return and_(
        Appointment.attendance.in_((meetings.CAME, meetings.ABSENT)),
        Appointment.attendance_as != meetings.SENT_WORD,
    )


def _of_it() -> ColumnElement[bool]:
    """That a message is a reminder of the meeting as it stood at last, and arrived for all we know."""
    return and_(
        OutboxMessage.subject == Appointment.id,
        OutboxMessage.revision == Appointment.revision,
        OutboxMessage.recipient_id == Appointment.person_id,
        OutboxMessage.kind.in_(REMINDERS),
        or_(
            OutboxMessage.state.in_((messaging.DELIVERED, messaging.SENT)),
            and_(OutboxMessage.state == messaging.UNKNOWN, OutboxMessage.decision == messaging.ARRIVED),
        ),
    )
