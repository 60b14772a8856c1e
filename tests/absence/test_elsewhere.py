"""What other rooms make of an absence: free times, the promise of an answer, meetings of the day."""

import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.availability import queries as availability
from portal.availability import service as hours
from portal.availability.rules import Interval, WeekHours
from portal.booking import queries as booking
from portal.booking import service as meetings
from portal.booking.day_queries import meetings_on
from portal.booking.time_service import Wish as Meeting
from portal.identity.absence import service
from portal.identity.absence.service import Wish
from portal.identity.models import Person
from portal.plan.queries import promised_day
from tests.support.objects import asker_of
from tests.support.world import World

TODAY = date(2026, 11, 24)
"""A Tuesday."""


def away(
    session: Session, person: Person, first: int, last: int, now: datetime, by: Person | None = None
) -> None:
    days = TODAY + timedelta(days=first), TODAY + timedelta(days=last)
    wish = Wish(*days, by.id if by else None)
    service.take(session, asker_of(session, person), person.id, wish, now)


def days_offered(session: Session, world: World, now: datetime) -> set[date]:
    asker = asker_of(session, world.participant)
    offer = booking.offer(session, asker, now)
    assert offer is not None
    return {span.start.astimezone(asker.zone).date() for span in offer.times}


def test_no_time_is_offered_on_those_days_whoever_stands_in(
    world: World, session: Session, now: datetime
) -> None:
    week = [WeekHours(day, Interval(time(9), time(16))) for day in range(7)]
    hours.set_week(session, asker_of(session, world.coach), week)
    before = days_offered(session, world, now)
    away(session, world.coach, 2, 4, now, world.other_coach)
    gone = {TODAY + timedelta(days=number) for number in (2, 3, 4)}
    assert before - days_offered(session, world, now) == gone
    held = availability.keeper(session, asker_of(session, world.lead), world.coach.id)
    assert not held.calendar.hours_on(TODAY + timedelta(days=3))


def test_a_time_on_those_days_cannot_be_booked(world: World, session: Session, now: datetime) -> None:
    week = [WeekHours(day, Interval(time(9), time(16))) for day in range(7)]
    hours.set_week(session, asker_of(session, world.coach), week)
    away(session, world.coach, 2, 4, now)
    inside = Meeting(datetime.combine(TODAY + timedelta(days=3), time(10), now.tzinfo), "phone", uuid.uuid4())
    with pytest.raises(meetings.NotFree):
        meetings.book_own(session, asker_of(session, world.participant), inside, now)


@pytest.mark.parametrize(
    ("days", "promised"),
    [
        (None, date(2026, 11, 26)),
        ((0, 0), date(2026, 11, 26)),
        # Until Friday: Monday is the first working day that counts, Tuesday the second.
        ((0, 3), date(2026, 12, 1)),
        # From tomorrow on: what would have been promised for Thursday cannot be kept.
        ((1, 6), date(2026, 12, 2)),
        ((10, 12), date(2026, 11, 26)),
    ],
)
def test_a_promise_counts_from_when_somebody_is_there_again(
    world: World, session: Session, now: datetime, days: tuple[int, int] | None, promised: date
) -> None:
    if days is not None:
        away(session, world.coach, *days, now)
    assert promised_day(session, asker_of(session, world.participant), now) == promised


def test_with_a_stand_in_the_promise_is_as_ever(world: World, session: Session, now: datetime) -> None:
    away(session, world.coach, 0, 3, now, world.other_coach)
    assert promised_day(session, asker_of(session, world.participant), now) == date(2026, 11, 26)
    other = promised_day(session, asker_of(session, world.other_participant), now)
    assert other == date(2026, 11, 26)


def test_a_long_absence_knows_the_holidays_at_its_end(world: World, session: Session, now: datetime) -> None:
    away(session, world.coach, 0, 365, now)
    # 24 November 2027 is a Wednesday: Thursday and Friday follow.
    assert promised_day(session, asker_of(session, world.participant), now) == date(2027, 11, 26)


def test_a_stand_ins_day_holds_the_absent_coachs_meetings(
    world: World, session: Session, now: datetime
) -> None:
    coach = asker_of(session, world.coach)
    wish = Meeting(now + timedelta(hours=2), "phone", uuid.uuid4())
    booked = meetings.book_for(session, coach, world.participant.id, wish, now, anyway=True)
    asker = asker_of(session, world.other_coach)
    assert not meetings_on(session, asker, TODAY, now)
    standing_in = replace(asker, stands_in_for=frozenset({world.coach.id}))
    assert [one.id for one in meetings_on(session, standing_in, TODAY, now)] == [booked.id]
