"""Reads about meetings. Whose they are follows from who asks; the ticks of the worker ask for everybody."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.queries import Keeper
from portal.availability.rooms.rules import TWO, seats_for
from portal.availability.rules import FreeTime
from portal.availability.shown_rules import suggestions
from portal.booking import rules
from portal.booking.models import Appointment
from portal.booking.moving_queries import instead, moving_own
from portal.booking.moving_queries import moving as moving_row
from portal.booking.room_queries import free_for
from portal.booking.room_service import going
from portal.booking.shown_queries import (
    Meeting,
    Occasion,
    Offer,
    OwnMeetings,
    appointment_for,
    named,
    shown,
    visible,
)
from portal.booking.travel_queries import travel_of
from portal.booking.travel_rules import Travel, split
from portal.identity.models import Enrolment, Person
from portal.identity.scope import participant, participants_of
from portal.journal.service import note
from portal.notices.due_rules import Due, Standing
from portal.notices.rules import Held
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

PAST_SHOWN = 5
"""Past meetings on the participant's page: enough to remember, few enough to see."""


def coach_of(session: Session, person_id: uuid.UUID) -> uuid.UUID | None:
    """The coach of a participant's open enrolment; None when there is none."""
    held = select(Enrolment.coach_id).where(Enrolment.person_id == person_id, Enrolment.closed_on.is_(None))
    return session.scalars(held.order_by(Enrolment.applied_on.desc()).limit(1)).first()


def meeting(
    session: Session, asker: Asker, meeting_id: uuid.UUID, now: datetime, *, kept: bool = False
) -> Meeting:
    """One meeting; with `kept` one that stayed with a former coach too. Raises NoResultFound."""
    if asker.is_staff:
        found = appointment_for(session, asker, meeting_id, kept=kept)
        row = named(session, select(Appointment).where(Appointment.id == found.id)).one()
    else:
        # Whoever asks for their own is found and read in one question.
        row = named(session, visible(asker).where(Appointment.id == meeting_id)).one()
    note(session, asker, action="read", kind="meetings", subject=row.person_id)
    return shown(asker, row, now, rules_of(session, asker).change_deadline_hours)


def own_meetings(session: Session, asker: Asker, now: datetime) -> OwnMeetings:
    """The asker's own meetings. Cancelled ones that lie ahead are shown until their day has passed."""
    deadline = rules_of(session, asker).change_deadline_hours
    own = visible(asker).where(Appointment.person_id == asker.person_id)
    ahead = own.where(Appointment.ends_at > now).order_by(Appointment.starts_at)
    past = own.where(Appointment.ends_at <= now, Appointment.state == rules.BOOKED)
    past = past.order_by(Appointment.starts_at.desc()).limit(PAST_SHOWN)
    note(session, asker, action="read", kind="meetings", subject=asker.person_id)
    return OwnMeetings(
        tuple(shown(asker, row, now, deadline) for row in named(session, ahead)),
        tuple(shown(asker, row, now, deadline) for row in named(session, past)),
    )


def person_meetings(
    session: Session, asker: Asker, who: uuid.UUID | Person, now: datetime
) -> Sequence[Meeting]:
    """Every meeting of one participant for staff, the latest first. Raises NoResultFound."""
    person_id = participant(session, asker, who, what="meetings").id
    wanted = select(Appointment).where(Appointment.person_id == person_id)
    rows = named(session, wanted.order_by(Appointment.starts_at.desc()))
    return [shown(asker, row, now, 0) for row in rows]


def meeting_of(
    session: Session,
    asker: Asker,
    person_id: uuid.UUID,
    meeting_id: uuid.UUID,
    now: datetime,
    *,
    kept: bool = False,
) -> Meeting:
    """One meeting of this very participant, for staff. Raises NoResultFound."""
    found = meeting(session, asker, meeting_id, now, kept=kept)
    if found.person_id != person_id:
        raise NoResultFound
    return found


def own_limit_reached(session: Session, asker: Asker, now: datetime) -> bool:
    """Whether the asking participant holds as many meetings of their own booking as may be."""
    held = select(func.count()).where(
        Appointment.person_id == asker.person_id,
        Appointment.booked_by == asker.person_id,
        Appointment.state == rules.BOOKED,
        Appointment.starts_at > now,
    )
    return (session.scalar(held) or 0) >= rules_of(session, asker).upcoming_own_bookings


