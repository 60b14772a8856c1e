"""What other rooms ask of sessions: what is due, how a part stands, how it is held.

The worker asks for everybody.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from portal.groups import rules, told_service
from portal.groups.models import Group, GroupPart, GroupSeat, GroupSession
from portal.identity.models import Enrolment, Person
from portal.notices.due_rules import Due, Standing
from portal.notices.rules import Held

_ENROLLED = exists().where(Enrolment.person_id == GroupPart.person_id, Enrolment.closed_on.is_(None))
# Plain columns, in the order of `Due`: the worker reads all that comes up within days, every few seconds.
_DUE = (
    select(
        GroupPart.id,
        Person.organisation_id,
        GroupPart.person_id,
        GroupSession.starts_at,
        GroupPart.revision,
        GroupPart.settled_at,
        Person.reminder_timing,
        Person.reminder_timing_at,
        Person.earliest_hour,
        Person.latest_hour,
    )
    .join(GroupSession, GroupSession.id == GroupPart.session_id)
    .join(Person, Person.id == GroupPart.person_id)
    .where(
        GroupSession.state == rules.PLANNED,
        GroupPart.out_at.is_(None),
        GroupPart.in_portal.is_(True),
        _ENROLLED,
    )
)


def starting_between(session: Session, start: datetime, end: datetime) -> Sequence[Due]:
    """What participants are to come to that starts in [start, end), of all organisations, for reminders."""
    wanted = _DUE.where(GroupSession.starts_at >= start, GroupSession.starts_at < end)
    rows = session.execute(wanted.order_by(GroupSession.starts_at, GroupPart.id))
    return [_due(row) for row in rows]


def _due(row: Sequence[Any]) -> Due:
    return Due(*row)


def standings(session: Session, part_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """How each of these parts stands now, those that left no trace aside; one query.

    Whoever is not to come any longer is told as of what is cancelled.
    """
    off = (GroupSession.state == rules.CANCELLED) | GroupPart.out_at.is_not(None)
    rows = session.execute(
        select(GroupPart.id, GroupPart.revision, off.label("off"), _ENROLLED.label("enrolled"))
        .join(GroupSession, GroupSession.id == GroupPart.session_id)
        .where(GroupPart.id.in_(part_ids), GroupPart.in_portal.is_(True))
    )
    return {row.id: Standing(row.revision, bool(row.off), row.enrolled) for row in rows}


def held(session: Session, part_id: uuid.UUID) -> Held | None:
    """How the session of a part is held, for a message to its own participant; None for no part."""
    row = session.execute(
        select(Group, GroupSession)
        .join(GroupSession, GroupSession.group_id == Group.id)
        .join(GroupPart, GroupPart.session_id == GroupSession.id)
        .where(GroupPart.id == part_id)
    ).first()
    return told_service.how_held(session, row[0], row[1]) if row else None


def next_start(session: Session, part_ids: Collection[uuid.UUID], at: datetime) -> datetime | None:
    """When the next session begins of these parts that is not over `at` that moment; None for none."""
    if not part_ids:
        return None
    wanted = (
        select(func.min(GroupSession.starts_at))
        .join(GroupPart, GroupPart.session_id == GroupSession.id)
        .where(
            GroupPart.id.in_(part_ids),
            GroupPart.out_at.is_(None),
            GroupSession.state == rules.PLANNED,
            GroupSession.ends_at > at,
        )
    )
    return session.execute(wanted).scalar()


def offer_stands(session: Session, seat_id: uuid.UUID, number: int, now: datetime) -> bool:
    """Whether an offer that somebody is to be told of can still be taken."""
    return session.scalars(select(GroupSeat.id).where(_offered(seat_id, number, now))).first() is not None


def _offered(seat_id: uuid.UUID, number: int, now: datetime) -> ColumnElement[bool]:
    return (
        (GroupSeat.id == seat_id)
        & (GroupSeat.offers == number)
        & (GroupSeat.state == rules.OFFERED)
        & (GroupSeat.offered_until > now)
        & GroupSeat.in_portal.is_(True)
    )
