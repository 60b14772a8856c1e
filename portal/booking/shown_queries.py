"""A meeting as the asker may see it: what is loaded decides, never a template."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Result, Row, Select, select
from sqlalchemy.orm import Session, aliased

from portal.availability.rules import Span
from portal.booking import rules
from portal.booking.models import Appointment
from portal.identity.models import Person
from portal.identity.scope import participant, participants_of
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as the asker may see it: behind the first door `coach` and `place` are ""."""

    id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    mode: str
    state: str
    attendance: str
    confirmed: bool
    by_participant: bool
    in_portal: bool
    uid: uuid.UUID
    revision: int
    changed_at: datetime
    person: str = ""
    coach: str = ""
    place: str = ""
    cancel_reason: str = ""
    can_change: bool = False
    too_late: bool = False
    can_confirm: bool = False
    can_restore: bool = False
    can_note: bool = False
    can_undo_note: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A booked meeting that starts soon, for a reminder. `settled_at`: when it got this time and place."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime
    revision: int
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How a meeting stands: revision and time, whether it is cancelled and its person still enrolled."""

    revision: int
    cancelled: bool
    starts_at: datetime
    enrolled: bool


@dataclass(frozen=True, slots=True)
class Occasion:
    """The time of a meeting and whose it is: what a check-in needs to know."""

    id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """A meeting to which the participant did not come."""

    id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class WithoutNext:
    """A participant with no meeting ahead; `days` since the two last met, None if they never did."""

    person_id: uuid.UUID
    last_met_at: datetime | None
    days: int | None


@dataclass(frozen=True, slots=True)
class OwnMeetings:
    """A participant's meetings: those ahead, soonest first, and the last few that are over."""

    ahead: tuple[Meeting, ...]
    past: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be booked: the times, the first ones to show, how and how long one can meet.

    `full` when the participant holds as many meetings as may be; `coach` is "" behind the first door;
    not `able` when the coach has left.
    """

    times: tuple[Span, ...]
    first: tuple[Span, ...]
    modes: tuple[str, ...]
    length: timedelta
    full: bool
    coach: str
    able: bool = True


def visible(asker: Asker) -> Select[Appointment]:
    """The meetings that the asker may see, for lists.

    Those kept out of the portal leave a participant no trace (S33); nobody's with protected identity (S37).
    """
    wanted = select(Appointment).where(
        Appointment.organisation_id == asker.organisation_id,
        Appointment.person_id.in_(participants_of(asker)),
    )
    return wanted if asker.is_staff else wanted.where(Appointment.in_portal.is_(True))


def appointment_for(session: Session, asker: Asker, meeting_id: uuid.UUID) -> Appointment:
    """One meeting's row, for the verbs. Raises NoResultFound."""
    if not asker.is_staff:
        return session.scalars(visible(asker).where(Appointment.id == meeting_id)).one()
    row = session.scalars(
        select(Appointment).where(
            Appointment.id == meeting_id, Appointment.organisation_id == asker.organisation_id
        )
    ).one()
    participant(session, asker, row.person_id, what="meetings")
    return row


def named(session: Session, wanted: Select[Appointment]) -> Result[Appointment, Person, Person]:
    """The meetings with the two people in one query; names stay sealed until they are shown."""
    person, coach = aliased(Person), aliased(Person)
    return session.execute(
        wanted.join(person, person.id == Appointment.person_id)
        .join(coach, coach.id == Appointment.coach_id)
        .add_columns(person, coach)
    )


def shown(asker: Asker, row: Row[Appointment, Person, Person], now: datetime, deadline_hours: int) -> Meeting:
    """What the asker may see of a meeting. Behind the first door: its time and kind, and no more (S30)."""
    it, person, coach = row
    whole = asker.tier > 1
    own = it.cancelled_by == it.person_id
    ahead = it.state == rules.BOOKED and now < it.starts_at
    open_to_change = ahead and rules.change_open(it.starts_at, now, deadline_hours)
    return Meeting(
        id=it.id,
        person_id=it.person_id,
        starts_at=it.starts_at,
        ends_at=it.ends_at,
        mode=it.mode,
        state=it.state,
        attendance=it.attendance,
        confirmed=it.confirmed_at is not None,
        by_participant=own,
        in_portal=it.in_portal,
        uid=it.uid,
        revision=it.revision,
        changed_at=it.changed_at,
        person=person.short_name if asker.is_staff else "",
        coach=coach.first_name if whole else "",
        place=it.place if whole else "",
        cancel_reason=it.cancel_reason if asker.is_staff else "",
        can_change=open_to_change,
        too_late=ahead and not open_to_change,
        can_confirm=rules.confirm_open(it.state, it.starts_at, now) and it.confirmed_at is None,
        can_restore=rules.restore_open(it.state, it.starts_at, now) and (own or asker.is_staff),
        can_note=rules.attendance_open(it.state, it.starts_at, now),
        can_undo_note=rules.undo_open(it.attended_at, now),
    )
