"""Telling whoever has left, and said yes to being asked, that somebody will ring: once, the day before."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.followup import queries as followup
from portal.followup.queries import Due
from portal.messaging import queries as outbox
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.notices import service as notices
from portal.notices.hours_queries import hours_of
from portal.organisation import queries as organisations
from portal.organisation.models import Organisation

BEFORE = timedelta(days=1)


def tick(session: Session, now: datetime) -> int:
    """Put in the outbox what is due to be told; returns how many are new.

    On the day before alone, within the hours: who has not got it then is rung up without it.
    """
    made = 0
    for place in organisations.everyone(session):
        hours = hours_of(place)
        if hours.open_from(now) != now:
            continue
        found = followup.due_on(session, place, now.astimezone(place.zone).date() + BEFORE)
        said = outbox.said_about(session, [one.enrolment_id for one in found]) if found else {}
        for one in found:
            again = said.get((kinds.FOLLOW_UP, one.enrolment_id, one.months), 0)
            if again is not None:
                made += _tell(session, place, one, again, now)
    return made


def _tell(session: Session, place: Organisation, one: Due, again: int, now: datetime) -> bool:
    day = now.astimezone(place.zone).date()
    closes = datetime.combine(day, time(place.rules.reminder_latest_hour), place.zone) + timedelta(hours=1)
    put = notices.will_ring(
        session,
        one.person_id,
        about=one.enrolment_id,
        number=one.months,
        expires_at=closes,
        now=now,
        again=again,
    )
    return put is not None


def is_true(session: Session, message: OutboxMessage) -> bool:
    """Whether somebody is still to be rung. Asked just before an SMS leaves."""
    return followup.is_waiting(session, message.subject, message.revision)
