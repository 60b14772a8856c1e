"""A coach's meetings in a stretch of time: whose they are is told of the asker's own participants alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, false, or_, select
from sqlalchemy.orm import Session

from portal.availability.models import BLOCK, BusyTime
from portal.availability.rules import Span
from portal.booking import rules
from portal.booking.models import Appointment
from portal.booking.network.company_queries import is_asked
from portal.booking.shown_queries import Meeting, kept_by, shown, with_names
from portal.identity.models import Person
from portal.identity.scope import participants_of, reaches
from portal.journal.service import note
from portal.web.asker import Asker

CANCELLED_FOR = timedelta(days=7)
"""How long a cancelled meeting is still shown where it stood, so that nobody wonders where it went."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A coach's meetings in order. `hidden`: when those are that the asker may know nothing else of.

    `kept`: the ids of those that stayed with the asker when their person got another coach: the meeting alone
    is open to the asker.
    """

    booked: tuple[Meeting, ...] = ()
    cancelled: tuple[Meeting, ...] = ()
    kept: frozenset[uuid.UUID] = frozenset()
    hidden: tuple[Span, ...] = ()


def stretch(
    session: Session, asker: Asker, coach_id: uuid.UUID, start: datetime, end: datetime, now: datetime
) -> Stretch:
    """The meetings of a coach that share a moment with [start, end); one query.

    The caller has checked the coach. A name is opened only of participants in the asker's scope, or of a
    meeting that stayed with the asker; of the others, and of people with protected identity (S37), only when.
    """
    own, kept = Appointment.person_id.in_(participants_of(asker)), kept_by(asker)
    asked = is_asked(coach_id) & (Appointment.coach_id != coach_id)
    # A name is for whoever is asked, not for those who look at their week.
    to_asker = asked if coach_id == asker.person_id else false()
    wanted = select(Appointment).where(
        Appointment.organisation_id == asker.organisation_id,
        or_(Appointment.coach_id == coach_id, asked),
        Appointment.starts_at < end,
        Appointment.ends_at > start,
        or_(Appointment.state == rules.BOOKED, Appointment.cancelled_at > now - CANCELLED_FOR),
    )
    rows = session.execute(
        with_names(wanted)
        .add_columns(own.label("own"), kept.label("kept"), to_asker.label("asked"))
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
    found = [_met(asker, row, now) for row in rows if _open(row)]
    for person_id in {one.person_id for one in found}:
        note(session, asker, action="read", kind="meetings", subject=person_id)
    return Stretch(
        booked=tuple(one for one in found if one.state == rules.BOOKED),
        cancelled=tuple(one for one in found if one.state == rules.CANCELLED),
        kept=frozenset(row.id for row in rows if row.kept and not row.own),
        hidden=tuple(
            Span(row.starts_at, row.ends_at) for row in rows if row.state == rules.BOOKED and not _open(row)
        ),
    )


def held_alone_at(session: Session, asker: Asker, meeting_id: uuid.UUID) -> datetime | None:
    """When a meeting of the asker's is, of whose participant nothing is open to them; None for any other.

    It stayed with them when its person got another coach, or they stood in and do so no longer: their week
    shows as much of it as they may see. Nobody's with protected identity (S37).
    """
    wanted = (
        select(Appointment.person_id, Appointment.starts_at)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.id == meeting_id,
            Appointment.coach_id == asker.person_id,
            Appointment.organisation_id == asker.organisation_id,
            Person.protected.is_(False),
        )
    )
    found = session.execute(wanted).one_or_none()
    if found is None or reaches(session, asker, found.person_id):
        return None
    starts_at: datetime = found.starts_at
    return starts_at


def _open(row: Row[*tuple[Any, ...]]) -> bool:
    """Whether the asker may know whom the meeting is with."""
    return bool(row.own or row.kept or row.asked)


def _met(asker: Asker, row: Row[*tuple[Any, ...]], now: datetime) -> Meeting:
    return replace(shown(asker, row, now, 0), guest=bool(row.asked and not row.own))


def held_for_meetings(session: Session, coach_id: uuid.UUID, span: Span) -> Sequence[Span]:
    """When a coach is occupied by meetings within a span, what is kept free after each included."""
    rows = session.execute(
        select(BusyTime.starts_at, BusyTime.ends_at)
        .where(
            BusyTime.subject_id == coach_id,
            BusyTime.cause_kind != BLOCK,
            BusyTime.starts_at < span.end,
            BusyTime.ends_at > span.start,
        )
        .order_by(BusyTime.starts_at)
    )
    return [Span(row.starts_at, row.ends_at) for row in rows]
