"""Steps on the stairs and surveys in the report: bases, targets, what nobody has asked about."""

from datetime import date, datetime

from sqlalchemy import select, update

from portal.db import Database
from portal.identity.models import Enrolment
from portal.organisation.models import Choice, Programme
from portal.plan.models import StairMove
from tests.conftest import SignIn
from tests.journeys.test_selects import STAFF, asked
from tests.reports.test_pages import table
from tests.support.pages import text_of
from tests.support.world import World


def climb(database: Database, world: World, now: datetime, *, closed_on: date | None) -> None:
    """The participant went from the first step to the second in October, and was asked again in May."""
    with database.transaction() as session:
        steps = [
            Choice(
                organisation_id=world.organisation.id,
                kind="stair",
                code=code,
                words={"sv": code},
                position=at,
            )
            for at, code in enumerate(("prova", "praktik", "jobb"))
        ]
        session.add_all(steps)
        session.get_one(Programme, world.here.programme.id).targets = {"share_one_step": 0.8}
        enrolment = session.scalars(
            select(Enrolment).where(Enrolment.person_id == world.participant.id)
        ).one()
        if closed_on:
            enrolment.applied_on = enrolment.first_meeting_on = enrolment.started_on = date(2025, 1, 1)
            enrolment.closed_on, enrolment.outcome = closed_on, "work"
        days = [("prova", date(2025, 2, 1)), ("praktik", date(2025, 4, 1)), ("jobb", date(2026, 1, 10))]
        for code, on in days:
            session.add(
                StairMove(enrolment_id=enrolment.id, code=code, on=on, by_id=world.coach.id, recorded_at=now)
            )


def test_a_step_up_has_its_base_and_its_target(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    climb(database, world, now, closed_on=None)
    lead = sign_in(world.lead)
    assert table(lead, "stairs")[1] == ["Minst ett steg upp", "1 av 1 (100 %)", "minst 80 %"]
    assert table(lead, "stairs")[2][1] == "0 av 0"
    with database.transaction() as session:
        session.execute(update(Enrolment).values(started_on=date(2025, 1, 1)))
    assert table(lead, "stairs", reader="outside")[1][1] == "–"
    assert len(asked(database, lead, "/staff/reports")) <= STAFF


def test_what_lasted_is_asked_in_the_period_in_which_it_is_due(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    climb(database, world, now, closed_on=date(2025, 7, 15))
    lead = sign_in(world.lead)
    found = {row[0]: row[1] for row in table(lead, "stairs", period="2026-1")}
    assert found["Kvar eller högre efter 6 månader"] == "1 av 1 (100 %)"
    assert found["Kvar eller högre efter 18 månader"] == "0 av 0"


def test_without_a_step_there_is_no_table_and_surveys_stand_for_those_who_lead(
    sign_in: SignIn, world: World
) -> None:
    lead = sign_in(world.lead)
    assert "Steg på trappan" not in text_of(lead.get("/staff/reports"))
    assert table(lead, "surveys")[1] == ["Team Norr", "0", "0"]
    assert sign_in(world.admin).get("/staff/reports/csv?table=surveys").status_code == 404
