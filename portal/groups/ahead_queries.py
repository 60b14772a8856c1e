"""What pages that join features say of a participant's groups: when they meet, and an offered seat."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import String, bindparam, cast, func, select
from sqlalchemy.orm import Session

from portal.db import Instant
from portal.groups import rules
from portal.groups.models import GroupPart, GroupSeat, GroupSession
from portal.identity.waiting_queries import ME, Offer, Waiting, offer
from portal.web.asker import Asker

NEXT, SEAT = "group_next", "group_seat"
NOW = bindparam("groups_now", type_=Instant())

_NEXT = (
    offer(NEXT, code=cast(func.min(GroupSession.starts_at), String))
    .select_from(GroupPart)
    .join(GroupSession, GroupSession.id == GroupPart.session_id)
    .where(
        GroupPart.person_id == ME,
        GroupPart.in_portal.is_(True),
        GroupPart.out_at.is_(None),
        GroupSession.state == rules.PLANNED,
        GroupSession.ends_at > NOW,
    )
)
_SEAT = offer(SEAT, about=GroupSeat.group_id).where(
    GroupSeat.person_id == ME,
    GroupSeat.in_portal.is_(True),
    GroupSeat.state == rules.OFFERED,
    GroupSeat.offered_until > NOW,
)


class Coming(NamedTuple):
    """When a group meets that somebody is in."""

    group_id: uuid.UUID
    starts_at: datetime


def waiting_selects(now: datetime) -> list[Offer]:
    """What the first page asks: when the asker's group meets next, and whether a seat is offered."""
    values = {"groups_now": now}
    return [Offer(_NEXT, values), Offer(_SEAT, values)]


def next_at(found: Iterable[Waiting]) -> datetime | None:
    """When the asker's group meets next, out of what was found; None for never."""
    written = next((one.code for one in found if one.room == NEXT and one.code), "")
    if not written:
        return None
    # A moment as text: SQLite keeps it in UTC without its zone, PostgreSQL writes its own.
    read = datetime.fromisoformat(written)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def offered_in(found: Iterable[Waiting]) -> uuid.UUID | None:
    """In which group a seat is offered to the asker."""
    return next((one.about for one in found if one.room == SEAT), None)


def coming(session: Session, asker: Asker, now: datetime) -> Sequence[Coming]:
    """When the asking participant's groups meet, in order: by day and time alone."""
    rows = session.execute(
        select(GroupSession.group_id, GroupSession.starts_at)
        .join(GroupPart, GroupPart.session_id == GroupSession.id)
        .where(
            GroupPart.person_id == asker.person_id,
            GroupPart.in_portal.is_(True),
            GroupPart.out_at.is_(None),
            GroupSession.state == rules.PLANNED,
            GroupSession.ends_at > now,
        )
        .order_by(GroupSession.starts_at)
    )
    return [Coming(row.group_id, row.starts_at) for row in rows]
