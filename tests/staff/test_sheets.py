"""The list of all one's participants' attendance in a month, and their sheets as one file."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from portal.attendance.models import Signature
from portal.availability.rules import MEETING
from portal.booking.models import Appointment
from portal.db import Database
from portal.identity.absence import service as absences
from portal.identity.models import Person
from portal.journal.models import JournalRow
from tests.conftest import SignIn
from tests.journeys.test_selects import STAFF, counted
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.pages import Client, text_of
from tests.support.world import World, add_participant

PAGE = "/staff/attendance"
DAY = timedelta(days=1)
Met = Callable[..., Appointment]


@pytest.fixture
def met(database: Database, world: World, now: datetime) -> Met:
    """`met(person, days_ago, noted=True, signed=True)`: an hour that has been, on the 24th or before."""

    def meet(
        person: Person, days_ago: int, *, noted: bool = True, signed: bool = True, **facts: Any
    ) -> Appointment:
        at = now - days_ago * DAY
        if noted:
            facts |= {"attendance": "came", "attended_at": at, "attendance_by": world.coach.id}
        with database.transaction() as session:
            meeting = add_meeting(session, person, world.coach, at, at - DAY, **facts)
            if signed:
                whose = {"organisation_id": person.organisation_id, "person_id": person.id}
                cause = {"cause_kind": MEETING, "cause_id": meeting.id, "method": "pin"}
                session.add(Signature(**whose, **cause, signed_at=at, signed_by=person.id))
        return meeting

    return meet


def noted(database: Database, who: Person, action: str) -> list[Any]:
    """Of whom this member of staff had the attendance noted in the journal, in one order."""
    with database.reading() as session:
        rows = session.scalars(
            select(JournalRow.subject_id).where(
                JournalRow.actor_id == who.id, JournalRow.action == action, JournalRow.kind == "attendance"
            )
        )
        return sorted(rows, key=str)


def lines(browser: Client, month: str = "2026-11") -> list[list[str]]:
    text = browser.get(f"{PAGE}/csv?month={month}").get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_whoever_lacks_something_stands_first_with_the_way_to_it(
    database: Database, world: World, met: Met, sign_in: SignIn
) -> None:
    """S42"""
    met(world.participant, 3)
    bare = met(world.second_participant, 2, noted=False, signed=False)
    browser = sign_in(world.coach)
    some = browser.get(PAGE)
    said = text_of(some)
    assert "Något saknas för 1 av 2 deltagare." in said
    assert "1 inte noterad" in said
    assert "1 underskrift saknas" in said
    assert "Amina Hassan" not in said
    assert f"/staff/people/{world.second_participant.id}/meetings/{bare.id}/attendance" in some.text
    assert noted(database, world.coach, "read") == [world.second_participant.id]
    every = text_of(browser.get(f"{PAGE}?show=all"))
    assert every.index("Yonas Tesfay") < every.index("Amina Hassan")
    assert "Var med i 1 timme." in every
    assert PAGE in browser.get("/staff").text


def test_nothing_lacks_and_nobody_met(world: World, met: Met, sign_in: SignIn) -> None:
    met(world.participant, 3)
    browser = sign_in(world.coach)
    said = text_of(browser.get(PAGE))
    assert "Inget saknas för 1 deltagare." in said
    assert "Allt är noterat och underskrivet." in said
    before = browser.get(f"{PAGE}?month=2026-10")
    assert "Inga deltagare hade möten den månaden." in text_of(before)
    assert "month=2026-09" in before.text
    assert "month=2026-11" in before.text
    assert "month=2026-12" not in browser.get(f"{PAGE}?month=2026-11").text
    assert text_of(browser.get(f"{PAGE}?month=nonsense")) == said


def test_a_coach_has_their_own_a_stand_in_those_too_and_a_lead_the_team(
    database: Database, world: World, met: Met, sign_in: SignIn, now: datetime
) -> None:
    """S2, S6"""
    for person in (world.participant, world.other_participant, world.far_participant):
        met(person, 3, signed=False)
    assert text_of(sign_in(world.other_coach).get(PAGE)).count("Var med i") == 1
    assert "Amina Hassan" not in text_of(sign_in(world.other_coach).get(PAGE))
    lead = text_of(sign_in(world.lead).get(PAGE))
    assert "Amina Hassan" in lead
    assert "Coach: Karin Lund." in lead
    assert world.other_participant.name not in lead
    with database.transaction() as session:
        days = absences.Wish(now.date(), now.date() + DAY, world.other_coach.id)
        absences.take(session, asker_of(session, world.coach), world.coach.id, days, now)
    assert "Amina Hassan" in text_of(sign_in(world.other_coach).get(PAGE))
    assert [row[0] for row in lines(sign_in(world.lead))] == ["Deltagare", "Amina Hassan"]
    assert sign_in(world.admin).get(PAGE).status_code == 404


def test_nobody_with_protected_identity_is_on_the_list_or_in_a_file(
    database: Database, world: World, met: Met, sign_in: SignIn
) -> None:
    """S37"""
    met(world.participant, 3, signed=False)
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).protected = True
    browser = sign_in(world.coach)
    assert "Amina Hassan" not in text_of(browser.get(f"{PAGE}?show=all"))
    assert len(lines(browser)) == 1
    assert noted(database, world.coach, "export") == []


def test_where_the_house_wants_no_signatures_none_lacks(
    database: Database, world: World, met: Met, sign_in: SignIn
) -> None:
    met(world.participant, 3, signed=False)
    with database.transaction() as session:
        house = session.merge(world.here.organisation)
        house.settings = {**(house.settings or {}), "attendance_signed": False}
    assert "Inget saknas för 1 deltagare." in text_of(sign_in(world.coach).get(PAGE))


def test_all_lines_are_one_table_and_each_of_whom_it_tells_has_it_noted(
    database: Database, world: World, met: Met, sign_in: SignIn
) -> None:
    """S27, S33, S42"""
    met(world.participant, 3)
    met(world.participant, 2, in_portal=False, signed=False)
    met(world.second_participant, 1, in_portal=False, signed=False)
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).name = "=1+1 Åsa"
    browser = sign_in(world.coach)
    head, *rows = lines(browser)
    assert head[:2] == ["Deltagare", "Dag"]
    assert [row[:3] for row in rows] == [["'=1+1 Åsa", "2026-11-21", "Möte, på plats"]]
    assert rows[0][5] == "1,0"
    assert noted(database, world.coach, "export") == [world.participant.id]
    book = load_workbook(io.BytesIO(browser.get(f"{PAGE}/xlsx?month=2026-11").get_data()))
    assert [[cell.value for cell in row[:2]] for row in book.worksheets[0].iter_rows()] == [
        ["Deltagare", "Dag"],
        ["'=1+1 Åsa", datetime.combine(date(2026, 11, 21), datetime.min.time())],
    ]


def test_each_begins_a_page_of_the_pdf_in_the_order_of_swedish_names(
    database: Database, world: World, met: Met, sign_in: SignIn
) -> None:
    met(world.participant, 3)
    met(world.second_participant, 3)
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).name = "Åke Ödman"
        session.get_one(Person, world.second_participant.id).name = "Zara Ärlig"
    browser = sign_in(world.coach)
    answer = browser.get(f"{PAGE}/pdf?month=2026-11")
    assert "narvaro-alla-2026-11.pdf" in answer.headers["Content-Disposition"]
    reader = PdfReader(io.BytesIO(answer.get_data()))
    assert [page.extract_text().splitlines()[0] for page in reader.pages] == [
        "Närvaro november 2026: Zara Ärlig",
        "Närvaro november 2026: Åke Ödman",
    ]
    empty = PdfReader(io.BytesIO(browser.get(f"{PAGE}/pdf?month=2026-01").get_data()))
    assert "Närvaro januari 2026" in empty.pages[0].extract_text()


def test_as_many_questions_for_many_as_for_few(
    database: Database, world: World, met: Met, sign_in: SignIn, now: datetime
) -> None:
    met(world.participant, 3, signed=False)
    browser = sign_in(world.coach)
    paths = (PAGE, f"{PAGE}?show=all", f"{PAGE}/csv", f"{PAGE}/pdf")

    def questions() -> list[int]:
        found = []
        for path in paths:
            with counted(database) as asked:
                assert browser.get(path).status_code == 200
            found.append(len(asked))
        return found

    few = questions()
    for number in range(12):
        with database.transaction() as session:
            phone = f"+4670174{number:04d}"
            who = add_participant(session, world.here, f"P {number}", now, coach=world.coach, phone=phone)
        met(who, 2, signed=False)
    assert questions() == few
    assert max(few) <= STAFF
