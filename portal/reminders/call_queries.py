"""Whom a coach is to ring about a meeting, instead of an SMS."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.booking.rules import BOOKED
from portal.identity.models import Person
from portal.identity.scope import participants_of
from portal.notices import rules as kinds
from portal.notices.models import CallWish
from portal.reminders import rules
from portal.web.asker import Asker

REMIND = "remind"
"""What a call says that no news has caused."""


@dataclass(frozen=True)
class Call:
    """One call: about which meeting as it stands, since when, and what to say (a kind of news, or REMIND)."""

    person_id: uuid.UUID
    meeting_id: uuid.UUID
    revision: int
    says: str
    starts_at: datetime
    at: datetime
    phone: str

    @property
    def key(self) -> str:
        """Names the call: what was handled stays handled until the meeting changes again."""
        return f"call:{self.meeting_id}:{self.revision}:{self.says}"


def calls(session: Session, asker: Asker, now: datetime) -> tuple[Call, ...]:
    """The calls that the asker's participants wait for, the oldest first; one query.

    News is told whenever it comes; a coming meeting on the last working day before it. Nobody is rung whom an
    SMS would endanger (S34), nor about what must leave no trace (S33).
    """
    rows = session.execute(
        select(Appointment, Person, CallWish)
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(
            CallWish,
            and_(CallWish.subject == Appointment.id, CallWish.revision == Appointment.revision),
        )
        .where(
            Appointment.person_id.in_(participants_of(asker)),
            Appointment.in_portal.is_(True),
            Appointment.starts_at > now,
            Person.sms_unsafe.is_(False),
            Person.disabled_at.is_(None),
            Person.phone_hash.is_not(None),
            _is_rung(),
            or_(
                CallWish.id.is_not(None),
                and_(Appointment.state == BOOKED, Appointment.starts_at < now + rules.CALLS_AHEAD),
            ),
        )
    )
    found = [call for row in rows for call in _calls(asker, *row, now)]
    return tuple(sorted(found, key=lambda call: (call.at, call.key)))


def _is_rung() -> ColumnElement[bool]:
    """By choice, or because they want no SMS; STOP says nothing against e-mail."""
    stopped = and_(Person.sms_stopped_at.is_not(None), Person.way != kinds.EMAIL)
    return or_(Person.way == kinds.CALL, stopped)


def _calls(
    asker: Asker, meeting: Appointment, person: Person, wish: CallWish | None, now: datetime
) -> list[Call]:
    found = []
    if wish and (meeting.state == BOOKED) == (wish.kind != kinds.CANCELLED):
        found.append((wish.kind, wish.wished_at))
    due = rules.call_due(meeting.starts_at, meeting.changed_at, now, asker.zone)
    if due and meeting.state == BOOKED:
        found.append((REMIND, due))
    return [
        Call(person.id, meeting.id, meeting.revision, says, meeting.starts_at, at, person.phone)
        for says, at in found
    ]
