"""What stands in somebody's days beside meetings: blocked time, and days that differ from the week."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal.availability.block_models import BlockedTime
from portal.availability.block_service import WHAT
from portal.availability.models import HoursException
from portal.availability.rules import Departure, Span
from portal.crypto import open_sealed
from portal.identity.absence.desk_queries import managed
from portal.web.asker import Asker
from portal.web.ics import Stands


@dataclass(frozen=True, slots=True)
class Blocked:
    """A time in which nobody can book somebody. `words`: their own, "" where the reader may not have them."""

    id: uuid.UUID
    span: Span
    words: str = ""


def blocked(
    session: Session, person_id: uuid.UUID, start: datetime, end: datetime, *, words: bool
) -> Sequence[Blocked]:
    """Somebody's blocked times that share a moment with [start, end), in order. The caller has checked them.

    `words`: whether the reader may know what the time is for; what is not read is not opened.
    """
    rows = session.execute(
        select(BlockedTime.id, BlockedTime.starts_at, BlockedTime.ends_at, BlockedTime.own_words_sealed)
        .where(
            BlockedTime.person_id == person_id,
            BlockedTime.removed_at.is_(None),
            BlockedTime.starts_at < end,
            BlockedTime.ends_at > start,
        )
        .order_by(BlockedTime.starts_at)
    )
    return [
        Blocked(
            row.id,
            Span(row.starts_at, row.ends_at),
            open_sealed("blocked_time", "own_words_sealed", row.id, row.own_words_sealed) if words else "",
        )
        for row in rows
    ]


def one_blocked(session: Session, asker: Asker, person_id: uuid.UUID, block_id: uuid.UUID) -> Blocked:
    """One blocked time that the asker may change. Raises NoResultFound."""
    managed(session, asker, person_id, what=WHAT)
    asked = select(BlockedTime).where(BlockedTime.id == block_id, BlockedTime.person_id == person_id)
    row = session.scalars(asked.where(BlockedTime.removed_at.is_(None))).one()
    return Blocked(row.id, row.span, row.own_words)


def differing(session: Session, person_id: uuid.UUID, first: date, last: date) -> Sequence[Departure]:
    """What differs from somebody's week on these days, both included. The caller has checked the person."""
    rows = session.scalars(
        select(HoursException)
        .where(
            HoursException.person_id == person_id,
            HoursException.first_day <= last,
            HoursException.last_day >= first,
        )
        .order_by(HoursException.first_day, HoursException.starts)
    )
    return [row.as_departure for row in rows]


def for_calendar(session: Session, person_id: uuid.UUID, since: datetime, most: int) -> Sequence[Stands]:
    """Somebody's blocked times that end after `since`, removed ones for as long, in order; never their words.

    The caller has checked the person.
    """
    wanted = (
        select(
            BlockedTime.id,
            BlockedTime.revision,
            BlockedTime.starts_at,
            BlockedTime.ends_at,
            BlockedTime.changed_at,
            BlockedTime.removed_at.is_not(None),
        )
        .where(
            BlockedTime.person_id == person_id,
            BlockedTime.ends_at >= since,
            or_(BlockedTime.removed_at.is_(None), BlockedTime.removed_at >= since),
        )
        .order_by(BlockedTime.starts_at, BlockedTime.id)
        .limit(most)
    )
    return [Stands(*row) for row in session.execute(wanted)]


def known(uids: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    """Which of these are UIDs of blocked times, as a query. For the worker."""
    return select(BlockedTime.id).where(BlockedTime.id.in_(uids))
