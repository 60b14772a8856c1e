"""`participants import`: all rows or none, on both databases, and nothing personal on the terminal."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from portal.db import Database
from portal.identity.models import Enrolment, Person, ProtectedHandler, RoleGrant, StaffAccount
from portal.journal.models import JournalRow
from portal.organisation.models import Programme
from tests.conftest import SignIn
from tests.support.world import World

HEAD = (
    "Person;Namn;Mobilnummer;Språk;Kön;Född i Sverige;Kommun;Utbildning;Insats;Team;Coach;Remitterad av;"
    "Intag;Ansökan;Första mötet;Start;Avslut;Vad det blev;Inkomst vid start;Inkomst vid avslut"
)
NINA = (
    "1;Nina Ny;070-174 07 01;arabiska;kvinna;nej;Norrby;Grundskola;Vägen;Team Norr;Karin Lund;"
    "Försäkringskassan;2;2025-01-07;2025-01-20;2025-02-01;2025-11-30;Studier;Försörjningsstöd;Lön"
)
NINA_AGAIN = "1;Nina Ny;;;;;;;Vägen;Team Söder;;Arbetsförmedlingen;4;2026-02-01;;2026-03-01;;;Sjukpenning;"
OLA = ";Ola Ek;;;man;ja;;;Vägen;Team Norr;;;;;;2026-05-01;;;;"
Import = Callable[..., Result]


@pytest.fixture
def take_in(app: Flask, world: World, tmp_path: Path) -> Import:
    """`take_in(rows…, dry_run=False)` runs the command on a file of these rows."""

    def run(*rows: str, dry_run: bool = False, head: str = HEAD, slug: str = "norrby") -> Result:
        file = tmp_path / "people.csv"
        file.write_bytes("\r\n".join([head, *rows]).encode("utf-8-sig"))
        args = ["participants", "import", str(file), "--organisation", slug]
        return app.test_cli_runner().invoke(args=[*args, *(["--dry-run"] if dry_run else [])])

    return run


def email_of(person: Person, database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(StaffAccount).where(StaffAccount.person_id == person.id)).one().email


def counts(database: Database) -> tuple[int, ...]:
    with database.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Person, Enrolment, RoleGrant, JournalRow)
        )


def test_people_come_in_with_their_whole_history(take_in: Import, database: Database, world: World) -> None:
    done = take_in(NINA, OLA, NINA_AGAIN)
    assert done.exit_code == 0, done.output
    assert "people:           2, 1 with a number" in done.output
    assert "open enrolments:  2" in done.output
    assert "ended enrolments: 1" in done.output
    with database.reading() as session:
        nina = next(one for one in session.scalars(select(Person)) if one.name == "Nina Ny")
        assert (nina.phone, nina.language) == ("+46701740701", "ar")
        assert (nina.gender, nina.born_in_sweden) == ("woman", False)
        assert (nina.municipality, nina.education) == ("norr", "primary")
        assert nina.phone_confirmed_at is None
        asked = select(Enrolment).where(Enrolment.person_id == nina.id).order_by(Enrolment.applied_on)
        first, second = session.scalars(asked)
        assert (first.coach_id, first.referrer, first.intake) == (world.coach.id, "fk", 2)
        assert (first.closed_on, first.outcome) == (date(2025, 11, 30), "studies")
        assert (first.income_at_start, first.income_at_closure) == ("social", "wage")
        assert (second.team_id, second.coach_id, second.closed_on) == (world.here.other_team.id, None, None)
        grant = session.scalars(select(RoleGrant).where(RoleGrant.person_id == nina.id)).one()
        assert (grant.role, grant.team_id) == ("participant", world.here.other_team.id)
        noted = session.scalars(select(JournalRow.kind).where(JournalRow.subject_id == nina.id)).all()
        assert noted == ["enrolled", "enrolled"]


def test_an_age_is_stored_and_where_it_is_missing_that_is_told(
    take_in: Import, database: Database, world: World
) -> None:
    """It decides the cut-offs of ORS and SRS: nobody is taken for an adult without a word."""
    head = f"{HEAD};Ålder"
    young, unknown = f"{NINA};16", f"{OLA};"
    trial, done = (take_in(young, unknown, f"{NINA_AGAIN};", head=head, dry_run=dry) for dry in (True, False))
    for told in (trial, done):
        assert told.exit_code == 0, told.output
        assert (
            "age not told:     1, taken as 18 or older: ORS and SRS have other cut-offs at 13" in told.output
        )
    with database.reading() as session:
        bands = {one.name: one.age_band for one in session.scalars(select(Person))}
    assert (bands["Nina Ny"], bands["Ola Ek"]) == ("youth", "adult")
    other = f";Eva Ek{OLA.removeprefix(';Ola Ek')}"
    assert "age not told" not in take_in(f"{other};44", head=head).output
    assert "age not told:     1" in take_in(other.replace("Eva", "Ida")).output


def test_who_came_in_is_on_the_coachs_list(
    take_in: Import, world: World, sign_in: SignIn, database: Database
) -> None:
    """A coach may be named by e-mail too."""
    assert take_in(NINA.replace("Karin Lund", email_of(world.coach, database))).exit_code == 0
    assert "Nina" in sign_in(world.coach).get("/staff/people").text
    assert "Nina" not in sign_in(world.other_coach).get("/staff/people").text


def test_a_dry_run_says_what_the_real_run_does_and_stores_nothing(
    take_in: Import, database: Database
) -> None:
    before = counts(database)
    trial = take_in(NINA, OLA, dry_run=True)
    assert counts(database) == before
    done = take_in(NINA, OLA)
    assert counts(database) != before
    assert trial.output.splitlines()[:-1] == done.output.splitlines()[:-1]
    assert trial.output.splitlines()[-1] == "Dry run: all rows are right, and nothing is stored."
    refused = [take_in(NINA, OLA, dry_run=way).output for way in (True, False)]
    assert refused[0] == refused[1]


def test_one_bad_row_keeps_all_out_and_names_its_line(take_in: Import, database: Database) -> None:
    before = counts(database)
    done = take_in(NINA, OLA.replace("Vägen", "Bron"), NINA_AGAIN.replace("2026-03-01", "1/3"))
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "line 3, Insats: not in the list. Valid: Vägen.",
        "line 4, Start: write the day as 2026-11-24.",
        "Error: 2 problems. Nothing is stored.",
    ]
    assert counts(database) == before


def test_the_same_file_again_is_refused_row_by_row_and_doubles_nobody(
    take_in: Import, database: Database
) -> None:
    take_in(NINA, OLA)
    before = counts(database)
    again = take_in(NINA, OLA)
    assert again.exit_code == 1
    told = again.output.splitlines()
    assert told[0].startswith("line 2, Mobilnummer: the number belongs to somebody who is here already.")
    assert told[1] == "line 3, Namn: somebody with this name has this enrolment already: take the row away."
    assert counts(database) == before


def test_two_people_of_one_name_are_told_apart_by_their_numbers_or_days(take_in: Import) -> None:
    assert take_in(NINA).exit_code == 0
    assert take_in(NINA.replace("07 01", "07 02")).exit_code == 0
    assert take_in(OLA).exit_code == 0
    assert take_in(OLA.replace("2026-05-01", "2026-06-01")).exit_code == 1
    ended = ";Ola Ek;;;man;ja;;;Vägen;Team Norr;;;;;;2024-05-01;2024-06-01;Arbete;;"
    assert take_in(ended).exit_code == 0
    assert take_in(ended).exit_code == 1


def test_nothing_on_the_terminal_tells_who(take_in: Import) -> None:
    """S44: neither names nor numbers, whatever is wrong."""
    outputs = [
        take_in(NINA, OLA).output,
        take_in(NINA, OLA).output,
        take_in("Nina Ny;070-174 07 01", head="Namn;Mobilnummer").output,
        take_in("x", head=NINA).output,
        take_in(NINA.replace("07 01", "07"), NINA_AGAIN.replace("Nina", "Mina")).output,
    ]
    for secret in ("Nina", "Mina", "Ola", "174", "0701", "+46"):
        assert not any(secret in output for output in outputs), secret


def test_a_person_with_protected_identity_is_not_made_anew(
    take_in: Import, database: Database, world: World, now: datetime
) -> None:
    """S37: they are looked up by no hash, and the row is told what any other would be."""
    take_in(NINA, OLA)
    with database.transaction() as session:
        for person in session.scalars(select(Person)):
            if person.name in ("Nina Ny", "Ola Ek"):
                person.protected, person.name_hash, person.phone_hash = True, None, None
                session.add(ProtectedHandler(person_id=person.id, handler_id=world.coach.id))
    before = counts(database)
    assert "line 2, Mobilnummer: the number belongs to somebody" in take_in(NINA).output
    assert "line 2, Namn: somebody with this name" in take_in(OLA.replace("2026-05-01", "2026-06-01")).output
    assert counts(database) == before


def test_nothing_crosses_organisations(take_in: Import, database: Database, world: World) -> None:
    """S4: the other organisation's coaches are not valid here, its people no obstacle."""
    assert take_in(NINA).exit_code == 0
    there = take_in(NINA.replace("Karin Lund", ""), slug="soderby")
    assert there.exit_code == 0, there.output
    stranger = take_in(NINA.replace("Karin Lund", world.far_coach.name).replace("07 01", "07 09"))
    assert "line 2, Coach: not in the list. Valid: Karin Lund, Lena Ek, Olof Berg." in stranger.output

    assert "There is no organisation nowhere. There is: " in take_in(NINA, slug="nowhere").output


