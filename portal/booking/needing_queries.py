"""Which participants need somebody because of their meetings: who did not come, and who has none ahead."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.booking import rules
from portal.booking.models import Appointment
from portal.booking.shown_queries import visible
from portal.identity.models import Enrolment, EnrolmentPeriod
from portal.identity.scope import participants_of
from portal.web.asker import Asker


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


def missed_since(session: Session, asker: Asker, since: datetime) -> Sequence[Missed]:
    """Meetings since then to which a participant in the asker's scope did not come, the latest first.

    Whoever has come to a later one is back: what they missed before it is no reason to ring.
    """
    later = aliased(Appointment)
    back = exists().where(
        later.person_id == Appointment.person_id,
        later.state == rules.BOOKED,
        later.attendance == rules.CAME,
        later.starts_at > Appointment.starts_at,
    )
    wanted = visible(asker).where(
        Appointment.state == rules.BOOKED,
        Appointment.attendance == rules.ABSENT,
        Appointment.starts_at >= since,
        ~back,
    )
    rows = session.scalars(wanted.order_by(Appointment.starts_at.desc()))
    return [Missed(row.id, row.person_id, row.starts_at) for row in rows]


def without_next(session: Session, asker: Asker, now: datetime) -> Sequence[WithoutNext]:
    """Participants in the asker's scope, enrolled and not pausing, who have no meeting ahead."""
    today = now.astimezone(asker.zone).date()
    other = aliased(Appointment)
    ahead = exists().where(
        other.person_id == Enrolment.person_id, other.state == rules.BOOKED, other.ends_at > now
    )
    pausing = select(EnrolmentPeriod.enrolment_id).where(
        EnrolmentPeriod.kind == "pause",
        EnrolmentPeriod.starts_on <= today,
        or_(EnrolmentPeriod.ends_on.is_(None), EnrolmentPeriod.ends_on >= today),
    )
    met = and_(
        Appointment.person_id == Enrolment.person_id,
        Appointment.state == rules.BOOKED,
        Appointment.ends_at <= now,
        Appointment.attendance != rules.ABSENT,
    )
    wanted = (
        select(Enrolment.person_id, func.max(Appointment.starts_at))
        .outerjoin(Appointment, met)
        .where(
            Enrolment.person_id.in_(participants_of(asker)),
            Enrolment.closed_on.is_(None),
            Enrolment.started_on.is_not(None),
            Enrolment.id.not_in(pausing),
            ~ahead,
        )
        .group_by(Enrolment.person_id)
    )
    found: list[tuple[uuid.UUID, datetime | None]] = [(row[0], row[1]) for row in session.execute(wanted)]
    return [
        WithoutNext(person_id, last, (today - last.astimezone(asker.zone).date()).days if last else None)
        for person_id, last in found
    ]
