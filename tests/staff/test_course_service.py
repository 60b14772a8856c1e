"""A course that ends: what was booked ahead ends with it, and the person hears of it once."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime
from portal.booking import service as booking
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.identity.models import Person
from portal.identity.people import course_service as enrolments
from portal.identity.people.course_service import Closure
from portal.identity.people.service import NotOpen, WrongDays
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.reminders import service as reminders
from portal.staff import course_service
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


def book(
    session: Session, world: World, now: datetime, away: timedelta, in_portal: bool = True
) -> Appointment:
    coach, key = asker_of(session, world.coach), uuid.uuid4()
    wish = Wish(now + away, "phone", key, in_portal=in_portal)
    return booking.book_for(session, coach, world.participant.id, wish, now, anyway=True)


def close(session: Session, world: World, now: datetime, by: str = "coach") -> int:
    person = session.get_one(Person, world.participant.id)
    closure = Closure(now.date(), "work")
    return course_service.close(session, asker_of(session, getattr(world, by)), person, closure, now=now)


def waiting(session: Session) -> list[OutboxMessage]:
    asked = select(OutboxMessage).where(OutboxMessage.state == messaging.QUEUED)
    return list(session.scalars(asked))


@pytest.mark.parametrize("by", ["coach", "lead", "admin"])
def test_closing_cancels_what_lies_ahead_and_tells_of_each(
    session: Session, world: World, now: datetime, by: str
) -> None:
    """S31: the message names no reason; the time is free in the same moment."""
    begun = book(session, world, now, timedelta(minutes=1))
    ahead = [book(session, world, now, away) for away in (DAY, 3 * DAY, 8 * DAY)]
    later = now + timedelta(minutes=2)
    reminders.tick(session, later)
    assert close(session, world, later, by) == 3
    assert [one.state for one in (begun, *ahead)] == ["booked", "cancelled", "cancelled", "cancelled"]
    assert session.scalars(select(BusyTime.cause_id).distinct()).all() == [begun.id]
    said = [one for one in waiting(session) if one.subject != begun.id]
    assert {(one.kind, one.subject) for one in said} == {(kinds.CANCELLED, one.id) for one in ahead}
    assert all(reminders.check(session, one, later) == messaging.Go(world.participant.phone) for one in said)


def test_one_meeting_is_told_by_its_time_and_a_hidden_one_not_at_all(
    session: Session, world: World, now: datetime
) -> None:
    """S33"""
    hidden = book(session, world, now, DAY, in_portal=False)
    shown = book(session, world, now, 2 * DAY)
    assert close(session, world, now) == 2
    assert hidden.state == "cancelled"
    assert [(one.kind, one.subject) for one in waiting(session)] == [(kinds.CANCELLED, shown.id)]


def test_what_is_refused_cancels_nothing_and_twice_is_once(
    session: Session, world: World, now: datetime
) -> None:
    meeting = book(session, world, now, DAY)
    person = session.get_one(Person, world.participant.id)
    early = Closure(now.date() - 999 * DAY, "work")
    with pytest.raises(WrongDays):
        course_service.close(session, asker_of(session, world.coach), person, early, now=now)
    assert meeting.state == "booked"
    close(session, world, now)
    with pytest.raises(NotOpen):
        close(session, world, now)
    assert len(waiting(session)) == 1


def test_opening_again_brings_no_meeting_back(session: Session, world: World, now: datetime) -> None:
    meeting = book(session, world, now, DAY)
    close(session, world, now)
    person = session.get_one(Person, world.participant.id)
    enrolments.reopen(session, asker_of(session, world.coach), person)
    assert meeting.state == "cancelled"
    book(session, world, now, DAY)