def test_a_programme_takes_its_own_words_alone(take_in: Import, database: Database, world: World) -> None:
    with database.transaction() as session:
        programme = session.get_one(Programme, world.here.programme.id)
        programme.lists = {"outcome": ["work"]}
    assert "line 2, Vad det blev: not in the list. Valid: Arbete." in take_in(NINA).output


def test_the_columns_are_told_with_the_words_of_the_house(app: Flask, world: World) -> None:
    told = app.test_cli_runner().invoke(args=["participants", "columns", "--organisation", "norrby"]).output
    assert "Namn / Name: first name and family name; needed" in told
    assert "Ålder / Age: years, or 13–17 or 18+; empty is taken as 18 or older" in told
    assert "Team Team Norr, coaches: Karin Lund, Lena Ek, Olof Berg" in told
    assert "Programme Vägen, outcome: Arbete, Studier, Annat" in told
    bare = app.test_cli_runner().invoke(args=["participants", "columns"])
    assert "Name one with --organisation" in bare.output


def test_a_file_that_is_no_table_is_told_so(
    take_in: Import, app: Flask, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "people.xlsx"
    file.write_bytes(b"PK\x03\x04")
    done = app.test_cli_runner().invoke(
        args=["participants", "import", str(file), "--organisation", "norrby"]
    )
    assert done.exit_code == 1
    assert 'save it as "CSV UTF-8"' in done.output
