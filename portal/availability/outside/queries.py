"""Reads of calendars elsewhere. Their addresses are their owner's; when they are busy counts for all."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from portal.availability.outside import rules
from portal.availability.outside.models import OutsideBusy, OutsideCalendar
from portal.availability.rules import Span
from portal.availability.span_rules import merged
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Shown:
    """A calendar as its owner sees it: never its address, which opens it to anybody, but where it stands.

    `times`: how many busy times are known ahead; `gone`: they stand no longer, nobody could read for long.
    """

    id: uuid.UUID
    host: str
    read_at: datetime | None
    problem: str
    times: int
    passed_over: int
    gone: bool


def own_calendars(session: Session, asker: Asker, now: datetime) -> Sequence[Shown]:
    """The asker's calendars elsewhere, in the order in which they were added; one query."""
    times = (
        select(func.count())
        .where(OutsideBusy.calendar_id == OutsideCalendar.id, OutsideBusy.ends_at > now)
        .correlate(OutsideCalendar)
        .scalar_subquery()
    )
    rows = session.execute(
        select(OutsideCalendar, times)
        .where(OutsideCalendar.person_id == asker.person_id)
        .order_by(OutsideCalendar.added_at, OutsideCalendar.id)
    )
    return [_shown(row[0], row[1], now) for row in rows]


def _shown(row: OutsideCalendar, times: int, now: datetime) -> Shown:
    gone = row.read_at is not None and row.read_at <= now - rules.STANDS
    return Shown(
        id=row.id,
        host=row.address.split("/")[2],
        read_at=row.read_at,
        problem=row.problem,
        times=0 if gone else times,
        passed_over=row.passed_over,
        gone=gone,
    )


def standing(now: datetime) -> ColumnElement[bool]:
    """Whether a calendar's times stand: it was read well not too long ago."""
    return OutsideCalendar.read_at > now - rules.STANDS


def spans_of(
    person_id: uuid.UUID, start: datetime, end: datetime, now: datetime
) -> Select[datetime, datetime]:
    """When somebody is busy elsewhere between two instants: from when, until when."""
    return spans_of_each((person_id,), start, end, now)


def spans_of_each(
    person_ids: Collection[uuid.UUID], start: datetime, end: datetime, now: datetime
) -> Select[datetime, datetime]:
    """The same of any of several people."""
    return (
        select(OutsideBusy.starts_at, OutsideBusy.ends_at)
        .join(OutsideCalendar, OutsideCalendar.id == OutsideBusy.calendar_id)
        .where(
            OutsideCalendar.person_id.in_(person_ids),
            standing(now),
            OutsideBusy.starts_at < end,
            OutsideBusy.ends_at > start,
        )
    )


def busy_of_each(
    session: Session, person_ids: Collection[uuid.UUID], start: datetime, end: datetime, now: datetime
) -> list[Span]:
    """When any of these people is busy elsewhere between two instants, merged; one query."""
    rows = session.execute(spans_of_each(person_ids, start, end, now))
    return merged(Span(starts_at, ends_at) for starts_at, ends_at in rows)


def busy_of(
    session: Session, person_id: uuid.UUID, start: datetime, end: datetime, now: datetime
) -> list[Span]:
    """When somebody is busy elsewhere between two instants, merged; one query."""
    return busy_of_each(session, (person_id,), start, end, now)


def is_busy(session: Session, person_id: uuid.UUID, span: Span, now: datetime) -> bool:
    """Whether somebody is busy elsewhere at any moment of a span."""
    met = spans_of(person_id, span.start, span.end, now)
    return session.execute(met.limit(1)).first() is not None
