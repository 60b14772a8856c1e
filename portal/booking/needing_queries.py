"""Which participants need somebody because of their meetings: who did not come, and who has none ahead."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Uuid, and_, cast, exists, func, null, or_, select, union_all
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


@dataclass(frozen=True, slots=True)
class Needing:
    """Of one asker's participants: what was missed, the latest first, and who has nothing ahead."""

    missed: tuple[Missed, ...]
    without: tuple[WithoutNext, ...]


def needing(session: Session, asker: Asker, since: datetime, now: datetime) -> Needing:
    """What of the meetings of the participants in the asker's scope needs somebody; one query for both.

    Missed: meetings after `since` to which somebody did not come, and who has not come to a later one: then
    they are back. Without: whoever is enrolled, not pausing, and has no meeting ahead.
    """
    rows = session.execute(union_all(_missed(asker, since), _without(asker, now))).all()
    today = now.astimezone(asker.zone).date()
    missed = [Missed(row[0], row[1], row[2]) for row in rows if row[0] is not None]
    without = [
        WithoutNext(row[1], row[2], (today - row[2].astimezone(asker.zone).date()).days if row[2] else None)
        for row in rows
        if row[0] is None
    ]
    latest_first = sorted(missed, key=lambda one: one.starts_at, reverse=True)
    return Needing(tuple(latest_first), tuple(without))


def _missed(asker: Asker, since: datetime) -> Select[*tuple[Any, ...]]:
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
        # Who sent word is not somebody whom one must ask where they were.
        Appointment.attendance_as == "",
        Appointment.starts_at >= since,
        ~back,
    )
    return wanted.with_only_columns(Appointment.id, Appointment.person_id, Appointment.starts_at)


def _without(asker: Asker, now: datetime) -> Select[*tuple[Any, ...]]:
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
    return (
        # PostgreSQL must know what kind of nothing it is before it can stand below an id.
        select(cast(null(), Uuid()), Enrolment.person_id, func.max(Appointment.starts_at))
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
