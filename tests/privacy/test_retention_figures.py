"""Figures stand when somebody has been forgotten (S46)."""

import re
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, update

from portal.booking.models import Appointment
from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.organisation.models import Programme
from portal.reports.rules import CUTS
from tests.conftest import SignIn
from tests.privacy.forgetting import LONG_AGO, forget
from tests.support.world import World

STANDING = (
    "caseload",
    "waiting",
    "gender-per-intake",
    "income-at-start",
    "referrers",
    "outcomes",
    "closures",
    "income-at-closure",
    "surveys",
    "targets",
)
"""The tables of a report that are the same when somebody has been forgotten."""
GOING = (
    *("meetings", "check-ins", "reminders", "scales", "movement", "stairs"),
    *("follow-up-yes", "follow-ups", "follow-up-doing"),
)
"""Those that tell of whoever is kept: meetings, answers, records of stairs and what was told after leaving go

with their person.
"""
PERIODS = ("2026-2", "2026-1", "2024-2", "2024-1", "2023-2", "2023-1", "2024", "2023", "all")


def test_figures_stand_without_the_person(full: Database, world: World, now: datetime) -> None:
    forget(full, now)
    with full.reading() as session:
        row = session.execute(
            select(Enrolment, Person)
            .join(Person, Person.id == Enrolment.person_id)
            .where(Enrolment.outcome == "work")
        ).one()
    kept, nobody = row
    assert (nobody.gender, nobody.municipality) == ("woman", "norr")
    assert nobody.id != world.participant.id
    assert (nobody.name, nobody.phone, nobody.name_hash, nobody.phone_hash) == ("", "", None, None)
    assert kept.coach_id is None
    # Twenty days from application to first meeting, as it was.
    assert (kept.applied_on, kept.first_meeting_on) == (date(2023, 1, 12), date(2023, 2, 1))
    assert (kept.started_on, kept.closed_on) == (date(2023, 3, 1), date(2024, 6, 1))
    assert kept.referrer == "fk"


def test_reports_print_the_same_before_and_after(
    full: Database, world: World, now: datetime, sign_in: SignIn
) -> None:
    """Every table about people and waiting, of every half-year and year, split by every cut."""
    somebody = Enrolment.person_id == world.participant.id
    with full.transaction() as session:
        session.get_one(Programme, world.here.programme.id).targets = {
            "participants": 9,
            "share_to_work": 0.4,
        }
        # Nobody filled in when they began or first met; the meeting that was kept lies in another half-year.
        session.execute(
            update(Enrolment)
            .where(somebody)
            .values(applied_on=date(2023, 5, 20), first_meeting_on=None, started_on=None)
        )
        meetings = select(Appointment).where(Appointment.person_id == world.participant.id)
        kept = session.scalars(meetings.order_by(Appointment.starts_at)).first()
        assert kept is not None
        kept.starts_at = datetime(2023, 7, 4, 22, 30, tzinfo=UTC)
        kept.ends_at = kept.attended_at = kept.starts_at + timedelta(hours=1)
        kept.attendance = "came"
        session.add(
            Enrolment(
                person_id=world.participant.id,
                programme_id=world.here.programme.id,
                team_id=world.here.team.id,
                intake=2,
                applied_on=date(2023, 12, 20),
                first_meeting_on=date(2024, 1, 3),
                closed_on=LONG_AGO,
                outcome="studies",
            )
        )
    lead = sign_in(world.lead)
    asked = [f"period={code}&cut={CUTS[0]}" for code in PERIODS] + [f"period=all&cut={cut}" for cut in CUTS]

    def taken_out(table: str, query: str) -> str:
        where = f"programme={world.here.programme.id}&{query}" if table == "targets" else query
        answer = lead.get(f"/staff/reports/csv?table={table}&{where}")
        assert answer.status_code == 200
        return answer.text

    def printed() -> dict[tuple[str, str], str]:
        return {(table, query): taken_out(table, query) for table in STANDING for query in asked}

    before = printed()
    forget(full, now)
    assert printed() == before
    # In Stockholm the meeting was on 5 July, 46 days after the application.
    assert '"Totalt";1;46;46' in before["waiting", "period=2023-2&cut=gender"]
    assert '"Totalt";1;14;14' in before["waiting", "period=2024-1&cut=gender"]
    assert '"Totalt";0' in before["waiting", "period=2023-1&cut=gender"]


def test_of_each_table_it_is_decided_whether_it_stands(full: Database, world: World, sign_in: SignIn) -> None:
    """Decision 0014 says which tables are made of what is deleted; a new one goes in one of the lists."""
    page = sign_in(world.lead).get("/staff/reports?period=all").text
    tables = set(re.findall(r'aria-labelledby="([^"]+)"', page))
    assert {"waiting", "meetings"} <= tables <= {*STANDING, *GOING}


def test_a_table_that_leaves_out_the_forgotten_says_so(
    full: Database, world: World, now: datetime, sign_in: SignIn
) -> None:
    """S46: who reads the figures of an old period knows which of them tell of those alone who are left."""
    said = "De som har tagits bort ur portalen räknas inte."
    page = sign_in(world.lead).get("/staff/reports?period=all").text
    captions = re.findall(r'aria-labelledby="([^"]+)">\s*<table[^>]*>\s*<caption><span>([^<]*)', page)
    telling = {key for key, caption in captions if said in caption}
    assert {"meetings", "check-ins", "reminders", "stairs", "follow-ups"} <= telling
    assert telling == {key for key, _caption in captions} & set(GOING)
