"""A cancelled meeting does not come back to a time at which its coach is away; a moved one stays long."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from portal.availability.models import HoursException, WeeklyHours
from portal.booking import queries, service
from portal.booking.models import Appointment
from portal.booking.service import NotFree, OutsideHours
from portal.db import Database
from tests.booking.conftest import AskAs, Booked, Tell
from tests.conftest import SignIn
from tests.support.pages import text_of
from tests.support.world import World

FRIDAY_9 = datetime.fromisoformat("2026-11-27T08:00+00:00")


def leave(database: Database, world: World, how: str) -> None:
    """The coach takes the day off, or no longer works on Fridays."""
    with database.transaction() as session:
        if how == "off":
            day = FRIDAY_9.date()
            session.add(HoursException(person_id=world.coach.id, first_day=day, last_day=day))
        else:
            gone = delete(WeeklyHours).where(
                WeeklyHours.person_id == world.coach.id, WeeklyHours.weekday == 4
            )
            session.execute(gone)


def state(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(Appointment.state)).one()


@pytest.mark.parametrize("how", ["off", "hours"])
def test_the_participant_is_refused_in_plain_words_and_offered_times(
    database: Database,
    open_world: World,
    booked: Booked,
    ask_as: AskAs,
    sign_in: SignIn,
    now: datetime,
    *,
    how: str,
) -> None:
    meeting, own = booked(FRIDAY_9), ask_as(open_world.participant)
    with database.transaction() as session:
        service.cancel_own(session, own, meeting.id, "", now)
    leave(database, open_world, how)
    with database.transaction() as session, pytest.raises(NotFree):
        service.restore_own(session, own, meeting.id, now)
    refused = sign_in(open_world.participant).post(f"/meetings/{meeting.id}/restore")
    assert refused.status_code == 422
    assert "Din coach är inte här den tiden längre. Välj en ny tid." in text_of(refused)
    assert "/meetings/book?at=" in refused.text
    assert state(database) == "cancelled"


def test_staff_are_warned_and_may_do_it_anyway(
    database: Database, open_world: World, booked: Booked, ask_as: AskAs, sign_in: SignIn, now: datetime
) -> None:
    meeting, coach = booked(FRIDAY_9), ask_as(open_world.coach)
    with database.transaction() as session:
        service.cancel_for(session, coach, meeting.id, "", now)
    leave(database, open_world, "off")
    with database.transaction() as session, pytest.raises(OutsideHours):
        service.restore_for(session, coach, meeting.id, now)
    path = f"/staff/people/{open_world.participant.id}/meetings/{meeting.id}/restore"
    browser = sign_in(open_world.coach)
    warned = browser.post(path, data={"back": "today"})
    assert warned.status_code == 422
    assert "Tiden ligger utanför coachens arbetstid." in text_of(warned)
    assert state(database) == "cancelled"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', warned.text))
    done = browser.post(path, data={"anyway": "1", "back": hidden["back"]})
    assert (done.status_code, done.location) == (303, "/staff")
    assert state(database) == "booked"


def test_a_moved_meeting_is_offered_times_of_its_own_length(
    database: Database, open_world: World, booked_by_staff: Tell, ask_as: AskAs, now: datetime
) -> None:
    long = booked_by_staff(FRIDAY_9, length=timedelta(minutes=120))
    with database.reading() as session:
        coach = ask_as(open_world.coach)
        offer = queries.staff_offer(session, coach, open_world.participant.id, now, long.id)
        other = queries.staff_offer(session, coach, open_world.participant.id, now)
    assert offer is not None
    assert other is not None
    assert {one.end - one.start for one in offer.times} == {timedelta(minutes=120)}
    assert offer.length == timedelta(minutes=120)
    assert {one.end - one.start for one in other.times} == {other.length} != {timedelta(minutes=120)}
