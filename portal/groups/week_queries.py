"""What stands in the week and the day of whoever leads a group."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.availability.rules import day_start
from portal.groups import rules
from portal.groups.models import Group, GroupLeader, GroupPart, GroupSession
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Led:
    """A session in its leader's week."""

    id: uuid.UUID
    title: str
    own_title: str
    starts_at: datetime
    ends_at: datetime
    coming: int


def led_between(session: Session, coach_id: uuid.UUID, start: datetime, end: datetime) -> Sequence[Led]:
    """The sessions that somebody leads that share a moment with [start, end). The caller has checked who."""
    coming = (
        select(func.count())
        .where(GroupPart.session_id == GroupSession.id, GroupPart.out_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(Group, GroupSession, coming)
        .join(GroupSession, GroupSession.group_id == Group.id)
        .join(GroupLeader, GroupLeader.group_id == Group.id)
        .where(
            GroupLeader.leader_id == coach_id,
            GroupSession.state == rules.PLANNED,
            GroupSession.starts_at < end,
            GroupSession.ends_at > start,
        )
        .order_by(GroupSession.starts_at)
    )
    return [
        Led(row[1].id, row[0].title, row[0].own_title, row[1].starts_at, row[1].ends_at, row[2] or 0)
        for row in rows
    ]


def groups_today(session: Session, asker: Asker, now: datetime) -> Sequence[Led]:
    """The sessions that the asker leads today, in order."""
    day = now.astimezone(asker.zone).date()
    start, end = (day_start(day + timedelta(days=number), asker.zone) for number in (0, 1))
    return led_between(session, asker.person_id, start, end)
