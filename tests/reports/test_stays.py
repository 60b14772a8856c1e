"""Meetings and answers belong to the stay they fell into: its team counts them, and no other."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from portal.booking.models import Appointment
from portal.db import Database
from portal.identity.models import Enrolment
from portal.organisation.models import Organisation
from tests.conftest import SignIn
from tests.reports.test_pages import a_meeting, answered, table
from tests.support.world import World

MAY, SEPTEMBER = datetime(2026, 5, 4, 9, tzinfo=UTC), datetime(2026, 9, 7, 9, tzinfo=UTC)


@pytest.fixture
def moved(database: Database, world: World, now: datetime) -> World:
    """Somebody who was in the lead's team until June, and is in the other team since August.

    One meeting in May, three in September, each with its check-in.
    """
    with database.transaction() as session:
        stay = session.scalars(select(Enrolment).where(Enrolment.person_id == world.participant.id)).one()
        earlier = Enrolment(
            person_id=stay.person_id,
            programme_id=stay.programme_id,
            team_id=stay.team_id,
            coach_id=world.coach.id,
            applied_on=date(2026, 4, 1),
            started_on=date(2026, 5, 1),
            closed_on=date(2026, 6, 30),
            outcome="work",
        )
        session.add(earlier)
        stay.team_id = world.here.other_team.id
        for number, begins in enumerate([MAY, *(SEPTEMBER + timedelta(days=day) for day in range(3))]):
            met = a_meeting(session, world.participant, world.coach, begins)
            met.attendance, met.attended_at, met.attendance_by = "came", now, world.coach.id
            answered(session, met, begins + timedelta(days=1), instrument="ors", total=100 + number)
    return world


def test_a_team_counts_what_fell_into_its_own_stay(sign_in: SignIn, moved: World) -> None:
    lead = sign_in(moved.lead)
    assert table(lead, "meetings", period="2026")[-1][1] == "1"
    assert table(lead, "check-ins", period="2026")[1][1] == "1"
    assert table(lead, "scales", period="2026")[1][1:3] == ["1", "1"]
    assert table(lead, "meetings", period="2026-2")[-1][1] == "0"


def test_what_lies_in_two_stays_is_counted_once(sign_in: SignIn, moved: World, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Organisation, moved.organisation.id).settings = {"smallest_cell_outside": 1}
        session.execute(
            update(Enrolment)
            .where(Enrolment.person_id == moved.participant.id, Enrolment.closed_on.is_(None))
            .values(applied_on=date(2026, 5, 1))
        )
    admin = sign_in(moved.admin)
    assert table(admin, "meetings")[-1][1] == "1"
    assert table(admin, "check-ins")[1][1] == "1"


def test_no_meeting_of_a_later_stay_is_the_first_of_an_earlier(
    sign_in: SignIn, moved: World, database: Database
) -> None:
    lead = sign_in(moved.lead)
    assert table(lead, "waiting", period="all")[-1][:3] == ["Totalt", "2", "25"]
    with database.transaction() as session:
        session.execute(update(Appointment).where(Appointment.starts_at == MAY).values(attendance="absent"))
    assert table(lead, "waiting", period="all")[-1][:3] == ["Totalt", "1", "17"]
