"""Changes to hours, and the taking and freeing of time. Nothing here commits."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.availability import rules
from portal.availability.models import BusyTime, HoursException, OwnTerms, WeeklyHours
from portal.availability.rooms.rules import ROOM
from portal.availability.rules import Departure, Interval, Span, WeekHours
from portal.identity.service import lock_people
from portal.journal.service import note
from portal.web.asker import Asker
from portal.web.errors import Refused


class Taken(Refused):
    """Somebody who is needed is occupied at that time: `subject_id`, None where nobody knows who."""

    def __init__(self, subject_id: uuid.UUID | None = None) -> None:
        super().__init__(subject_id)
        self.subject_id = subject_id


class RoomTaken(Taken):
    """Everybody could come, but the room is occupied at that time."""


class HoursOverlap(Refused):
    """Two intervals of one day share time."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A subject occupied for a span, by a cause in a room above."""

    subject_id: uuid.UUID
    span: Span
    subject_kind: str = "person"


def occupy(
    session: Session,
    cause_kind: str,
    cause_id: uuid.UUID,
    holdings: Sequence[Holding],
    *,
    beside: bool = False,
) -> None:
    """Take these times for one cause, in place of what it held before, or `beside` it.

    Raises Taken, or RoomTaken where only a room is occupied, changing nothing.
    """
    _insist(session, cause_id, holdings)
    try:
        with session.begin_nested():
            if not beside:
                release(session, cause_kind, cause_id)
            session.add_all(
                BusyTime(
                    subject_kind=holding.subject_kind,
                    subject_id=holding.subject_id,
                    starts_at=holding.span.start,
                    ends_at=holding.span.end,
                    cause_kind=cause_kind,
                    cause_id=cause_id,
                )
                for holding in holdings
            )
            session.flush()
    except IntegrityError as error:
        # Whoever was quicker stands in the table by now.
        _insist(session, cause_id, holdings)
        raise Taken from error


def _insist(session: Session, cause_id: uuid.UUID, holdings: Sequence[Holding]) -> None:
    """Refuse what is held for another cause: people are asked about first."""
    for holding in sorted(holdings, key=lambda one: one.subject_kind == ROOM):
        met = select(BusyTime.id).where(
            BusyTime.subject_id == holding.subject_id,
            BusyTime.starts_at < holding.span.end,
            BusyTime.ends_at > holding.span.start,
            BusyTime.cause_id != cause_id,
        )
        if session.execute(met.limit(1)).first() is not None:
            raise (RoomTaken if holding.subject_kind == ROOM else Taken)(holding.subject_id)


def release(session: Session, cause_kind: str, cause_id: uuid.UUID) -> None:
    """Free every time that this cause holds."""
    session.execute(delete(BusyTime).where(BusyTime.cause_kind == cause_kind, BusyTime.cause_id == cause_id))


def release_one(session: Session, cause_kind: str, cause_id: uuid.UUID, subject_id: uuid.UUID) -> None:
    """Free what one subject holds for this cause; the others hold it still."""
    session.execute(
        delete(BusyTime).where(
            BusyTime.cause_kind == cause_kind,
            BusyTime.cause_id == cause_id,
            BusyTime.subject_id == subject_id,
        )
    )


def set_week(session: Session, asker: Asker, week: Sequence[WeekHours], *, today: date | None = None) -> None:
    """The asker's weekly hours become these; those whose days are over before `today` stay.

    Raises HoursOverlap.
    """
    if rules.overlapping(week):
        raise HoursOverlap
    lock_people(session, (asker.person_id,))
    gone = delete(WeeklyHours).where(WeeklyHours.person_id == asker.person_id)
    if today is not None:
        gone = gone.where(or_(WeeklyHours.last_day.is_(None), WeeklyHours.last_day >= today))
    session.execute(gone)
    session.add_all(
        WeeklyHours(
            person_id=asker.person_id,
            weekday=hours.weekday,
            starts=hours.interval.start,
            ends=hours.interval.end,
            first_day=hours.first,
            last_day=hours.last,
            modes=list(hours.modes),
            place=hours.place,
            room_id=hours.room,
        )
        for hours in week
    )
    session.flush()
    note(session, asker, action="change", kind="hours", subject=asker.person_id)


def remove_hours(session: Session, asker: Asker, hours_id: uuid.UUID) -> None:
    """One of the asker's own rows goes. Raises NoResultFound for somebody else's."""
    _remove(session, asker, WeeklyHours, hours_id)


def add_exception(session: Session, asker: Asker, departure: Departure) -> HoursException:
    """The asker's days differ from the week; said twice they differ once. Meetings already booked stay."""
    lock_people(session, (asker.person_id,))
    other = departure.other
    same = select(HoursException).where(
        HoursException.person_id == asker.person_id,
        HoursException.first_day == departure.first,
        HoursException.last_day == departure.last,
    )
    for row in session.scalars(same):
        if row.as_departure == departure:
            return row
    row = HoursException(
        person_id=asker.person_id,
        first_day=departure.first,
        last_day=departure.last,
        starts=other.start if other else None,
        ends=other.end if other else None,
    )
    session.add(row)
    session.flush()
    note(session, asker, action="change", kind="hours", subject=asker.person_id)
    return row


def remove_exception(session: Session, asker: Asker, exception_id: uuid.UUID) -> None:
    """The asker's days follow the week again. Raises NoResultFound for somebody else's exception."""
    _remove(session, asker, HoursException, exception_id)


def _remove(
    session: Session, asker: Asker, kind: type[WeeklyHours] | type[HoursException], row_id: uuid.UUID
) -> None:
    own = select(kind).where(kind.id == row_id, kind.person_id == asker.person_id)
    session.delete(session.scalars(own).one())
    session.flush()
    note(session, asker, action="change", kind="hours", subject=asker.person_id)


def set_terms(
    session: Session,
    asker: Asker,
    *,
    meeting_minutes: int | None,
    place: str,
    video: str,
    lunch: Interval | None = None,
    most_a_day: int | None = None,
) -> None:
    """The asker's own terms; None: the organisation's length and most on a day, and no lunch."""
    lock_people(session, (asker.person_id,))
    row = session.scalars(select(OwnTerms).where(OwnTerms.person_id == asker.person_id)).one_or_none()
    if row is None:
        row = OwnTerms(person_id=asker.person_id)
        session.add(row)
    row.meeting_minutes, row.most_a_day = meeting_minutes, most_a_day
    row.lunch_starts, row.lunch_ends = (lunch.start, lunch.end) if lunch else (None, None)
    row.place = place
    row.video = video
    session.flush()
    note(session, asker, action="change", kind="hours", subject=asker.person_id)
