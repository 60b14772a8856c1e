"""What a lead has to act on, on the first page: the ceiling, who waits, missed meetings."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.db import Database
from portal.identity.models import Enrolment
from portal.organisation.models import Organisation
from tests.conftest import SignIn
from tests.journeys.test_selects import FEW, MANY, STAFF, add_people, asked
from tests.reports.test_pages import a_meeting
from tests.support.pages import text_of
from tests.support.world import World


def test_a_lead_sees_what_needs_an_act_and_a_coach_does_not(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {"caseload_ceiling": 1}
        enrolment = session.scalars(
            select(Enrolment).where(Enrolment.person_id == world.participant.id)
        ).one()
        enrolment.first_meeting_on, enrolment.applied_on = None, date(2026, 11, 4)
        for days, attendance in ((2, "came"), (3, "absent"), (40, "absent")):
            met = a_meeting(session, world.second_participant, world.coach, now - timedelta(days=days))
            met.attendance, met.attended_at, met.attendance_by = attendance, now, world.coach.id
    told = text_of(sign_in(world.lead).get("/staff"))
    assert "1 coach har fler än taket." in told
    assert "1 person väntar på sitt första möte. Den längsta väntan är 20 dagar." in told
    assert "Den här månaden: 1 av 2 (50 %) möten missades." in told
    assert "Se hela rapporten" in told
    assert "Se hela rapporten" not in text_of(sign_in(world.coach).get("/staff"))


def test_when_nothing_needs_an_act_it_says_so(sign_in: SignIn, world: World) -> None:
    told = text_of(sign_in(world.lead).get("/staff"))
    assert "Ingen coach har fler än taket." in told
    assert "Ingen väntar på sitt första möte." in told
    assert "Inget möte är noterat än." in told


def test_a_leads_first_page_asks_no_oftener_for_many(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    lead = sign_in(world.lead)
    add_people(database, world, now, range(2, FEW))
    few = len(asked(database, lead, "/staff"))
    add_people(database, world, now, range(FEW, MANY))
    assert few == len(asked(database, lead, "/staff"))
    assert few <= STAFF
