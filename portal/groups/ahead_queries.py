"""What pages that join features say of a participant's groups: when they meet, and an offered seat."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import String, bindparam, cast, func, select
from sqlalchemy.orm import Session

from portal.attendance.models import Signature
from portal.db import Instant
from portal.groups import rules
from portal.groups.models import GroupPart, GroupSeat, GroupSession
from portal.groups.sheet_queries import held, signed_for
from portal.identity.waiting_queries import ME, Offer, Waiting, offer
from portal.web.asker import Asker

NEXT, SEAT, SIGN, ASK = "group_next", "group_seat", "group_sign", "group_ask"
NOW = bindparam("groups_now", type_=Instant())
SINCE = bindparam("groups_since", type_=Instant())

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

_SIGN = (
    offer(SIGN, about=GroupPart.id, code=cast(GroupSession.starts_at, String))
    .select_from(GroupPart)
    .join(GroupSession, GroupSession.id == GroupPart.session_id)
    .outerjoin(Signature, signed_for())
    .where(
        GroupPart.person_id == ME,
        GroupPart.in_portal.is_(True),
        *held(),
        GroupSession.starts_at <= NOW,
        GroupSession.ends_at > SINCE,
        Signature.id.is_(None),
    )
)
_ASK = (
    offer(ASK, about=GroupPart.id, code=cast(GroupSession.starts_at, String))
    .select_from(GroupPart)
    .join(GroupSession, GroupSession.id == GroupPart.session_id)
    .where(
        GroupPart.person_id == ME,
        GroupPart.in_portal.is_(True),
        *held(),
        GroupSession.starts_at <= NOW,
        GroupSession.ends_at >= SINCE,
    )
)


class OwnPart(NamedTuple):
    """A session that somebody was at, about which there is something to do; `id` is that of their part."""

    id: uuid.UUID
    starts_at: datetime


class Coming(NamedTuple):
    """When a group meets that somebody is in."""

    group_id: uuid.UUID
    starts_at: datetime


def waiting_selects(now: datetime, since: datetime | None) -> list[Offer]:
    """What the first page asks: when the asker's group meets next, whether a seat is offered, what to sign.

    `since`: sessions that ended before it are asked about no longer; None where nobody signs.
    """
    values = {"groups_now": now}
    asked = [Offer(_NEXT, values), Offer(_SEAT, values)]
    return asked if since is None else [*asked, Offer(_SIGN, {**values, "groups_since": since})]


def asking_selects(now: datetime, since: datetime) -> list[Offer]:
    """The sessions of the asker that have begun, and were not over at `since`: what can be asked about."""
    return [Offer(_ASK, {"groups_now": now, "groups_since": since})]


def to_ask(found: Iterable[Waiting]) -> tuple[OwnPart, ...]:
    """The sessions to ask about, out of what was found, in order."""
    return _own_parts(found, ASK)


def next_at(found: Iterable[Waiting]) -> datetime | None:
    """When the asker's group meets next, out of what was found; None for never."""
    written = next((one.code for one in found if one.room == NEXT and one.code), "")
    return _read(written) if written else None


def to_sign(found: Iterable[Waiting]) -> tuple[OwnPart, ...]:
    """The sessions to sign, out of what was found, in order."""
    return _own_parts(found, SIGN)


def _own_parts(found: Iterable[Waiting], room: str) -> tuple[OwnPart, ...]:
    rows = [OwnPart(one.about, _read(one.code)) for one in found if one.room == room and one.about]
    return tuple(sorted(rows, key=lambda row: row.starts_at))


def _read(written: str) -> datetime:
    """A moment as text: SQLite keeps it in UTC without its zone, PostgreSQL writes its own."""
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
