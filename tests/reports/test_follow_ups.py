"""Those who have left, in the report: who said yes, who was reached, what they do; what is not printed."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.followup import service as followup
from portal.followup.models import FollowUp, FollowUpConsent
from portal.followup.rules import DECLINED, NEVER, NO, OPEN, REACHED, UNREACHED, YES
from portal.identity.models import Enrolment, Person
from portal.organisation.models import Choice, Organisation
from tests.conftest import FrozenClock, SignIn
from tests.journeys.test_selects import STAFF, asked
from tests.reports.test_outside import everything, small
from tests.reports.test_pages import BASE, table
from tests.support.objects import asker_of
from tests.support.pages import Client, text_of
from tests.support.world import World, add_participant

CLOSED = date(2026, 7, 10)
TABLES = ("follow-up-yes", "follow-ups", "follow-up-doing")
ANSWERS = ["Efter avslutet", "Dagen har kommit", "Nådda i tid", "Ville inte", "Inte nådda i tid"]


def leave(
    session: Session,
    world: World,
    now: datetime,
    number: int = 1,
    *,
    closed_on: date = CLOSED,
    said: str = YES,
    told: str = "",
    doing: str = "",
    months: int = 3,
    outcome: str = "work",
) -> None:
    """So many whose enrolment ended; what they said, and what was written a day after a follow-up's day."""
    for _ in range(number):
        person = add_participant(session, world.here, "Någon Annan", now, coach=world.coach, phone="")
        stay = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
        stay.applied_on = stay.started_on = date(2025, 1, 7)
        stay.closed_on, stay.outcome = closed_on, outcome
        facts = {"person_id": person.id, "enrolment_id": stay.id, "noted_by": world.coach.id}
        at = datetime(closed_on.year, closed_on.month, closed_on.day, 12, tzinfo=UTC)
        if said:
            session.add(FollowUpConsent(said=said, said_at=at, **facts))
        if told:
            written = {"result": told, "occupation": doing, "noted_at": at + timedelta(days=31 * months)}
            session.add(FollowUp(months=months, **written, **facts))


def outsiders(browser: Client, **asked: str) -> dict[str, list[list[str]]]:
    return {key: table(browser, key, reader="outside", **asked) for key in TABLES}


