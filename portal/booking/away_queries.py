"""What can become of the meetings that stand in a coach's absence."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability import rules as hours
from portal.availability.models import BusyTime
from portal.availability.outside import queries as outside
from portal.availability.queries import Keeper
from portal.availability.rooms.rules import seats_for, with_rooms
from portal.availability.rules import MEETING, FreeTime, Span, within_hours
from portal.booking import away_rules, course_queries, rules
from portal.booking.away_rules import Wanted
from portal.booking.models import AppointmentBefore
from portal.booking.network.company_queries import staff_of_each
from portal.booking.room_service import in_use, stays
from portal.booking.shown_queries import Meeting
from portal.booking.travel_queries import travels_of
from portal.booking.travel_rules import ANY_TIME, Travel, misfit
from portal.identity.absence.rules import Period
from portal.web.asker import Asker


@dataclass(frozen=True)
class Hit:
    """One meeting in the absence. `obstacle`: what keeps the stand-in from it (`booking.rules`), "" nothing.

    `times`: when it could be instead, in order; `likest`: that of them which is most like the old one.
    """

    meeting: Meeting
    obstacle: str
    times: tuple[Span, ...]
    likest: Span | None


@dataclass(frozen=True, slots=True)
class Gone:
    """An absence: whose, on which local days, and who stands in, None for nobody."""

    id: uuid.UUID
    coach_id: uuid.UUID
    days: Period
    stand_in_id: uuid.UUID | None


Busy = dict[uuid.UUID, list[tuple[Span, uuid.UUID | None]]]
"""When each person and room is occupied, and by which cause; None where it is a calendar elsewhere."""


def hits(session: Session, asker: Asker, gone: Gone, now: datetime) -> Sequence[Hit]:
    """The coming meetings in an absence, each with what can become of it. The caller has checked the coach.

    The questions to the database are as many for thirty meetings as for one.
    """
    days = gone.days
    found = course_queries.booked_with(session, asker, gone.coach_id, days.first, days.last, now)
    if not found:
        return ()
    held = _keeper(session, asker, gone, now)
    instead = availability.keeper(session, asker, gone.stand_in_id) if gone.stand_in_id else None
    keepers = {held.person_id} | ({instead.person_id} if instead else set())
    asked = staff_of_each(session, [one.id for one in found if one.several])
    people = {one.person_id for one in found} | keepers | {one for ids in asked.values() for one in ids}
    rooms = {one.room_id for one in found if one.room_id} | set(held.rooms)
    usable = in_use(session, rooms)
    until = now + timedelta(days=held.terms.horizon_days + 2)
    rows = availability.busy_of_each(session, people | rooms, now, until)
    met = _met(rows.get(held.person_id, ()), asker)
    instead_met = _met(rows.get(instead.person_id, ()) if instead else (), asker)
    busy: Busy = {one: _spans(rows.get(one, ())) for one in people | rooms}
    for one in keepers:
        busy[one] += [(span, None) for span in outside.busy_of(session, one, now, until, now)]
    travels = travels_of(session, [one.person_id for one in found])
    free = {one.id: _free(held, one, busy, usable, now, asked.get(one.id, ())) for one in found}
    wanted = [_wanted(held, one, travels.get(one.person_id, ANY_TIME), free[one.id], asker) for one in found]
    times = away_rules.spread(wanted, asker.zone, lambda day, more: held.terms.full(met[day] + more))
    return [
        Hit(
            meeting=one,
            obstacle=_obstacle(instead, one, busy, instead_met) if instead else rules.TAKEN,
            times=tuple(sorted(times[one.id])),
            likest=times[one.id][0] if times[one.id] else None,
        )
        for one in found
    ]


def _spans(rows: Iterable[BusyTime]) -> list[tuple[Span, uuid.UUID | None]]:
    """When somebody is busy, and with which meeting: who interprets at one cannot hold it as well."""
    return [(row.span, row.cause_id if row.cause_kind == MEETING else None) for row in rows]


def _wanted(held: Keeper, one: Meeting, travel: Travel, free: list[FreeTime], asker: Asker) -> Wanted:
    fitting = _fitting(free, one, travel, asker)
    return Wanted(one.id, one.starts_at, fitting, held.terms.buffer_after(one.mode))


def _keeper(session: Session, asker: Asker, gone: Gone, now: datetime) -> Keeper:
    """The absent coach as staff book with them: no notice, and further ahead than they are away."""
    held = availability.keeper(session, asker, gone.coach_id)
    away = (gone.days.last - now.astimezone(asker.zone).date()).days
    days = max(held.terms.horizon_days, away + away_rules.FURTHER_DAYS)
    return replace(held, terms=replace(held.terms, minimum_notice=timedelta(0), horizon_days=days))


def _met(rows: Iterable[BusyTime], asker: Asker) -> Counter[date]:
    """How many meetings a coach holds on each local day."""
    return Counter(row.starts_at.astimezone(asker.zone).date() for row in rows if row.cause_kind == MEETING)


def _others(busy: Busy, subject: uuid.UUID, meeting: Meeting) -> list[Span]:
    return [span for span, cause in busy[subject] if cause != meeting.id]


def _free(
    held: Keeper,
    meeting: Meeting,
    busy: Busy,
    usable: Collection[uuid.UUID],
    now: datetime,
    staff: Collection[uuid.UUID] = (),
) -> list[FreeTime]:
    """When a meeting can be instead; the colleagues who are asked to it are free then too."""
    if not held.able:
        return []
    goes = stays(meeting, held, usable)
    needed = (held.person_id, *goes.also(meeting.person_id), *staff)
    taken = [span for one in needed for span in _others(busy, one, meeting)]
    held = goes.keeper(held)
    rooms = {room: _others(busy, room, meeting) for room in held.rooms}
    seats = seats_for(meeting.interpreter) + meeting.several
    terms = replace(held.terms, meeting=meeting.ends_at - meeting.starts_at)
    # Never sooner than it was: whoever reads the message late would miss it.
    return [
        span
        for span in with_rooms(hours.free_times(now, held.calendar, taken, terms), rooms, held.rooms, seats)
        if span.start > meeting.starts_at and meeting.mode in span.modes
    ]


def _fitting(times: list[FreeTime], meeting: Meeting, travel: Travel, asker: Asker) -> list[FreeTime]:
    """Those of the times that fit its person's bus, in its own way; all where none does."""
    own = [replace(one, modes=(meeting.mode,)) for one in times]
    return [one for one in own if not misfit(one, travel, asker.zone)] or own


