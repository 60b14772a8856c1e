"""Keeping time free of meetings: for oneself, or by a lead for somebody of the team. Nothing here commits."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, or_, select
from sqlalchemy.orm import Session

from portal.availability.block_models import BlockedTime
from portal.availability.block_rules import KEPT_DAYS, trouble
from portal.availability.models import BLOCK, BusyTime
from portal.availability.rules import Span
from portal.availability.service import Holding, occupy, release
from portal.identity.absence.desk_queries import managed, nothing
from portal.identity.service import lock_people
from portal.journal.service import note
from portal.web.asker import Asker
from portal.web.errors import Refused

WHAT = "hours"
"""The kind of page and change, for the journal."""


class WrongTime(Refused):
    """The time cannot be blocked: `trouble` is one of the rules' words."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Wish:
    """When, and a word of one's own; "" for none."""

    span: Span
    words: str = ""


def block(session: Session, asker: Asker, person_id: uuid.UUID, wish: Wish, now: datetime) -> BlockedTime:
    """The person cannot be booked then; said twice it is once.

    Raises NoResultFound where the asker may not say so, WrongTime, and Taken over a meeting or another block.
    """
    managed(session, asker, person_id, what=WHAT)
    _check(wish.span, now)
    lock_people(session, (person_id,))
    same = session.scalars(
        select(BlockedTime).where(
            BlockedTime.person_id == person_id,
            BlockedTime.removed_at.is_(None),
            BlockedTime.starts_at == wish.span.start,
            BlockedTime.ends_at == wish.span.end,
        )
    ).first()
    if same is not None:
        return _worded(session, asker, same, wish.words)
    row = BlockedTime(
        person_id=person_id,
        starts_at=wish.span.start,
        ends_at=wish.span.end,
        made_by=asker.person_id,
        made_at=now,
        changed_at=now,
    )
    _hold(session, row, wish.span)
    session.add(row)
    return _worded(session, asker, row, wish.words)


def change(
    session: Session, asker: Asker, person_id: uuid.UUID, block_id: uuid.UUID, wish: Wish, now: datetime
) -> BlockedTime:
    """Another time, or other words. Raises as `block`, and NoResultFound for what has been removed."""
    row = _held(session, asker, person_id, block_id)
    if row.removed_at is not None:
        raise nothing()
    if wish.span != row.span:
        _check(wish.span, now)
        _hold(session, row, wish.span)
        row.starts_at, row.ends_at = wish.span.start, wish.span.end
        _changed(row, now)
    return _worded(session, asker, row, wish.words)


def remove(
    session: Session, asker: Asker, person_id: uuid.UUID, block_id: uuid.UUID, now: datetime
) -> BlockedTime:
    """The time can be booked again; twice is once. Raises NoResultFound."""
    row = _held(session, asker, person_id, block_id)
    if row.removed_at is None:
        release(session, BLOCK, row.id)
        row.removed_at = now
        _changed(row, now)
        _noted(session, asker, row)
    return row


def restore(
    session: Session, asker: Asker, person_id: uuid.UUID, block_id: uuid.UUID, now: datetime
) -> BlockedTime:
    """What was removed stands again; twice is once. Raises NoResultFound, WrongTime, Taken."""
    row = _held(session, asker, person_id, block_id)
    if row.removed_at is not None:
        _check(row.span, now)
        _hold(session, row, row.span)
        row.removed_at = None
        _changed(row, now)
        _noted(session, asker, row)
    return row


def forget_old(session: Session, now: datetime) -> int:
    """Remove what is long over or long removed; returns how many rows. For the worker."""
    since = now - timedelta(days=KEPT_DAYS)
    is_old = or_(BlockedTime.ends_at < since, BlockedTime.removed_at < since)
    old = select(BlockedTime.id).where(is_old)
    session.execute(delete(BusyTime).where(BusyTime.cause_kind == BLOCK, BusyTime.cause_id.in_(old)))
    return cast("CursorResult[object]", session.execute(delete(BlockedTime).where(is_old))).rowcount


def _check(span: Span, now: datetime) -> None:
    if wrong := trouble(span, now):
        raise WrongTime(wrong)


def _changed(row: BlockedTime, now: datetime) -> None:
    """Another time or another state: calendars follow it. Other words are nothing that they show."""
    row.revision, row.changed_at = row.revision + 1, now


def _hold(session: Session, row: BlockedTime, span: Span) -> None:
    """Take the time in place of what it held. Raises Taken, changing nothing."""
    occupy(session, BLOCK, row.id, [Holding(row.person_id, span)])


def _held(session: Session, asker: Asker, person_id: uuid.UUID, block_id: uuid.UUID) -> BlockedTime:
    """The block as it stands once nobody else decides about this person's time."""
    managed(session, asker, person_id, what=WHAT)
    lock_people(session, (person_id,))
    asked = select(BlockedTime).where(BlockedTime.id == block_id, BlockedTime.person_id == person_id)
    return session.scalars(asked.execution_options(populate_existing=True)).one()


def _worded(session: Session, asker: Asker, row: BlockedTime, words: str) -> BlockedTime:
    row.own_words = words
    _noted(session, asker, row)
    return row


def _noted(session: Session, asker: Asker, row: BlockedTime) -> None:
    session.flush()
    note(session, asker, action="change", kind=WHAT, subject=row.person_id, object_id=row.id)