def test_who_said_yes_who_answered_and_what_they_do(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    """Three months from 10 July is 10 October; from 20 September, a day that has not come."""
    with database.transaction() as session:
        leave(session, world, now, 2, told=REACHED, doing="work")
        leave(session, world, now, told=REACHED, doing="studies")
        leave(session, world, now, told=UNREACHED)
        leave(session, world, now, said=NEVER, told=DECLINED)
        leave(session, world, now)
        leave(session, world, now, 2, closed_on=date(2026, 9, 20))
        leave(session, world, now, 3, said="")
        leave(session, world, now, said=NO)
        # Due in the second half of the year, closed in the first.
        leave(session, world, now, closed_on=date(2026, 5, 2), told=REACHED, doing="work", months=6)
        leave(session, world, now, closed_on=date(2026, 4, 2))
    lead = sign_in(world.lead)
    assert table(lead, "follow-up-yes") == [
        ["Avslutade", "Ja", "Nej", "Inget är skrivet"],
        ["12", "7", "2", "3"],
    ]
    assert table(lead, "follow-ups") == [
        [*ANSWERS, "Väntar"],
        ["3 månader", "8", "3", "1", "3", "1"],
        ["6 månader", "2", "1", "0", "0", "1"],
    ]
    assert table(lead, "follow-up-doing") == [
        ["Efter avslutet", "Nådda i tid", "Arbete", "Studier", "Annat"],
        ["3 månader", "3", "2", "1", "0"],
        ["6 månader", "1", "1", "0", "0"],
    ]
    assert table(lead, "follow-ups", period="2026-1")[1:] == [
        ["3 månader", "0", "0", "0", "0", "0"],
        ["6 månader", "0", "0", "0", "0", "0"],
    ]
    page = text_of(lead.get(BASE))
    assert "Det som skrivs inom 60 dagar räknas." in page
    assert "Väntar: de 60 dagarna är inte slut." in page
    assert "De avslutade: 12 inskrivningar." in page
    assert len(asked(database, lead, BASE)) <= STAFF


def test_only_whoever_was_closed_stands_beside_those_who_said_yes(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    """S41: beside the number of those closed, a sum with those who left early would tell these."""
    with database.transaction() as session:
        for word in session.scalars(select(Choice).where(Choice.code == "other")):
            word.counts_as = "dropout"
        leave(session, world, now, 2, told=REACHED, doing="work")
        leave(session, world, now, outcome="other", told=REACHED, doing="studies")
    lead = sign_in(world.lead)
    assert table(lead, "follow-up-yes")[1] == ["2", "2", "0", "0"]
    assert table(lead, "closures")[1][:2] == ["2", "1"]
    assert table(lead, "follow-ups")[1] == ["3 månader", "3", "3", "0", "0", "0"]
    assert table(lead, "follow-up-doing")[:2] == [
        ["Efter avslutet", "Nådda i tid", "Arbete", "Studier"],
        ["3 månader", "3", "2", "1"],
    ]


def test_the_months_are_the_houses_and_those_of_which_something_is_written(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    def months() -> list[str]:
        return [row[0] for row in table(lead, "follow-ups")[1:]]

    def decide(*chosen: int) -> None:
        with database.transaction() as session:
            place = session.get_one(Organisation, world.organisation.id)
            place.settings = {"follow_up_months": list(chosen)}

    lead = sign_in(world.lead)
    assert months() == ["3 månader", "6 månader"]
    decide()
    page = text_of(lead.get(BASE))
    assert "Uppföljning efter avslut" not in page
    assert "Ja till uppföljning" not in page
    assert lead.get(f"{BASE}/csv?table=follow-ups").status_code == 404
    with database.transaction() as session:
        leave(session, world, now, told=REACHED, doing="work")
    assert months() == ["3 månader"]
    decide(6, 12)
    assert months() == ["3 månader", "6 månader", "12 månader"]
    assert [row[0] for row in table(lead, "follow-ups", period="2026-1")[1:]] == ["6 månader", "12 månader"]


# --- for others than the team --------------------------------------------------------------------

SPRING = date(2026, 1, 20)
"""Three months from then, and the sixty days after that, lie in a half-year that is over."""


@pytest.fixture
def few(database: Database, world: World, now: datetime) -> World:
    """Of the first half of 2026: two who did not want to any more; of ten who were reached one studies."""
    parts: tuple[tuple[int, dict[str, Any]], ...] = (
        (9, {"told": REACHED, "doing": "work"}),
        (1, {"told": REACHED, "doing": "studies"}),
        (6, {"told": UNREACHED}),
        (2, {"said": NEVER, "told": DECLINED}),
        (8, {"said": ""}),
        (6, {"told": REACHED, "doing": "work", "closed_on": date(2025, 8, 20), "months": 6}),
    )
    with database.transaction() as session:
        for number, facts in parts:
            leave(session, world, now, number, **{"closed_on": SPRING, **facts})
    return world


def test_no_small_number_is_printed_for_others_nor_told_by_the_rest(sign_in: SignIn, few: World) -> None:
    """S41: the two who did not want to, and the one who studies."""
    lead = sign_in(few.lead)
    assert table(lead, "follow-ups", period="2026-1")[1:] == [
        ["3 månader", "18", "10", "2", "6", "0"],
        ["6 månader", "6", "6", "0", "0", "0"],
    ]
    assert table(lead, "follow-up-doing", period="2026-1")[1] == ["3 månader", "10", "9", "1", "0"]
    for browser in (lead, sign_in(few.admin)):
        found = outsiders(browser)
        assert found["follow-ups"] == [
            ANSWERS,
            ["3 månader", "18", "10", "–", "–"],
            ["6 månader", "6", "6", "0", "0"],
        ]
        assert found["follow-up-doing"][1:] == [
            ["3 månader", "10", "–", "–", "0"],
            ["6 månader", "6", "6", "0", "0"],
        ]
        assert found["follow-up-yes"] == [
            ["Avslutade", "Ja", "Inget ja"],
            ["26", "16", "10"],
        ]
        for team in ("", str(few.here.team.id)):
            assert small(everything(browser, team=team)) == []
    assert "Ett streck står där talet gäller färre än 5 personer" in text_of(
        lead.get(f"{BASE}?reader=outside")
    )


def test_what_those_do_who_answered_is_not_printed_where_their_number_is_left_out(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    """S41: five answered and three could not be found; the sum of what the five do would tell the three."""
    with database.transaction() as session:
        leave(session, world, now, 5, closed_on=SPRING, told=REACHED, doing="work")
        leave(session, world, now, 3, closed_on=SPRING, told=UNREACHED)
        leave(session, world, now, 9, closed_on=SPRING, said="")
    found = outsiders(sign_in(world.lead))
    assert found["follow-ups"][1] == ["3 månader", "8", "–", "0", "–"]
    assert found["follow-up-doing"][1] == ["3 månader", "–", "–", "–", "–"]


def test_a_month_of_few_says_nothing_at_all(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    """S41; the team's own report leaves them out too where the organisation wants it so."""
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {"smallest_cell_team": 5}
        leave(session, world, now, 4, closed_on=SPRING, told=REACHED, doing="work")
    lead = sign_in(world.lead)
    marks = ["–"] * 4
    inside = {key: table(lead, key, period="2026-1")[1] for key in TABLES}
    assert inside == {
        "follow-up-yes": marks,
        "follow-ups": ["3 månader", *marks, "–"],
        "follow-up-doing": ["3 månader", *marks],
    }
    assert outsiders(lead)["follow-ups"][1] == ["3 månader", *marks]
    assert "Färre än 5 inskrivningar" in text_of(lead.get(f"{BASE}?period=2026-1"))


def test_what_comes_later_changes_no_report_for_others(
    database: Database, sign_in: SignIn, few: World, now: datetime
) -> None:
    """S41: what is written, said or taken back when the sixty days are over."""
    lead = sign_in(few.lead)
    before = outsiders(lead)
    with database.transaction() as session:
        # Those who had said yes, those who had taken it back, and those whom nobody had asked.
        for stay in session.scalars(select(Enrolment).where(Enrolment.closed_on.is_not(None))):
            person = session.get_one(Person, stay.person_id)
            followup.refuse(session, asker_of(session, person), person, now)
        silent = select(FollowUp).where(FollowUp.result == UNREACHED)
        for row in session.scalars(silent):
            stay = session.get_one(Enrolment, row.enrolment_id)
            facts = {"person_id": stay.person_id, "enrolment_id": stay.id, "noted_by": stay.coach_id}
            session.add(FollowUp(months=6, result=REACHED, occupation="work", noted_at=now, **facts))
            row.result, row.occupation, row.noted_at = REACHED, "studies", now
        leave_later = session.scalars(select(Enrolment).where(Enrolment.closed_on == SPRING)).all()
        back = {"programme_id": leave_later[0].programme_id, "team_id": leave_later[0].team_id}
        session.add(Enrolment(person_id=leave_later[0].person_id, applied_on=now.date(), **back))
    assert outsiders(lead) == before


@pytest.mark.parametrize("later", [(NO,), (YES,), (NO, YES), (YES, NO), (NO, NEVER), (NEVER, YES)])
def test_nothing_that_is_said_later_changes_a_report_for_others(
    database: Database, sign_in: SignIn, few: World, now: datetime, later: tuple[str, ...]
) -> None:
    """S41: by those who had said yes, those who had taken it back, and those whom nobody had asked."""
    lead = sign_in(few.lead)
    with database.reading() as session:
        coach = asker_of(session, few.coach)

    def say(session: Session, stay: Enrolment, what: str, at: datetime) -> None:
        person = session.get_one(Person, stay.person_id)
        if what == NEVER:
            followup.refuse(session, asker_of(session, person), person, at)
        else:
            followup.note_consent(session, coach, person, yes=what == YES, now=at)

    with database.transaction() as session:
        silent = select(Enrolment).join(FollowUp, FollowUp.enrolment_id == Enrolment.id)
        for stay in session.scalars(silent.where(FollowUp.result == UNREACHED)).all()[:4]:
            say(session, stay, NO, datetime(2026, 8, 1, tzinfo=UTC))
    before = outsiders(lead)
    assert before["follow-up-yes"][1] == ["26", "12", "14"]
    for hours, what in enumerate(later):
        with database.transaction() as session:
            for stay in session.scalars(select(Enrolment).where(Enrolment.closed_on.is_not(None))).all():
                say(session, stay, what, now + timedelta(hours=hours))
        assert outsiders(lead) == before


def test_others_read_it_when_nothing_more_can_come(
    database: Database, sign_in: SignIn, few: World, frozen: FrozenClock, now: datetime
) -> None:
    """S41: of a half-year that ended on 30 June the last day that counts is 29 August."""
    asked_for = f"{BASE}?reader=outside&period=2026-1"
    assert date(2026, 6, 30) + OPEN == date(2026, 8, 29)
    frozen.move(datetime(2026, 8, 29, 10, tzinfo=UTC) - now)
    early = sign_in(few.lead).get(asked_for)
    assert "Siffrorna för den här tiden finns från söndag 30 augusti." in text_of(early)
    assert 'aria-labelledby="follow-ups"' not in early.text
    frozen.move(timedelta(days=1))
    lead = sign_in(few.lead)
    ready = lead.get(asked_for)
    assert "Siffrorna för den här tiden" not in text_of(ready)
    assert 'aria-labelledby="follow-ups"' in ready.text
    assert outsiders(lead)["follow-ups"][1] == ["3 månader", "18", "10", "–", "–"]


def test_it_is_taken_out_with_the_rest(sign_in: SignIn, few: World) -> None:
    lead = sign_in(few.lead)
    whole = lead.get(f"{BASE}/csv?period=2026-1").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(whole), delimiter=";"))
    book = load_workbook(io.BytesIO(lead.get(f"{BASE}/xlsx?period=2026-1").data))
    for title in ("Ja till uppföljning", "Uppföljning efter avslut", "Vad de gör efter avslutet"):
        assert [title] in rows
        assert title in book.sheetnames
    assert [cell.value for cell in book["Uppföljning efter avslut"][2]] == ["3 månader", 18, 10, 2, 6, 0]


def test_another_team_and_protected_people_are_not_counted(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    """S4, S37."""
    with database.transaction() as session:
        leave(session, world, now, 3, told=REACHED, doing="work")
        stays = session.scalars(select(Enrolment).where(Enrolment.closed_on == CLOSED)).all()
        session.get_one(Person, stays[0].person_id).protected = True
        stays[1].team_id = world.here.other_team.id
    lead = sign_in(world.lead)
    assert table(lead, "follow-ups")[1] == ["3 månader", "1", "1", "0", "0", "0"]
    assert table(lead, "follow-up-yes")[1] == ["1", "1", "0", "0"]