def offer(session: Session, asker: Asker, now: datetime, moving: uuid.UUID | None = None) -> Offer | None:
    """What the asking participant can book with their coach, or move a meeting to; None without a coach.

    Raises NoResultFound for a meeting that is not theirs.
    """
    known = moving_own(session, asker, moving) if moving else None
    row = known.meeting if known else None
    coach_id = row.coach_id if row else coach_of(session, asker.person_id)
    if coach_id is None:
        return None
    held = availability.keeper(session, asker, coach_id)
    if row is None or known is None:
        full = own_limit_reached(session, asker, now)
        # An interpreter's seat is asked about where a room could lack it.
        small = any(seats <= TWO for seats in held.rooms.values())
        seats = seats_for(usual_interpreter(session, asker) if small else "")
        times = availability.free_times(session, held, now, also=(asker.person_id,), seats=seats)
        return _offer(asker, held, times, full, travel=travel_of(session, asker.person_id))
    # It is held the same way as before: a bus that does not matter to it is in no time's way.
    modes = tuple(mode for mode in held.terms.modes if mode == row.mode)
    held = replace(held, terms=replace(held.terms, meeting=row.ends_at - row.starts_at, modes=modes))
    goes = going(session, row, held)
    found = instead(session, asker, row, free_for(session, asker, held, row, goes, now), known.interpreter)
    said = row.place if goes.own else ""
    offered = _offer(asker, held, found.times, False, said=said, travel=known.travel)
    return replace(offered, interpreter=found.interpreter if asker.tier > 1 else "")


def staff_offer(
    session: Session, asker: Asker, person_id: uuid.UUID, now: datetime, moving: uuid.UUID | None = None
) -> Offer | None:
    """The next free times of a participant's coach, without the notice that a participant must give.

    With `moving` those of its coach and of its length, as if it did not stand. Raises NoResultFound.
    """
    row = appointment_for(session, asker, moving) if moving else None
    coach_id = row.coach_id if row else coach_of(session, person_id)
    if coach_id is None:
        return None
    held = availability.keeper(session, asker, coach_id)
    length = row.ends_at - row.starts_at if row else held.terms.meeting
    held = replace(held, terms=replace(held.terms, minimum_notice=timedelta(0), meeting=length))
    if row is not None:
        goes = going(session, row, held)
        known = moving_row(session, row)
        times = free_for(session, asker, held, row, goes, now, several=known.several)
        found = instead(session, asker, row, times, known.interpreter)
        offered = _offer(asker, held, found.times, False, travel=known.travel)
        return replace(offered, interpreter=found.interpreter, stays=goes.own)
    times = availability.free_times(session, held, now, also=(person_id,))
    return _offer(asker, held, times, False, travel=travel_of(session, person_id))


def _offer(
    asker: Asker,
    held: Keeper,
    times: Sequence[FreeTime],
    full: bool,
    *,
    travel: Travel,
    said: str = "",
) -> Offer:
    whole, zone = asker.tier > 1, held.calendar.zone
    fitting, others = split(times, travel, zone) if travel else (times, [])
    return Offer(
        times=tuple(times),
        first=tuple(suggestions(fitting, zone, rules.SUGGESTED_TIMES)),
        fitting=tuple(fitting),
        others=tuple((one, why if whole else "") for one, why in others[: rules.OTHERS_SHOWN]),
        modes=held.terms.modes,
        length=held.terms.meeting,
        full=full,
        coach=held.first_name if whole else "",
        able=held.able,
        place=held.place if whole else "",
        said_place=said if whole else "",
    )


# What other rooms ask


# Plain columns, in the order of `Due`: the worker reads all that comes up within days, every few seconds.
_DUE = (
    select(
        Appointment.id,
        Appointment.organisation_id,
        Appointment.person_id,
        Appointment.starts_at,
        Appointment.revision,
        Appointment.changed_at,
        Person.reminder_timing,
        Person.reminder_timing_at,
        Person.earliest_hour,
        Person.latest_hour,
    )
    .join(Person, Person.id == Appointment.person_id)
    .where(Appointment.state == rules.BOOKED, Appointment.in_portal.is_(True))
)


