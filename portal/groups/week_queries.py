"""What stands in the week and the day of whoever leads a group."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portal.availability.rules import day_start
from portal.groups import rules
from portal.groups.models import Group, GroupLeader, GroupPart, GroupSession
from portal.web.asker import Asker
from portal.web.ics import Stands


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


@dataclass(frozen=True, slots=True)
class LedSlot(Stands):
    """A session in its leader's own calendar: how one meets, never what the group is called."""

    mode: str
    id: uuid.UUID


def for_calendar(session: Session, asker: Asker, since: datetime, most: int) -> Sequence[LedSlot]:
    """The sessions that the asker leads, from `since` on, cancelled ones for as long, in order."""
    wanted = (
        select(
            GroupSession.uid,
            GroupSession.revision,
            GroupSession.starts_at,
            GroupSession.ends_at,
            GroupSession.changed_at,
            GroupSession.state == rules.CANCELLED,
            Group.mode,
            GroupSession.id,
        )
        .join(Group, Group.id == GroupSession.group_id)
        .join(GroupLeader, GroupLeader.group_id == Group.id)
        .where(
            GroupLeader.leader_id == asker.person_id,
            Group.organisation_id == asker.organisation_id,
            GroupSession.starts_at >= since,
            or_(GroupSession.state == rules.PLANNED, GroupSession.changed_at >= since),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
        .limit(most)
    )
    return [LedSlot(*row) for row in session.execute(wanted)]


def known(uids: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    """Which of these are UIDs of sessions, as a query. For the worker."""
    return select(GroupSession.uid).where(GroupSession.uid.in_(uids))


def groups_today(session: Session, asker: Asker, now: datetime) -> Sequence[Led]:
    """The sessions that the asker leads today, in order."""
    day = now.astimezone(asker.zone).date()
    start, end = (day_start(day + timedelta(days=number), asker.zone) for number in (0, 1))
    return led_between(session, asker.person_id, start, end)
