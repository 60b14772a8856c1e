"""The report as leads and admins read it: whose figures, what is printed, what is taken out."""

import csv
import io
import re
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.db import Database
from portal.feedback.models import CheckIn, ScaleReading
from portal.identity.models import Enrolment, Person
from portal.instruments.models import Response
from portal.journal.models import JournalRow
from portal.organisation.models import Choice, Organisation, Programme
from tests.conftest import SignIn
from tests.support.pages import Client, text_of
from tests.support.world import CANARY, World, add_participant

BASE = "/staff/reports"


def a_meeting(session: Session, person: Person, coach: Person, starts_at: datetime) -> Appointment:
    """A meeting that has been; whether somebody came is not noted."""
    made = Appointment(
        organisation_id=person.organisation_id,
        person_id=person.id,
        coach_id=coach.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        mode="phone",
        state="booked",
        in_portal=True,
        uid=uuid.uuid4(),
        revision=0,
        booked_at=starts_at,
        booked_by=coach.id,
        changed_at=starts_at,
        moved_count=0,
        attendance="none",
    )
    session.add(made)
    session.flush()
    return made


def answered(
    session: Session, meeting: Appointment, now: datetime, *, instrument: str = "before", total: int = 0
) -> None:
    """A check-in about this meeting that was sent; a licensed scale is typed from paper."""
    response = Response(
        instrument=instrument,
        version=1,
        total=total,
        language="sv",
        direction="ltr",
        submission_key=uuid.uuid4(),
        sent_at=now,
    )
    session.add(response)
    session.flush()
    made = CheckIn(
        person_id=meeting.person_id,
        reference=meeting.id,
        instrument=instrument,
        response_id=response.id,
        opens_at=meeting.starts_at,
        closes_at=meeting.ends_at,
        begun_at=meeting.starts_at,
    )
    session.add(made)
    session.flush()
    if instrument in ("ors", "srs"):
        session.add(
            ScaleReading(
                check_in_id=made.id,
                recorded_by=meeting.coach_id,
                age_band="adult",
                cut_off=250 if instrument == "ors" else 360,
                reliable_change=50,
                patience=3,
                slip=10,
            )
        )


def table(browser: Client, key: str, **asked: str) -> list[list[str]]:
    query = "&".join(f"{name}={value}" for name, value in {"table": key, **asked}.items())
    answer = browser.get(f"{BASE}/csv?{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))


def enrol(database: Database, world: World, now: datetime, number: int, **facts: Any) -> None:
    """Made-up people in the lead's team, with these facts of person and enrolment."""
    own = {"gender", "born_in_sweden", "municipality"}
    with database.transaction() as session:
        for _ in range(number):
            person = add_participant(session, world.here, "Någon Annan", now, coach=world.coach, phone="")
            enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
            for name, value in facts.items():
                setattr(person if name in own else enrolment, name, value)


@pytest.mark.parametrize("who", ["coach", "translator", "user_auditor", "participant"])
def test_the_report_is_for_leads_and_admins(sign_in: SignIn, world: World, who: str) -> None:
    browser = sign_in(getattr(world, who))
    assert browser.get(BASE).status_code == 404
    assert browser.get(f"{BASE}/csv").status_code == 404


def test_a_lead_counts_the_own_team_and_an_admin_the_organisation(
    sign_in: SignIn, world: World, database: Database
) -> None:
    """S4: two in the lead's team, three in the organisation, and nobody of the other one."""
    lead, admin = sign_in(world.lead), sign_in(world.admin)
    assert table(lead, "gender-per-intake", period="2026")[-1] == ["Totalt", "2", "2"]
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {"smallest_cell_outside": 1}
        for one in session.scalars(select(Enrolment)):
            one.started_on = date(2026, 3, 2)
    assert table(admin, "gender-per-intake")[-1] == ["Totalt", "3", "3"]
    for browser in (lead, admin):
        page = browser.get(f"{BASE}?period=2026")
        assert CANARY not in page.text
        assert "Amina" not in page.text


def test_protected_identity_is_in_no_figure(sign_in: SignIn, world: World, database: Database) -> None:
    """S37"""
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).protected = True
    lead = sign_in(world.lead)
    assert table(lead, "gender-per-intake", period="2026")[-1] == ["Totalt", "1", "1"]
    assert table(lead, "caseload")[-1][:2] == ["Totalt", "1"]


