"""Being away: for oneself, or by a lead for somebody of the team. Nothing here commits."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, or_, select
from sqlalchemy.orm import Session

from portal.identity.absence import desk_queries
from portal.identity.absence.models import Absence
from portal.identity.absence.rules import KEPT_DAYS, Period, trouble
from portal.identity.service import lock_people
from portal.journal.service import note
from portal.web.asker import Asker
from portal.web.errors import Refused


class WrongDays(Refused):
    """The days cannot be: `trouble` is one of the rules' words."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class Overlaps(Refused):
    """The person is away already on some of these days."""


class CannotStandIn(Refused):
    """Whoever was chosen does not work in a team of the absent one."""


class AwayToo(Refused):
    """Whoever was chosen is away themselves on some of these days."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Local days, first and last included, and who answers instead; None for nobody."""

    first: date
    last: date
    stand_in_id: uuid.UUID | None = None

    @property
    def days(self) -> Period:
        """The days as the rules know them."""
        return Period(self.first, self.last)


def take(session: Session, asker: Asker, person_id: uuid.UUID, wish: Wish, now: datetime) -> Absence:
    """The person is away; said twice it is once. Meetings already booked stay.

    Raises NoResultFound where the asker may not say so, WrongDays, Overlaps, CannotStandIn, AwayToo.
    """
    desk_queries.managed(session, asker, person_id)
    if wrong := trouble(wish.days, now.astimezone(asker.zone).date()):
        raise WrongDays(wrong)
    _lock(session, person_id, wish.stand_in_id)
    for row in _of(session, person_id):
        if Wish(row.first_day, row.last_day, row.stand_in_id) == wish:
            return row
    _check(session, asker, person_id, wish)
    row = Absence(
        person_id=person_id,
        first_day=wish.first,
        last_day=wish.last,
        stand_in_id=wish.stand_in_id,
        made_by=asker.person_id,
        made_at=now,
        changed_at=now,
    )
    session.add(row)
    _noted(session, asker, row)
    return row


def change(
    session: Session,
    asker: Asker,
    person_id: uuid.UUID,
    absence_id: uuid.UUID,
    *,
    last: date,
    stand_in_id: uuid.UUID | None,
    now: datetime,
) -> None:
    """Another last day, or somebody else who answers. The last day may have passed: they came back sooner.

    Raises as `take`, and NoResultFound for what has been taken back.
    """
    row = _held(session, asker, person_id, absence_id, stand_in_id)
    if row.cancelled_at is not None:
        raise desk_queries.nothing()
    wish = Wish(row.first_day, last, stand_in_id)
    if wrong := trouble(wish.days, None):
        raise WrongDays(wrong)
    _check(session, asker, person_id, wish, without=row.id)
    if last != row.last_day:
        _changed(row, now)
    row.last_day, row.stand_in_id = last, stand_in_id
    _noted(session, asker, row)


def take_back(
    session: Session, asker: Asker, person_id: uuid.UUID, absence_id: uuid.UUID, now: datetime
) -> None:
    """The person is not away after all; twice is once. Raises NoResultFound."""
    row = _held(session, asker, person_id, absence_id)
    if row.cancelled_at is None:
        row.cancelled_at = now
        _changed(row, now)
    _noted(session, asker, row)


def restore(
    session: Session, asker: Asker, person_id: uuid.UUID, absence_id: uuid.UUID, now: datetime
) -> None:
    """What was taken back stands again; twice is once. Raises as `take`."""
    row = _held(session, asker, person_id, absence_id)
    if row.cancelled_at is None:
        return
    _check(session, asker, person_id, Wish(row.first_day, row.last_day, row.stand_in_id), without=row.id)
    row.cancelled_at = None
    _changed(row, now)
    _noted(session, asker, row)


def forget_old(session: Session, now: datetime) -> int:
    """Remove what is long over or long taken back; returns how many rows. For the worker."""
    since = now - timedelta(days=KEPT_DAYS)
    old = delete(Absence).where(or_(Absence.last_day < since.date(), Absence.cancelled_at < since))
    return cast("CursorResult[object]", session.execute(old)).rowcount


def _changed(row: Absence, now: datetime) -> None:
    """Other days, or another state: calendars follow it. Who stands in is nothing that they show."""
    row.revision, row.changed_at = row.revision + 1, now


def _held(
    session: Session,
    asker: Asker,
    person_id: uuid.UUID,
    absence_id: uuid.UUID,
    stand_in_id: uuid.UUID | None = None,
) -> Absence:
    """The absence as it stands, with everybody held whom it is about or will be."""
    desk_queries.managed(session, asker, person_id)
    asked = select(Absence).where(Absence.id == absence_id, Absence.person_id == person_id)
    before = session.scalars(asked).one().stand_in_id
    _lock(session, person_id, before, stand_in_id)
    return session.scalars(asked.execution_options(populate_existing=True)).one()


def _lock(session: Session, *people: uuid.UUID | None) -> None:
    """Both are held: whoever stands in must not become absent at the same moment."""
    lock_people(session, {one for one in people if one is not None})


def _of(session: Session, person_id: uuid.UUID) -> list[Absence]:
    rows = select(Absence).where(Absence.person_id == person_id, Absence.cancelled_at.is_(None))
    return list(session.scalars(rows.execution_options(populate_existing=True)))


def _check(
    session: Session,
    asker: Asker,
    person_id: uuid.UUID,
    wish: Wish,
    *,
    without: uuid.UUID | None = None,
) -> None:
    if any(row.days.meets(wish.days) for row in _of(session, person_id) if row.id != without):
        raise Overlaps
    if wish.stand_in_id is None:
        return
    able = desk_queries.colleagues(session, asker, person_id)
    if wish.stand_in_id not in {one.person_id for one in able}:
        raise CannotStandIn
    if any(row.days.meets(wish.days) for row in _of(session, wish.stand_in_id)):
        raise AwayToo


def _noted(session: Session, asker: Asker, row: Absence) -> None:
    session.flush()
    note(session, asker, action="change", kind="absence", subject=row.person_id, object_id=row.id)
