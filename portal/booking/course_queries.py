"""Reads about the meetings that lie ahead when a course ends or gets another coach."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, false, or_, select, true, union_all
from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability.outside.queries import is_busy
from portal.availability.queries import Keeper
from portal.availability.rules import MEETING, Span, day_start, within_hours
from portal.booking import rules
from portal.booking.models import Appointment
from portal.booking.shown_queries import Meeting, kept_by, named, shown, visible, with_names
from portal.identity.scope import coaching, participants_of
from portal.journal.service import note
from portal.web.asker import Asker

KEPT_FOR = timedelta(days=7)
"""How long after a meeting its former coach can still say whether the person came."""


def coming(session: Session, person_id: uuid.UUID, now: datetime) -> Sequence[Appointment]:
    """A person's booked meetings that have not started, by their time. The caller has checked the person."""
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.person_id == person_id,
            Appointment.state == rules.BOOKED,
            Appointment.starts_at > now,
        )
        .order_by(Appointment.starts_at)
        .execution_options(populate_existing=True)
    ).all()


def obstacles(
    session: Session, asker: Asker, person_id: uuid.UUID, coach_id: uuid.UUID, now: datetime
) -> dict[uuid.UUID, str]:
    """What stands in a new coach's way at each coming meeting that is not theirs yet; "" where nothing does.

    The caller has checked the person.
    """
    held = availability.keeper(session, asker, coach_id)
    return {
        one.id: _obstacle(session, held, one, now)
        for one in coming(session, person_id, now)
        if one.coach_id != coach_id
    }


def without_coach(session: Session, person_id: uuid.UUID, now: datetime) -> frozenset[uuid.UUID]:
    """A person's coming meetings with somebody who has left or coaches no longer; the person is checked."""
    able = set(session.scalars(coaching()))
    return frozenset(one.id for one in coming(session, person_id, now) if one.coach_id not in able)


def _obstacle(session: Session, held: Keeper, meeting: Appointment, now: datetime) -> str:
    span = Span(meeting.starts_at, meeting.ends_at)
    until = span.end + held.terms.buffer_after(meeting.mode)
    # Whoever interprets at the meeting is busy with it, and cannot hold it as well.
    subject = (held.person_id,)
    if availability.busy_spans(session, subject, span.start, until, without=meeting.id, kind=MEETING):
        return rules.TAKEN
    if is_busy(session, held.person_id, span, now):
        return rules.ELSEWHERE
    return "" if within_hours(span, held.calendar, meeting.mode) else rules.OUTSIDE


def kept_and_adrift(
    session: Session, asker: Asker, now: datetime
) -> tuple[Sequence[Meeting], Sequence[Meeting]]:
    """What stayed with the asker, and what of their participants' is with nobody any longer; one query.

    First the meetings that stayed with the asker when their person got another coach, and are not done with;
    then the coming ones of the asker's participants with somebody who has left or coaches no longer.
    """
    stayed = select(Appointment).where(
        kept_by(asker),
        Appointment.person_id.not_in(participants_of(asker)),
        Appointment.state == rules.BOOKED,
        Appointment.ends_at > now - KEPT_FOR,
    )
    adrift = visible(asker).where(
        Appointment.state == rules.BOOKED,
        Appointment.starts_at > now,
        Appointment.coach_id.not_in(coaching()),
    )
    both = union_all(
        with_names(stayed).add_columns(true().label("stayed")),
        with_names(adrift).add_columns(false().label("stayed")),
    )
    rows = session.execute(both.order_by("starts_at")).all()
    found = [(bool(row.stayed), shown(asker, row, now, 0)) for row in rows]
    for _stayed, one in found:
        note(session, asker, action="read", kind="meetings", subject=one.person_id)
    return [one for stays, one in found if stays], [one for stays, one in found if not stays]


def _listed(session: Session, asker: Asker, wanted: Select[Appointment], now: datetime) -> Sequence[Meeting]:
    found = [shown(asker, row, now, 0) for row in named(session, wanted)]
    for one in found:
        note(session, asker, action="read", kind="meetings", subject=one.person_id)
    return found


def booked_with(
    session: Session, asker: Asker, coach_id: uuid.UUID, first: date, last: date, now: datetime
) -> Sequence[Meeting]:
    """Coming meetings with a coach on local days, both included, of the participants in the asker's scope.

    One's own that stayed after a hand-over are among them. The caller has checked the coach.
    """
    wanted = select(Appointment).where(
        Appointment.organisation_id == asker.organisation_id,
        or_(Appointment.person_id.in_(participants_of(asker)), kept_by(asker)),
        Appointment.coach_id == coach_id,
        Appointment.state == rules.BOOKED,
        Appointment.starts_at > now,
        Appointment.starts_at >= day_start(first, asker.zone),
        Appointment.starts_at < day_start(last + timedelta(days=1), asker.zone),
    )
    return _listed(session, asker, wanted.order_by(Appointment.starts_at), now)
