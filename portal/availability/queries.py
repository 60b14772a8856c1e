"""Reads about hours and busy time. Free times are open to everyone in the organisation."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Time, and_, cast, literal, null, or_, select
from sqlalchemy.orm import Session

from portal.availability import rules
from portal.availability.models import BLOCK, BusyTime, HoursException, OwnTerms, WeeklyHours
from portal.availability.outside import queries as outside
from portal.availability.rooms.models import Room
from portal.availability.rooms.rules import ON_SITE, TWO, with_rooms
from portal.availability.rules import (
    MEETING,
    PLACED,
    Calendar,
    Closing,
    Departure,
    FreeTime,
    Interval,
    Span,
    Terms,
    WeekHours,
)
from portal.identity.absence import queries as absence
from portal.identity.models import Person, RoleGrant
from portal.identity.scope import coaching
from portal.organisation.queries import rules_of
from portal.organisation.rules import MODES, Rules
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whose hours: the hours, the terms, and the default place and video link ("" where none).

    Not `able`: somebody who has left, or meets nobody any longer. They have no free times. `rooms`: how many
    each room seats in which the hours are.
    """

    person_id: uuid.UUID
    first_name: str
    calendar: Calendar
    terms: Terms
    place: str
    video: str
    able: bool = True
    rooms: Mapping[uuid.UUID, int] = field(default_factory=dict)

    def place_for(self, mode: str, start: datetime) -> str:
        """Where a meeting of this kind is held then when nobody has said otherwise; "" for a phone call.

        The place is that of the hours in which it starts, else the usual one.
        """
        if mode in PLACED:
            return self.calendar.where(start)[0] or self.place
        return self.video if mode == "video" else ""

    def room_for(self, mode: str, start: datetime) -> uuid.UUID | None:
        """The room of the hours in which a meeting of this kind starts, None where there is none."""
        return self.calendar.where(start)[1] if mode == ON_SITE else None

    def anywhere(self) -> "Keeper":
        """The same hours for a meeting that has its own place or room, whatever room the hours are in."""
        week = tuple(replace(hours, room=None) for hours in self.calendar.week)
        return replace(self, calendar=replace(self.calendar, week=week), rooms={})


def keeper(session: Session, asker: Asker, person_id: uuid.UUID) -> Keeper:
    """The hours and terms of somebody in the asker's organisation. Raises NoResultFound."""
    able = coaching().where(RoleGrant.person_id == person_id).exists()
    row = session.execute(
        select(Person, OwnTerms, able)
        .outerjoin(OwnTerms, OwnTerms.person_id == Person.id)
        .where(Person.id == person_id, Person.organisation_id == asker.organisation_id)
    ).one()
    person, is_able = row[0], row[2]
    own: OwnTerms | None = row[1]
    house = rules_of(session, asker)
    week, rooms = _hours(session, person_id)
    return Keeper(
        person_id=person_id,
        first_name=person.first_name,
        calendar=Calendar(
            asker.zone,
            week,
            _departures(session, person_id),
            lunch=own.lunch if own else None,
            closing=Closing(house.closed_on_holidays, house.eve_last_hour),
        ),
        terms=_terms(house, own),
        place=(own.place if own else "") or house.default_place,
        video=own.video if own else "",
        able=is_able,
        rooms=rooms,
    )


def _hours(session: Session, person_id: uuid.UUID) -> tuple[tuple[WeekHours, ...], Mapping[uuid.UUID, int]]:
    """Somebody's week at the places of its rooms, and how many each room seats; one query.

    What names a closed room is at the usual place.
    """
    in_use = and_(Room.id == WeeklyHours.room_id, Room.closed_at.is_(None))
    asked = _ordered(select(WeeklyHours, Room).outerjoin(Room, in_use), person_id)
    rows = [(row[0], row[1]) for row in session.execute(asked)]
    week = tuple(
        replace(row.as_hours, place=room.place if room else row.place, room=room.id if room else None)
        for row, room in rows
    )
    return week, {room.id: room.seats for _row, room in rows if room}


def _terms(house: Rules, own: OwnTerms | None) -> Terms:
    most = own.most_a_day if own else None
    return Terms(
        meeting=timedelta(minutes=(own and own.meeting_minutes) or house.meeting_minutes),
        buffer=timedelta(minutes=house.buffer_minutes),
        minimum_notice=timedelta(hours=house.minimum_notice_hours),
        horizon_days=house.horizon_days,
        modes=house.modes,
        buffers={mode: timedelta(minutes=house.buffer_after(mode)) for mode in MODES},
        most_a_day=house.most_a_day if most is None else most,
    )


def busy_spans(
    session: Session,
    subject_ids: Collection[uuid.UUID],
    start: datetime,
    end: datetime,
    *,
    without: uuid.UUID | None = None,
    kind: str | None = None,
) -> list[Span]:
    """When any of the subjects is occupied between two instants.

    `without` leaves one cause out, with `kind` only what it holds as that.
    """
    rows = session.execute(_busy(subject_ids, start, end, without, kind))
    return [Span(row.starts_at, row.ends_at) for row in rows]


def _busy(
    subject_ids: Collection[uuid.UUID],
    start: datetime,
    end: datetime,
    without: uuid.UUID | None,
    kind: str | None = None,
) -> Select[datetime, datetime]:
    wanted = select(BusyTime.starts_at, BusyTime.ends_at).where(
        BusyTime.subject_id.in_(subject_ids), BusyTime.starts_at < end, BusyTime.ends_at > start
    )
    if without is None:
        return wanted
    is_other = BusyTime.cause_id != without
    return wanted.where(is_other if kind is None else or_(is_other, BusyTime.cause_kind != kind))