def test_who_left_early_stands_outside_and_shares_have_their_base(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        for word in session.scalars(select(Choice).where(Choice.kind == "outcome")):
            word.counts_as = {"work": "goal", "studies": "goal", "other": "dropout"}[word.code]
    ended = {"closed_on": date(2026, 11, 1)}
    enrol(database, world, now, 2, outcome="work", gender="woman", **ended)
    enrol(database, world, now, 1, outcome="other", gender="man", **ended)
    lead = sign_in(world.lead)
    assert table(lead, "outcomes") == [
        ["Kön", "Arbete", "Studier", "Totalt"],
        ["Kvinnor", "2", "0", "2"],
        ["Män", "0", "0", "0"],
        ["Totalt", "2", "0", "2"],
    ]
    assert table(lead, "closures") == [
        ["Avslutade", "Slutade i förtid", "Arbete", "Studier"],
        ["2", "1", "2", "0"],
    ]
    page = text_of(lead.get(BASE))
    assert "2 av 2 (100 %) av de avslutade gick till arbete eller studier." in page
    assert "Räknat på alla som var inskrivna är det 2 av 5 (40 %)." in page
    assert "1 slutade i förtid och räknas inte med." in page


@pytest.mark.parametrize(
    "cut, head",
    [
        ("born", "Född i Sverige eller inte"),
        ("municipality", "Kommun"),
        ("referrer", "Vem som remitterade"),
        ("intake", "Intag"),
        ("half_year", "Halvår"),
    ],
)
def test_a_table_is_split_by_fixed_cuts_and_its_sum_stays(
    sign_in: SignIn, world: World, cut: str, head: str
) -> None:
    found = table(sign_in(world.lead), "income-at-start", cut=cut, period="2026")
    assert found[0][0] == head
    assert found[-1] == ["Totalt", "2", "0", "0"]


def test_a_period_or_place_that_cannot_be_chosen_is_the_first_one(sign_in: SignIn, world: World) -> None:
    lead = sign_in(world.lead)
    usual = table(lead, "gender-per-intake")
    far = str(world.elsewhere.programme.id)
    for asked in (
        {"period": "1800"},
        {"programme": far},
        {"team": str(world.here.other_team.id)},
        {"cut": "name"},
    ):
        assert table(lead, "gender-per-intake", **asked) == usual
    assert lead.get(f"{BASE}/csv?table=nonsense").status_code == 404


def test_everything_is_taken_out_in_one_file_and_noted(
    sign_in: SignIn, world: World, database: Database
) -> None:
    """S42, S27"""
    lead = sign_in(world.lead)
    whole = lead.get(f"{BASE}/xlsx?period=2026")
    assert whole.headers["Content-Disposition"] == 'attachment; filename="rapport-2026.xlsx"'
    plain = lead.get(f"{BASE}/csv").get_data().decode("utf-8-sig")
    for name in ("Deltagare hos varje coach", "Kön i varje intag", "Vad det blev vid avslut"):
        assert name in plain
    assert "Deltagare hos varje coach" not in lead.get(f"{BASE}/csv?reader=outside").get_data().decode()
    lead.get(BASE)
    with database.reading() as session:
        rows = session.scalars(select(JournalRow).where(JournalRow.kind == "report")).all()
    assert {(row.action, row.actor_id, row.subject_id) for row in rows} == {
        ("read", world.lead.id, None),
        ("export", world.lead.id, None),
    }


def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(
    sign_in: SignIn, world: World, database: Database
) -> None:
    """S27"""
    with database.transaction() as session:
        word = session.scalars(select(Choice).where(Choice.code == "work")).first()
        assert word is not None
        for one in session.scalars(select(Choice).where(Choice.code == "work")):
            one.words = {"sv": "=1+1"}
    assert "'=1+1" in table(sign_in(world.lead), "outcomes")[0]


def test_caseload_is_against_the_ceiling(sign_in: SignIn, world: World, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {"caseload_ceiling": 1}
    lead = sign_in(world.lead)
    assert table(lead, "caseload") == [
        ["Coach", "Deltagare", "Pausade av dem", "Lediga platser"],
        ["Karin Lund", "2", "0", "0"],
        ["Olof Berg", "0", "0", "1"],
        ["Totalt", "2", "0", "1"],
    ]
    assert "Över taket: Karin Lund." in text_of(lead.get(BASE))


def test_waiting_is_from_application_to_the_first_meeting_that_was_kept(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        for person, first in ((world.participant, date(2026, 10, 11)), (world.second_participant, None)):
            enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
            enrolment.applied_on, enrolment.first_meeting_on = date(2026, 10, 1), first
    lead = sign_in(world.lead)
    assert table(lead, "waiting")[-1] == ["Totalt", "1", "10", "10", "1", "54"]
    assert "1 person väntar på sitt första möte. Den längsta väntan är 54 dagar." in text_of(lead.get(BASE))
    with database.transaction() as session:
        met = a_meeting(session, world.second_participant, world.coach, now - timedelta(days=24))
        met.attendance, met.attended_at, met.attendance_by = "came", now, world.coach.id
    assert table(lead, "waiting")[-1] == ["Totalt", "2", "20", "30", "0", ""]


def test_missed_meetings_and_answers_stand_with_their_base(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        made: list[Appointment] = []
        for days, attendance in (
            *((3, "came"), (4, "came"), (5, "came"), (6, "absent"), (7, "none"), (8, "absent")),
        ):
            one = a_meeting(session, world.participant, world.coach, now - timedelta(days=days))
            # Who sent word is not among those missed.
            one.attendance_as = {4: "late", 8: "sent_word"}.get(days, "")
            if attendance != "none":
                one.attendance, one.attended_at, one.attendance_by = attendance, now, world.coach.id
            made.append(one)
        answered(session, made[0], now)
    lead = sign_in(world.lead)
    assert table(lead, "meetings")[-1] == ["Totalt", "3", "1", "1 av 4 (25 %)", "1", "1", "0"]
    assert table(lead, "check-ins")[1:] == [
        ["Före mötet", "3", "1", "1 av 3 (33 %)"],
        ["Efter mötet", "3", "0", "0 av 3 (0 %)"],
    ]


def test_targets_are_judged_against_who_is_in_the_programme(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        programme = session.get_one(Programme, world.here.programme.id)
        programme.targets = {"participants": 10, "share_of_women": 0.5, "share_to_work": 0.4}
        for word in session.scalars(select(Choice).where(Choice.code == "work")):
            word.counts_as = "goal"
    closed = {"closed_on": date(2026, 11, 1)}
    enrol(database, world, now, 1, gender="woman", outcome="work", **closed)
    enrol(database, world, now, 3, gender="man", outcome="other", **closed)
    found = {row[0]: row[1:] for row in table(sign_in(world.lead), "targets")}
    assert found["Deltagare"] == ["6", "10"]
    assert found["Kvinnor bland alla inskrivna"] == ["1 av 6 (17 %)", "minst 50 %"]
    assert found["Kvinnor bland dem som gick till arbete eller studier"][0] == "1 av 1 (100 %)"
    assert found["Till arbete eller studier, av de avslutade"] == ["1 av 4 (25 %)", "minst 40 %"]
    assert found["Till arbete eller studier, av alla inskrivna"] == ["1 av 6 (17 %)", ""]


def test_who_came_back_is_counted_in_both_intakes_and_told_as_one_person(
    sign_in: SignIn, world: World, database: Database
) -> None:
    with database.transaction() as session:
        now_in = session.scalars(select(Enrolment).where(Enrolment.person_id == world.participant.id)).one()
        session.add(
            Enrolment(
                person_id=world.participant.id,
                programme_id=now_in.programme_id,
                team_id=now_in.team_id,
                coach_id=None,
                intake=2,
                started_on=date(2026, 1, 5),
                closed_on=date(2026, 5, 5),
                outcome="work",
            )
        )
    page = sign_in(world.lead).get(f"{BASE}?period=2026")
    assert "De som skrevs in: 3 inskrivningar, 2 personer." in re.sub(r"\s+", " ", page.text)


def test_scales_are_counted_and_a_share_stands_from_five_people(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    """S41: the share below the cut-off, means and effect size are of at least five people."""

    def fill_in(person: Person, first: int, last: int) -> None:
        for days, total in ((30, first), (3, last)):
            met = a_meeting(session, person, world.coach, now - timedelta(days=days))
            met.attendance, met.attended_at, met.attendance_by = "came", now, world.coach.id
            answered(session, met, now - timedelta(days=days), instrument="ors", total=total)
            answered(session, met, now - timedelta(days=days), instrument="srs", total=350)

    people = [world.participant, world.second_participant]
    with database.transaction() as session:
        people += [
            add_participant(session, world.here, f"Någon {number}", now, coach=world.coach, phone="")
            for number in range(3)
        ]
        for number, person in enumerate(people[:4]):
            fill_in(person, 200 + number * 10, 260 + number * 10)
    lead = sign_in(world.lead)
    assert table(lead, "scales") == [
        ["Skala", "Ifyllda", "Personer", "Under brytpunkten"],
        ["ORS", "8", "4", "–"],
        ["SRS", "8", "4", "–"],
    ]
    assert table(lead, "movement")[-1] == ["Totalt", "–", "–", "–", "–", "–", "–"]
    with database.transaction() as session:
        fill_in(session.get_one(Person, people[4].id), 240, 250)
    assert table(lead, "scales")[1:] == [
        ["ORS", "10", "5", "5 av 10 (50 %)"],
        ["SRS", "10", "5", "10 av 10 (100 %)"],
    ]
    assert table(lead, "movement")[-1] == [
        "Totalt",
        "5",
        "22,0",
        "27,0",
        "3,16",
        "4 av 5 (80 %)",
        "0 av 5 (0 %)",
    ]
    assert table(lead, "check-ins")[1] == ["Före mötet", "10", "0", "0 av 10 (0 %)"]