def _obstacle(instead: Keeper, meeting: Meeting, busy: Busy, met: Counter[date]) -> str:
    span = Span(meeting.starts_at, meeting.ends_at)
    whole = Span(span.start, span.end + instead.terms.buffer_after(meeting.mode))
    if not instead.able or any(whole.meets(one) for one in _others(busy, instead.person_id, meeting)):
        return rules.TAKEN
    if not within_hours(span, instead.calendar, meeting.mode):
        return rules.OUTSIDE
    day = span.start.astimezone(instead.calendar.zone).date()
    return rules.FULL if instead.terms.full(met[day]) else ""


def undoable(
    session: Session, absence_ids: Collection[uuid.UUID], now: datetime
) -> dict[uuid.UUID, tuple[uuid.UUID, datetime]]:
    """For each of these absences what was decided last and can be undone: the batch, and until when.

    The caller has checked the absences.
    """
    rows = session.execute(
        select(AppointmentBefore.absence_id, AppointmentBefore.batch_id, AppointmentBefore.made_at)
        .where(
            AppointmentBefore.absence_id.in_(absence_ids),
            AppointmentBefore.made_at > now - away_rules.UNDO_FOR,
        )
        .distinct()
        .order_by(AppointmentBefore.made_at)
    )
    return {row.absence_id: (row.batch_id, row.made_at + away_rules.UNDO_FOR) for row in rows}
