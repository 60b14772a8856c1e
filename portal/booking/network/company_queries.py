"""Who of staff is to be at a meeting beside its coach. For whoever holds or reads the meeting already."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from portal.booking.models import Appointment
from portal.booking.network.models import MeetingParty
from portal.booking.network.rules import CANNOT
from portal.booking.rules import BOOKED
from portal.identity.models import Person, name_of
from portal.identity.scope import reaches
from portal.web.asker import Asker

# Made once: an alias anew for each question costs more than the question.
MET = aliased(Person)


@dataclass(frozen=True, slots=True)
class AskedTo:
    """A meeting to which a colleague is asked: when, and by which coach, by whole name."""

    id: uuid.UUID
    starts_at: datetime
    coach: str


def staff_of(session: Session, meeting_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """The colleagues whose time a meeting holds; one query."""
    return staff_of_each(session, (meeting_id,)).get(meeting_id, ())


def staff_of_each(
    session: Session, meeting_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[uuid.UUID, ...]]:
    """The same of several meetings, those with none left out; one query."""
    rows = session.execute(
        select(MeetingParty.appointment_id, MeetingParty.person_id)
        .where(
            MeetingParty.appointment_id.in_(meeting_ids),
            MeetingParty.person_id.is_not(None),
            MeetingParty.removed_at.is_(None),
        )
        .order_by(MeetingParty.added_at, MeetingParty.id)
    )
    found: dict[uuid.UUID, tuple[uuid.UUID, ...]] = {}
    for meeting_id, person_id in rows:
        found[meeting_id] = (*found.get(meeting_id, ()), *([person_id] if person_id else []))
    return found


def how_many(session: Session, meeting_id: uuid.UUID) -> int:
    """How many colleagues and people from outside are to be at a meeting."""
    there = (
        select(func.count())
        .select_from(MeetingParty)
        .join(Appointment, Appointment.id == MeetingParty.appointment_id)
    )
    return session.scalar(there.where(Appointment.id == meeting_id, is_extra())) or 0


def is_extra() -> ColumnElement[bool]:
    """Whether a party is to be at their `Appointment`, and does not hold it as its coach."""
    own = and_(MeetingParty.person_id.is_not(None), MeetingParty.person_id == Appointment.coach_id)
    return and_(MeetingParty.removed_at.is_(None), ~own)


def several() -> ColumnElement[int]:
    """How many beside participant, coach and interpreter are to be at an `Appointment`, as a column."""
    return (
        select(func.count())
        .where(MeetingParty.appointment_id == Appointment.id, is_extra())
        .correlate(Appointment)
        .scalar_subquery()
    )


def declined() -> ColumnElement[int]:
    """How many of them have said that they cannot come, as a column."""
    return (
        select(func.count())
        .where(
            MeetingParty.appointment_id == Appointment.id,
            MeetingParty.removed_at.is_(None),
            MeetingParty.answer == CANNOT,
        )
        .correlate(Appointment)
        .scalar_subquery()
    )


def is_asked(person_id: uuid.UUID) -> ColumnElement[bool]:
    """Whether somebody is a colleague who is to be at an `Appointment` that stands."""
    return (Appointment.state == BOOKED) & is_there(person_id)


def is_there(person_id: uuid.UUID) -> ColumnElement[bool]:
    """The same, also of a meeting that is cancelled."""
    there = select(MeetingParty.appointment_id).where(
        MeetingParty.person_id == person_id, MeetingParty.removed_at.is_(None)
    )
    # Who has taken the meeting over is its coach; only handlers meet somebody with protected identity (S37).
    return and_(
        Appointment.id.in_(there),
        Appointment.coach_id != person_id,
        exists().where(MET.id == Appointment.person_id, MET.protected.is_(False)),
    )


def reached(session: Session, asker: Asker, meeting_id: uuid.UUID) -> uuid.UUID | None:
    """Whose meeting it is, where the asker may read the participant themselves; None where not."""
    wanted = select(Appointment.person_id).where(
        Appointment.id == meeting_id, Appointment.organisation_id == asker.organisation_id
    )
    whose = session.scalar(wanted)
    return whose if whose is not None and reaches(session, asker, whose) else None


def is_guest(session: Session, asker: Asker, meeting_id: uuid.UUID) -> bool:
    """Whether the asker is asked to a meeting of whose participant nothing else is open to them."""
    wanted = select(Appointment.person_id).where(Appointment.id == meeting_id, is_there(asker.person_id))
    whose = session.scalar(wanted)
    return whose is not None and not reaches(session, asker, whose)


def asked_to(session: Session, asker: Asker, meeting_id: uuid.UUID) -> Appointment:
    """A meeting to which the asker is asked, cancelled or not. Raises NoResultFound for any other."""
    wanted = select(Appointment).where(
        Appointment.id == meeting_id,
        Appointment.organisation_id == asker.organisation_id,
        is_there(asker.person_id),
    )
    return session.scalars(wanted).one()


def asked_between(
    session: Session, person_id: uuid.UUID, start: datetime, end: datetime, now: datetime
) -> Sequence[AskedTo]:
    """The meetings ahead to which somebody is asked as a colleague that share a moment with [start, end).

    With whom they are is not told: the caller may be their lead.
    """
    coach = aliased(Person)
    rows = session.execute(
        select(Appointment.id, Appointment.starts_at, coach.id.label("coach_id"), coach.name_sealed)
        .join(coach, coach.id == Appointment.coach_id)
        .where(
            is_asked(person_id),
            Appointment.starts_at < end,
            Appointment.ends_at > start,
            Appointment.ends_at > now,
        )
        .order_by(Appointment.starts_at)
    )
    return [AskedTo(row.id, row.starts_at, name_of(row.coach_id, row.name_sealed)) for row in rows]
