"""Which meeting a paper form belongs to: the rooms of meetings and of check-ins do not know each other."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.booking.rules import ABSENT, BOOKED
from portal.booking.shown_queries import Meeting
from portal.groups import sheet_queries as groups
from portal.groups.sheet_queries import Occasion
from portal.identity.models import Enrolment, Person
from portal.instruments import queries as instruments
from portal.instruments.scale_rules import GROUP
from portal.organisation.models import Programme
from portal.web.asker import Asker

LATELY = timedelta(days=7)
"""A form that lies on the desk belongs to a meeting of the last week, most often."""


@dataclass(frozen=True)
class Sheet:
    """What a paper form is about: a meeting's id, or None where none was that day; and its moment."""

    reference: uuid.UUID | None
    at: datetime


def likely_day(
    session: Session,
    asker: Asker,
    person: Person,
    scale: str,
    meeting_id: uuid.UUID | None,
    now: datetime,
) -> date:
    """The day that stands in the form at first: the meeting's, the last one's of this week, or today."""
    today = now.astimezone(asker.zone).date()
    held = _held(session, asker, person, scale, now)
    days = [_day(one, asker) for one in held if one.id == meeting_id]
    if not days:
        days = [_day(one, asker) for one in held if now - one.starts_at < LATELY]
    return min(max(days), today) if days else today


def first_day(session: Session, person: Person) -> date | None:
    """The first day that a form can be from: when the person first applied, else met, else started.

    The programme's first day where none of them is known. The caller has checked the person.
    """
    came = func.coalesce(
        Enrolment.applied_on, Enrolment.first_meeting_on, Enrolment.started_on, Programme.starts_on
    )
    return session.scalar(
        select(func.min(came))
        .join(Programme, Programme.id == Enrolment.programme_id)
        .where(Enrolment.person_id == person.id)
    )


def sheet_on(
    session: Session,
    asker: Asker,
    person: Person,
    day: date,
    scale: str,
    *,
    meeting_id: uuid.UUID | None,
    now: datetime,
) -> Sheet:
    """The meeting on a day, the named one before any other; its moment is never one to come."""
    when = instruments.current(scale).when
    that_day = [one for one in _held(session, asker, person, scale, now) if _day(one, asker) == day]
    chosen = next((one for one in that_day if one.id == meeting_id), that_day[0] if that_day else None)
    if chosen is not None:
        return Sheet(chosen.id, min(now, chosen.starts_at if when == "before" else chosen.ends_at))
    return Sheet(None, min(now, datetime.combine(day, time(12), asker.zone)))


def _held(
    session: Session, asker: Asker, person: Person, scale: str, now: datetime
) -> Sequence[Meeting | Occasion]:
    """Meetings until the end of today that were not cancelled and not missed, the latest first.

    Of the scale for groups: sessions.
    """
    if scale == GROUP:
        return groups.held_with(session, person.id, now)
    today = now.astimezone(asker.zone).date()
    return [
        one
        for one in booking.person_meetings(session, asker, person, now)
        if one.state == BOOKED and one.attendance != ABSENT and _day(one, asker) <= today
    ]


def _day(meeting: Meeting | Occasion, asker: Asker) -> date:
    return meeting.starts_at.astimezone(asker.zone).date()
