"""Where an admin chooses the scales and their values: errors beside the field, in the journal, own house."""

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.journal.models import JournalRow
from portal.organisation.models import Organisation
from portal.organisation.rules import Rules
from tests.conftest import NOW, SignIn
from tests.support.packs import install
from tests.support.pages import seen, text_of
from tests.support.world import SETTINGS, World

PATH = "/staff/organisation/scales"
TYPED = {
    "before_with": "paper",
    "after_with": "own",
    "group_with": "none",
    "ors_cut_off_adult": "24,5",
    "ors_cut_off_youth": "28",
    "srs_cut_off_adult": "36",
    "srs_cut_off_youth": "35.5",
    "gsrs_cut_off_adult": "35",
    "gsrs_cut_off_youth": "36",
    "reliable_change": "6",
    "no_change_talks": "4",
    "srs_slip": "1",
}


def rules_now(database: Database, world: World) -> Rules:
    with database.reading() as session:
        return session.get_one(Organisation, world.organisation.id).rules


def test_the_values_stand_there_and_are_changed(sign_in: SignIn, database: Database, world: World) -> None:
    admin = sign_in(world.admin)
    page = admin.get(PATH)
    assert 'value="25"' in page.text
    assert "Ingen text är installerad" in text_of(page)
    answer = admin.post(PATH, data={**TYPED, "seen": seen(admin, PATH)})
    assert answer.status_code == 303
    found = rules_now(database, world)
    assert (found.before_with, found.ors_cut_off_adult, found.srs_cut_off_youth) == ("paper", 24.5, 35.5)
    assert (found.reliable_change, found.no_change_talks) == (6.0, 4)
    assert 'value="24,5"' in admin.get(PATH).text
    with database.reading() as session:
        kinds = session.scalars(select(JournalRow.kind).where(JournalRow.action == "change")).all()
    assert kinds == ["scales"]


@pytest.mark.parametrize(
    "field, typed, sentence",
    [
        ("ors_cut_off_adult", "41", "Skriv ett tal från 0 till 40."),
        ("ors_cut_off_adult", "0", "Det måste vara mer än 0."),
        ("srs_cut_off_youth", "fyrtio", "Skriv ett tal, till exempel 7 eller 7,5."),
        ("reliable_change", "5,25", "Skriv högst en siffra efter kommat."),
        ("srs_slip", "", "Fyll i det här."),
        ("no_change_talks", "0", "Skriv ett tal från 1 till 20."),
        ("before_with", "fax", "Välj något i listan."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    sign_in: SignIn, database: Database, world: World, field: str, typed: str, sentence: str
) -> None:
    admin = sign_in(world.admin)
    answer = admin.post(PATH, data={**TYPED, field: typed, "seen": seen(admin, PATH)})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    if typed and field != "before_with":
        assert f'value="{typed}"' in answer.text
    assert rules_now(database, world) == Rules.from_json(SETTINGS)


def test_a_scale_goes_to_a_phone_only_with_a_digital_licence(
    sign_in: SignIn, database: Database, world: World
) -> None:
    """The licence rule, told in plain words with the two other ways."""
    admin = sign_in(world.admin)
    digital = dict.fromkeys(("before_with", "after_with", "group_with"), "digital")
    wish = {**TYPED, **digital, "seen": seen(admin, PATH)}
    with database.transaction() as session:
        install(session, "srs", NOW, scope="paper")
    refused = text_of(admin.post(PATH, data=wish))
    sentence = "får inte skickas till en mobil utan licens. Välj papper eller våra egna frågor."
    assert f"ORS {sentence}" in refused
    assert f" SRS {sentence}" in refused
    assert "GSRS får inte skickas till en mobil utan licens. Välj papper eller Inget." in refused
    assert f"GSRS {sentence}" not in refused
    with database.transaction() as session:
        install(session, "ors", NOW)
        install(session, "srs", NOW)
        install(session, "gsrs", NOW)
    assert admin.post(PATH, data=wish).status_code == 303
    chosen = rules_now(database, world)
    assert (chosen.before_with, chosen.after_with, chosen.group_with) == ("digital", "digital", "digital")
    assert (chosen.gsrs_cut_off_adult, chosen.gsrs_cut_off_youth) == (35.0, 36.0)
    page = text_of(admin.get(PATH))
    assert "Digital licens · Samordningen i Norrby · D-2026-7 · till och med onsdag 30 juni 2027" in page
    assert "Används inte längre" in page


@pytest.mark.parametrize(
    "spread, percent, words",
    [
        ("8", "85", "Det blir 8,6 poäng."),
        ("6,2", "90", "Det blir 5,4 poäng."),
        ("4", "100", "Det blir 0 poäng."),
        ("", "90", "Fyll i det här."),
        ("8", "101", "Skriv ett tal från 0 till 100."),
    ],
)
def test_the_reliable_change_is_counted_from_the_scale_s_own_measures(
    sign_in: SignIn, database: Database, world: World, spread: str, percent: str, words: str
) -> None:
    page = sign_in(world.admin).get(PATH, query_string={"spread": spread, "percent": percent})
    assert words in text_of(page)
    assert f'value="{percent}"' in page.text
    assert rules_now(database, world) == Rules.from_json(SETTINGS)


def test_the_second_of_two_admins_is_told(sign_in: SignIn, database: Database, world: World) -> None:
    admin = sign_in(world.admin)
    mark = seen(admin, PATH)
    admin.post(PATH, data={**TYPED, "seen": mark})
    second = admin.post(PATH, data={**TYPED, "srs_slip": "2", "seen": mark})
    assert second.status_code == 422
    assert "Någon annan har sparat medan du skrev." in text_of(second)
    assert rules_now(database, world).srs_slip == 1.0