def starting_between(session: Session, start: datetime, end: datetime) -> Sequence[Due]:
    """Booked meetings of all organisations that start in [start, end), for reminders.

    Only with people who are enrolled: whoever has left is not called back to a meeting that still stands.
    """
    wanted = (
        _DUE.where(Appointment.starts_at >= start, Appointment.starts_at < end)
        .where(_enrolled())
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [_due(row) for row in session.execute(wanted)]


def next_due(session: Session, person_id: uuid.UUID, now: datetime) -> Due | None:
    """The next booked meeting of a participant, to be reminded of. The caller has checked the person."""
    row = session.execute(
        _DUE.where(Appointment.person_id == person_id, Appointment.starts_at > now, _enrolled())
        .order_by(Appointment.starts_at)
        .limit(1)
    ).first()
    return _due(row) if row else None


def _due(row: Sequence[Any]) -> Due:
    return Due(*row)


def _enrolled() -> ColumnElement[bool]:
    """Whether a meeting's participant is enrolled."""
    return exists().where(Enrolment.person_id == Appointment.person_id, Enrolment.closed_on.is_(None))


def next_starts(
    session: Session, asker: Asker, person_ids: Sequence[uuid.UUID], now: datetime
) -> dict[uuid.UUID, datetime]:
    """When each of these participants, of those in the asker's scope, has the next meeting; one query."""
    rows = session.execute(
        select(Appointment.person_id, func.min(Appointment.starts_at))
        .where(
            Appointment.person_id.in_(participants_of(asker)),
            Appointment.person_id.in_(person_ids),
            Appointment.state == rules.BOOKED,
            Appointment.ends_at > now,
        )
        .group_by(Appointment.person_id)
    )
    return {row[0]: row[1] for row in rows}


def standing(session: Session, meeting_id: uuid.UUID) -> Standing | None:
    """How a meeting stands now, for a message about it that has not left yet; None if it left no trace."""
    return standings(session, (meeting_id,)).get(meeting_id)


def standings(session: Session, meeting_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """How each of these meetings stands now, those that left no trace aside; one query."""
    rows = session.execute(
        select(Appointment.id, Appointment.revision, Appointment.state, _enrolled().label("enrolled")).where(
            Appointment.id.in_(meeting_ids), Appointment.in_portal.is_(True)
        )
    )
    return {row.id: Standing(row.revision, row.state == rules.CANCELLED, row.enrolled) for row in rows}


def held(session: Session, meeting_id: uuid.UUID) -> Held:
    """How a meeting is held, for a message to its own participant. Raises NoResultFound."""
    row = session.scalars(select(Appointment).where(Appointment.id == meeting_id)).one()
    return Held(row.mode, row.place, row.coach_id, row.confirmed_at is not None)


def occasion(session: Session, asker: Asker, meeting_id: uuid.UUID) -> Occasion:
    """When a booked meeting is and whose it is. Raises NoResultFound for any other."""
    row = session.scalars(
        visible(asker).where(Appointment.id == meeting_id, Appointment.state == rules.BOOKED)
    ).one()
    return Occasion(row.id, row.person_id, row.starts_at, row.ends_at)


def usual_interpreter(session: Session, asker: Asker) -> str:
    """The language of the interpreter at the asker's own last meeting, "" for none.

    Who books alone is not asked: they expect whoever was there before.
    """
    last = (
        select(Appointment.interpreter_language)
        .where(
            Appointment.person_id == asker.person_id,
            Appointment.state == rules.BOOKED,
            Appointment.in_portal.is_(True),
        )
        .order_by(Appointment.starts_at.desc())
        .limit(1)
    )
    return session.scalar(last) or ""


def changed_since(
    session: Session, asker: Asker, person_id: uuid.UUID, since: datetime, now: datetime
) -> Sequence[Meeting]:
    """One participant's meetings that were booked, moved, cancelled or noted after `since`, by their time."""
    participant(session, asker, person_id, what="meetings")
    wanted = select(Appointment).where(
        Appointment.person_id == person_id,
        or_(Appointment.changed_at > since, Appointment.attended_at > since),
    )
    rows = named(session, wanted.order_by(Appointment.starts_at))
    return [shown(asker, row, now, 0) for row in rows]
