"""The report as others than the team read it: no small number in any table, and none to be reckoned (S41)."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.organisation.models import Choice, Organisation, Programme
from portal.plan.models import StairMove
from tests.conftest import FrozenClock, SignIn
from tests.reports.test_pages import BASE, a_meeting, answered, enrol, table
from tests.support.pages import Client, text_of
from tests.support.world import World

BEGAN: dict[str, Any] = {
    "applied_on": date(2026, 1, 5),
    "first_meeting_on": date(2026, 1, 20),
    "started_on": date(2026, 2, 1),
}
ENDED = {**BEGAN, "closed_on": date(2026, 5, 20)}
MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_for_others_no_cell_below_five_is_printed_and_none_can_be_reckoned(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    """S41, the second rule: 1 inside the team, 5 outside, and the sums do not tell what is left out."""
    for gender, outcome, number in (
        ("woman", "work", 3),
        ("woman", "studies", 9),
        ("man", "work", 8),
        ("man", "studies", 7),
    ):
        enrol(database, world, now, number, gender=gender, outcome=outcome, **ENDED)
    lead = sign_in(world.lead)
    assert table(lead, "outcomes", period="2026-1")[1] == ["Kvinnor", "3", "9", "0", "12"]
    outside = table(lead, "outcomes", reader="outside")
    assert outside[1:] == [
        ["Kvinnor", "–", "–", "0", "12"],
        ["Män", "–", "–", "0", "15"],
        ["Totalt", "11", "16", "0", "27"],
    ]
    page = text_of(lead.get(f"{BASE}?reader=outside"))
    assert "Ett streck står där talet gäller färre än 5 personer" in page
    assert "Karin Lund" not in page
    assert "Ett streck" not in text_of(lead.get(BASE))


@pytest.mark.parametrize("who", ["lead", "admin"])
def test_how_many_each_coach_has_is_for_the_team_alone(sign_in: SignIn, world: World, who: str) -> None:
    """S41: a table of today with small numbers and the names of staff: on no page for others, in no file."""
    browser = sign_in(getattr(world, who))
    for asked in ("reader=outside", "reader=outside&period=2026-1"):
        page = text_of(browser.get(f"{BASE}?{asked}"))
        assert "Deltagare hos varje coach" not in page
        assert "Karin Lund" not in page
        for kind in ("csv", "xlsx"):
            assert browser.get(f"{BASE}/{kind}?table=caseload&{asked}").status_code == 404
    assert ["Deltagare hos varje coach"] not in everything(browser)
    inside = {"lead": 200, "admin": 404}[who]
    assert browser.get(f"{BASE}/csv?table=caseload&reader=team").status_code == inside


def test_an_admin_reads_as_others_do_and_the_organisation_decides_the_smallest_number(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    enrol(database, world, now, 3, outcome="work", gender="woman", **ENDED)
    admin = sign_in(world.admin)
    for asked in ({}, {"reader": "team"}):
        assert table(admin, "outcomes", **asked)[1] == ["Kvinnor", "–", "–", "–", "–"]
    with database.transaction() as session:
        organisation = session.get_one(Organisation, world.organisation.id)
        organisation.settings = {"smallest_cell_outside": 2}
    assert table(admin, "outcomes")[1] == ["Kvinnor", "3", "0", "0", "3"]


def test_no_share_tells_what_the_table_beside_it_leaves_out(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    """S41: the sum of women who went on would tell the number of those who went to work."""
    with database.transaction() as session:
        session.get_one(Programme, world.here.programme.id).targets = {"share_of_women": 0.5}
        for word in session.scalars(select(Choice).where(Choice.code.in_(("work", "studies")))):
            word.counts_as = "goal"
    told = (("woman", "work", 2), ("woman", "studies", 20), ("woman", "other", 6), ("man", "work", 9))
    for gender, outcome, number in (*told, ("man", "studies", 20), ("man", "other", 20)):
        enrol(database, world, now, number, gender=gender, outcome=outcome, **ENDED)
    lead = sign_in(world.lead)
    women = "Kvinnor bland dem som gick till arbete eller studier"
    inside = {row[0]: row[1] for row in table(lead, "targets", period="2026-1")}
    outside = {row[0]: row[1] for row in table(lead, "targets", reader="outside")}
    assert table(lead, "outcomes", reader="outside")[1] == ["Kvinnor", "–", "20", "–", "28"]
    assert (inside[women], outside[women]) == ("22 av 51 (43 %)", "–")
    assert outside["Kvinnor bland alla inskrivna"] == "28 av 77 (36 %)"


def test_a_small_team_is_not_told_by_the_sum_of_all(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    """S41"""
    enrol(database, world, now, 8, **BEGAN)
    enrol(database, world, now, 3, team_id=world.here.other_team.id, **BEGAN)
    found = table(sign_in(world.admin), "waiting")
    assert [row[:2] for row in found[1:]] == [["Team Norr", "–"], ["Team Söder", "–"], ["Totalt", "11"]]


def test_others_choose_no_running_period_none_that_overlaps_and_no_cut_by_half_year(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    """S41: 7 of a year and 6 of its first half would tell the one of its second."""
    women = {"gender": "woman", "outcome": "work"}
    enrol(database, world, now, 6, **women, **ENDED)
    enrol(database, world, now, 1, **women, **{**ENDED, "closed_on": date(2026, 11, 1)})
    lead = sign_in(world.lead)
    assert table(lead, "outcomes", period="2026")[1] == ["Kvinnor", "7", "0", "0", "7"]
    for browser in (lead, sign_in(world.admin)):
        for code in ("2026-1", "2026", "2026-2", "all"):
            found = table(browser, "outcomes", period=code, reader="outside", cut="half_year")
            assert found[0] == ["Kön", "Arbete", "Studier", "Annat", "Totalt"]
            assert found[1] == ["Kvinnor", "6", "0", "0", "6"]
        page = browser.get(f"{BASE}?reader=outside")
        assert re.findall(r'<option[^>]* value="(2026[^"]*|all|half_year)"', page.text) == ["2026-1"]
        assert "Första halvåret 2026" in text_of(page)


def test_what_happens_now_changes_no_report_for_others(
    sign_in: SignIn, world: World, database: Database, now: datetime, frozen: FrozenClock
) -> None:
    """S41: a number that grows from day to day tells who came between."""
    enrol(database, world, now, 8, gender="woman", **BEGAN)
    before = everything(sign_in(world.lead))
    with database.transaction() as session:
        met = a_meeting(session, world.participant, world.coach, now - timedelta(days=1))
        met.attendance, met.attended_at, met.attendance_by = "came", now, world.coach.id
        answered(session, met, now, instrument="ors", total=100)
        one = session.scalars(select(Enrolment).where(Enrolment.started_on == date(2026, 2, 1))).first()
        assert one
        one.closed_on, one.outcome = now.date(), "work"
    enrol(database, world, now, 1, first_meeting_on=None, applied_on=now.date(), started_on=None)
    frozen.move(timedelta(days=7))
    assert everything(sign_in(world.lead)) == before


def everything(browser: Client, **asked: str) -> list[list[str]]:
    """Every row of every table for others, as it is taken out."""
    query = "&".join(f"{name}={value}" for name, value in {"reader": "outside", **asked}.items())
    answer = browser.get(f"{BASE}/csv?{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))


def small(rows: list[list[str]]) -> list[list[str]]:
    """Rows in which one to four people stand, alone or as a side of a share; days and means are none."""
    found, head = [], [""]
    for row in rows:
        head = row if row and not any(re.match(r"[\d–]", cell) for cell in row) else head
        days = {at for at, word in enumerate(head) if word.startswith(("Median", "Medel"))}
        numbers = {int(cell) for at, cell in enumerate(row) if cell.isdigit() and at not in days}
        for part, base in re.findall(r"(\d+) av (\d+)", ";".join(row)):
            numbers |= {int(part), int(base), int(base) - int(part)}
        if any(0 < number < 5 for number in numbers):
            found.append(row)
    return found


def test_the_search_for_small_numbers_sees_them() -> None:
    head = ["Team", "Antal", "Median, dagar"]
    assert small([head, ["Norr", "4", "9"]]) == [["Norr", "4", "9"]]
    assert small([head, ["Norr", "5 av 9 (56 %)", ""]]) != []
    assert small([head, ["Norr", "5", "3"], ["Norr", "0", "–"], ["Norr", "5 av 10 (50 %)", "–"]]) == []


@pytest.fixture
def few(database: Database, world: World, now: datetime) -> World:
    """A half-year of which every table has much and a little: meetings, answers, scales, steps, outcomes."""
    with database.transaction() as session:
        programme = session.get_one(Programme, world.here.programme.id)
        programme.targets = {"participants": 100, "share_of_women": 0.5, "share_to_work": 0.4}
        for word in session.scalars(select(Choice).where(Choice.code == "work")):
            word.counts_as = "goal"
        for word in session.scalars(select(Choice).where(Choice.code == "other")):
            word.counts_as = "dropout"
    facts: dict[str, Any] = {"referrer": "fk", "municipality": "norr", "born_in_sweden": True}
    for gender, outcome, number in (("woman", "work", 7), ("woman", "studies", 2), ("man", "other", 3)):
        enrol(database, world, now, number, gender=gender, outcome=outcome, **facts, **ENDED)
    enrol(database, world, now, 6, gender="man", outcome="work", intake=2, **ENDED)
    enrol(database, world, now, 2, gender="other", born_in_sweden=False, referrer="", **BEGAN)
    enrol(database, world, now, 3, team_id=world.here.other_team.id, municipality="syd", **BEGAN)
    with database.transaction() as session:
        stays = session.scalars(select(Enrolment).where(Enrolment.started_on == date(2026, 2, 1)))
        for number, stay in enumerate(stays.all()):
            person = session.get_one(Person, stay.person_id)
            for week in range(2):
                met = a_meeting(session, person, world.coach, MARCH + timedelta(days=7 * week, hours=number))
                met.attended_at, met.attendance_by = now, world.coach.id
                met.attendance = "absent" if number < 2 or (number in (7, 8, 9) and week) else "came"
                met.mode = "on_site" if number in (5, 6, 7, 8) else "walk" if number == 9 else "phone"
                met.in_portal = number != 4
                if number > 2:
                    total = 240 + 20 * week if number % 3 else 100
                    answered(session, met, met.ends_at, instrument="ors", total=total)
                if number > 15:
                    answered(session, met, met.ends_at)
            for code, day in (("begin", 1), ("train", 9 if number % 6 else 1)):
                on = date(2026, 3, day)
                move = StairMove(
                    enrolment_id=stay.id, code=code, on=on, by_id=world.coach.id, recorded_at=now
                )
                session.add(move)
    return world


def test_a_share_of_women_is_not_told_where_their_number_is_left_out(sign_in: SignIn, few: World) -> None:
    """S41: 9 women of 20, beside 9 men, would tell the two whose gender is another."""
    lead = sign_in(few.lead)
    assert [row[-1] for row in table(lead, "gender-per-intake", reader="outside")[1:]] == [
        "–",
        "9",
        "–",
        "20",
    ]
    assert table(lead, "targets", reader="outside")[2][:2] == ["Kvinnor bland alla inskrivna", "–"]
    assert "är kvinnor" not in text_of(lead.get(f"{BASE}?reader=outside"))
    assert "9 av 20 (45 %) är kvinnor." in text_of(lead.get(f"{BASE}?period=2026-1"))


@pytest.mark.parametrize("who", ["lead", "admin"])
def test_no_table_for_others_prints_a_number_of_a_few(sign_in: SignIn, few: World, who: str) -> None:
    """S41: every table, every cut, every programme and team that can be chosen."""
    browser = sign_in(getattr(few, who))
    teams = ["", str(few.here.team.id), str(few.here.other_team.id)]
    titles = set()
    for cut in ("gender", "born", "municipality", "referrer", "intake"):
        for team in teams:
            for programme in ("", str(few.here.programme.id)):
                rows = everything(browser, cut=cut, team=team, programme=programme)
                assert small(rows) == []
                titles |= {row[0] for row in rows if len(row) == 1}
    assert titles >= {
        "Från ansökan till första möte",
        "Möten som missades",
        "Svar på frågor vid möten",
        "Skalor som fylldes i",
        "Från första till senaste ORS",
        "Steg på trappan",
        "Mål för insatsen",
        "Kön i varje intag",
        "Vem som remitterade",
        "Vad det blev vid avslut",
        "Avslutade och vad det blev",
        "Inkomst vid start",
        "Inkomst vid avslut",
    }