def _met(person_id: uuid.UUID) -> ColumnElement[bool]:
    """Whether a busy time is a meeting of this keeper: those are counted where there is a most on a day."""
    return and_(BusyTime.cause_kind == MEETING, BusyTime.subject_id == person_id)


def busy_of_each(
    session: Session, subject_ids: Collection[uuid.UUID], start: datetime, end: datetime
) -> dict[uuid.UUID, list[BusyTime]]:
    """When each of the subjects is occupied between two instants; one query."""
    rows = session.scalars(
        select(BusyTime).where(
            BusyTime.subject_id.in_(subject_ids), BusyTime.starts_at < end, BusyTime.ends_at > start
        )
    )
    found: dict[uuid.UUID, list[BusyTime]] = {}
    for row in rows:
        found.setdefault(row.subject_id, []).append(row)
    return found


def free_times(
    session: Session,
    held: Keeper,
    now: datetime,
    *,
    also: Collection[uuid.UUID] = (),
    without: uuid.UUID | None = None,
    seats: int = TWO,
) -> list[FreeTime]:
    """The meetings that can be booked with this keeper now, soonest first.

    Times at which the keeper is busy elsewhere, or any subject in `also` is occupied, are left out. The busy
    rows of the cause `without` do not count, so that a meeting does not stand in its own way when it moves.
    Where the hours are in a room one meets there only while it is free, and seats so many.
    """
    if not held.able:
        return []
    zone = held.calendar.zone
    until = now + timedelta(days=held.terms.horizon_days + 2)
    # From midnight: what has been today counts among the meetings of the day.
    today = rules.day_start(now.astimezone(zone).date(), zone)
    subjects = {held.person_id, *also, *held.rooms}
    here = _busy(subjects, today, until, without).add_columns(_met(held.person_id), BusyTime.subject_id)
    elsewhere = outside.spans_of(held.person_id, today, until, now).add_columns(
        literal(False), literal(held.person_id)
    )
    rows = session.execute(here.union_all(elsewhere)).all()
    met = Counter(row[0].astimezone(zone).date() for row in rows if row[2])
    taken = [Span(row[0], row[1]) for row in rows if row[3] not in held.rooms]
    times = rules.free_times(now, held.calendar, taken, held.terms, met)
    if not held.rooms:
        return times
    busy = {room: [Span(row[0], row[1]) for row in rows if row[3] == room] for room in held.rooms}
    return with_rooms(times, busy, held.rooms, seats)


def is_full(session: Session, held: Keeper, day: date, *, without: uuid.UUID | None = None) -> bool:
    """Whether the keeper holds as many meetings on a local day as may be, one of them left out."""
    if not held.terms.most_a_day:
        return False
    zone = held.calendar.zone
    starts, ends = rules.day_start(day, zone), rules.day_start(day + timedelta(days=1), zone)
    held_then = _busy({held.person_id}, starts, ends, without).where(
        _met(held.person_id), BusyTime.starts_at >= starts
    )
    return held.terms.full(len(session.execute(held_then).all()))


def own_settings(session: Session, asker: Asker) -> dict[str, int | str | time | None]:
    """What the asker has decided for their own meetings, by the form's names; None or "": as everybody."""
    own = session.scalars(select(OwnTerms).where(OwnTerms.person_id == asker.person_id)).one_or_none()
    if own is None:
        return {}
    return {
        "minutes": own.meeting_minutes,
        "lunch_start": own.lunch_starts,
        "lunch_end": own.lunch_ends,
        "most": own.most_a_day,
        "place": own.place,
        "video": own.video,
    }


def own_week(session: Session, asker: Asker) -> Sequence[WeeklyHours]:
    """The asker's own weekly hours, in order."""
    return _weekly(session, asker.person_id)


def own_exceptions(session: Session, asker: Asker, today: date) -> Sequence[HoursException]:
    """The asker's own exceptions that have not passed, in order."""
    return _exceptions(session, asker.person_id, today)


def own_booked_on(session: Session, asker: Asker, departure: Departure, now: datetime) -> int:
    """How many of the asker's times to come are taken on these days."""
    ahead = select(BusyTime.starts_at).where(
        BusyTime.subject_id == asker.person_id, BusyTime.ends_at > now, BusyTime.cause_kind != BLOCK
    )
    return sum(departure.covers(at.astimezone(asker.zone).date()) for at in session.scalars(ahead))


def _weekly(session: Session, person_id: uuid.UUID) -> Sequence[WeeklyHours]:
    return session.scalars(_ordered(select(WeeklyHours), person_id)).all()


def _ordered(wanted: Select[*tuple[Any, ...]], person_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    """Of somebody's week, in order."""
    return wanted.where(WeeklyHours.person_id == person_id).order_by(
        WeeklyHours.weekday, WeeklyHours.starts, WeeklyHours.first_day.nulls_first()
    )


def _departures(session: Session, person_id: uuid.UUID) -> tuple[Departure, ...]:
    """What differs from somebody's week, the days of their absences among it; one query."""
    # PostgreSQL must know what kind of nothing it is before it can stand under a value.
    no_time = cast(null(), Time())
    own = select(
        HoursException.first_day, HoursException.last_day, HoursException.starts, HoursException.ends
    ).where(HoursException.person_id == person_id)
    rows = session.execute(own.union_all(absence.of(person_id).add_columns(no_time, no_time)))
    return tuple(
        Departure(first, last, Interval(starts, ends) if starts and ends else None)
        for first, last, starts, ends in rows
    )


def _exceptions(session: Session, person_id: uuid.UUID, since: date | None) -> Sequence[HoursException]:
    wanted = select(HoursException).where(HoursException.person_id == person_id)
    if since is not None:
        wanted = wanted.where(HoursException.last_day >= since)
    return session.scalars(wanted.order_by(HoursException.first_day, HoursException.starts)).all()
