"""Programmes and teams, as an admin adds and changes them."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.journal.models import JournalRow
from portal.organisation.models import Choice, Programme, Team
from tests.conftest import SignIn
from tests.support.pages import seen, text_of
from tests.support.world import CANARY, World

BASE = "/staff/organisation"
PROGRAMME = {
    "name": "Leden",
    "starts_on": "2026-01-01",
    "ends_on": "2027-12-31",
    "partners": "Kommunen\n Regionen \n\nKommunen",
    "participants": "120",
    "share_of_women": "60",
    "share_to_work": "",
}


def test_a_team_is_added_once_changed_and_taken_away(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    form = {"name": "Team  Väst", "municipality": "Västby"}
    for _ in range(2):
        assert browser.post(f"{BASE}/teams/new", data=form).status_code == 303
    with database.reading() as session:
        team = session.scalars(select(Team).where(Team.name == "Team Väst")).one()
    path = f"{BASE}/teams/{team.id}"
    assert "Team Väst Västby" in text_of(browser.get(BASE))
    changed = {"name": "Väst", "municipality": "Väst", "seen": seen(browser, path)}
    assert browser.post(path, data=changed).status_code == 303
    late = browser.post(path, data={**changed, "name": "Öst"})
    assert late.status_code == 422
    assert "Nu står det: Väst." in text_of(late)
    assert browser.post(f"{path}/remove").status_code == 303
    assert browser.post(f"{path}/remove").status_code == 404
    with database.reading() as session:
        of_it = select(JournalRow.kind).where(JournalRow.object_id == team.id)
        assert list(session.scalars(of_it.order_by(JournalRow.number))) == ["team", "team", "team_removed"]


def test_a_team_with_people_stays_and_says_so(sign_in: SignIn, world: World, database: Database) -> None:
    browser = sign_in(world.admin)
    answer = browser.post(f"{BASE}/teams/{world.here.team.id}/remove")
    assert answer.status_code == 422
    assert "Det får vara kvar" in text_of(answer)
    assert 'value="Team Norr"' in answer.text
    with database.reading() as session:
        assert session.get(Team, world.here.team.id)


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ({"name": "TEAM NORR", "municipality": "Väst"}, "Ett annat team heter så"),
        ({"name": "", "municipality": "Väst"}, "Fyll i det här"),
        ({"name": "x" * 121, "municipality": "Väst"}, "Texten är för lång"),
    ],
)
def test_a_wrong_team_is_told_beside_the_field(
    sign_in: SignIn, world: World, typed: dict[str, str], sentence: str
) -> None:
    browser = sign_in(world.admin)
    path = f"{BASE}/teams/{world.here.other_team.id}"
    for answer in (
        browser.post(f"{BASE}/teams/new", data=typed),
        browser.post(path, data={**typed, "seen": seen(browser, path)}),
    ):
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert 'value="Väst"' in answer.text


def test_a_programme_is_added_once_changed_and_taken_away(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    for _ in range(2):
        assert browser.post(f"{BASE}/programmes/new", data=PROGRAMME).status_code == 303
    with database.reading() as session:
        made = session.scalars(select(Programme).where(Programme.name == "Leden")).one()
        assert (made.starts_on, made.ends_on) == (date(2026, 1, 1), date(2027, 12, 31))
        assert made.partners == ["Kommunen", "Regionen"]
        assert made.targets == {"participants": 120, "share_of_women": 0.6}
    path = f"{BASE}/programmes/{made.id}"
    assert 'value="60"' in browser.get(path).text
    assert "Leden" in browser.get("/staff/people/new").text
    changed = {**PROGRAMME, "ends_on": "", "participants": "", "seen": seen(browser, path)}
    assert browser.post(path, data=changed).status_code == 303
    with database.reading() as session:
        made = session.get_one(Programme, made.id)
        assert (made.ends_on, made.targets) == (None, {"share_of_women": 0.6})
    assert browser.post(f"{path}/remove").status_code == 303


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ({"ends_on": "2025-12-31"}, "Sista dagen kan inte vara före den första"),
        ({"name": "vägen"}, "En annan insats heter så"),
        ({"share_of_women": "101"}, "Skriv ett tal från 0 till 100"),
        ({"starts_on": ""}, "Fyll i det här"),
    ],
)
def test_a_wrong_programme_is_told_beside_the_field(
    sign_in: SignIn, world: World, typed: dict[str, str], sentence: str
) -> None:
    answer = sign_in(world.admin).post(f"{BASE}/programmes/new", data={**PROGRAMME, **typed})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Regionen" in text_of(answer)


def test_other_targets_under_the_same_name_are_another_programme(sign_in: SignIn, world: World) -> None:
    """What was typed is not thrown away under the word "saved"."""
    browser = sign_in(world.admin)
    browser.post(f"{BASE}/programmes/new", data=PROGRAMME)
    for other in ({"participants": "60"}, {"name": "leden"}):
        answer = browser.post(f"{BASE}/programmes/new", data={**PROGRAMME, **other})
        assert answer.status_code == 422
        assert "En annan insats heter så" in text_of(answer)


def test_nought_is_not_nothing_to_whoever_saves_second(sign_in: SignIn, world: World) -> None:
    first, second = sign_in(world.admin), sign_in(world.admin)
    path = f"{BASE}/programmes/{world.here.programme.id}"
    mark = seen(first, path)
    empty = {
        **PROGRAMME,
        "name": world.here.programme.name,
        "participants": "",
        "share_of_women": "",
        "seen": mark,
    }
    first.post(path, data={**empty, "share_of_women": "0"})
    answer = second.post(path, data=empty)
    assert answer.status_code == 422
    assert "Nu står det: 0." in text_of(answer)


def test_a_programme_somebody_is_enrolled_in_stays(sign_in: SignIn, world: World) -> None:
    browser = sign_in(world.admin)
    path = f"{BASE}/programmes/{world.here.programme.id}/remove"
    assert "Det måste finnas minst en insats" in text_of(browser.post(path))
    browser.post(f"{BASE}/programmes/new", data=PROGRAMME)
    answer = browser.post(path)
    assert answer.status_code == 422
    assert "Skriv en sista dag i stället" in text_of(answer)


def test_another_organisations_places_are_out_of_reach(sign_in: SignIn, world: World) -> None:
    """S4"""
    browser = sign_in(world.admin)
    far = world.elsewhere
    for path in (f"{BASE}/teams/{far.team.id}", f"{BASE}/programmes/{far.programme.id}"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, data=PROGRAMME).status_code == 404
        assert browser.post(f"{path}/remove").status_code == 404
    assert CANARY not in browser.get(BASE).text


def test_a_programme_uses_words_of_its_own_and_the_menus_follow(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    path = f"{BASE}/programmes/{world.here.programme.id}"
    form = {**PROGRAMME, "name": "Vägen", "seen": seen(browser, path)}
    chosen = {"outcome_words": ["work", "other"], "referrer_words": ["fk"], "income_words": []}
    assert browser.post(path, data={**form, **chosen}).status_code == 303
    with database.reading() as session:
        stored = session.get_one(Programme, world.here.programme.id)
        assert stored.lists == {"outcome": ["work", "other"], "referrer": ["fk"]}
        assert stored.uses("outcome", "work")
        assert not stored.uses("outcome", "studies")
        assert stored.uses("income", "social")
    ticked = re.findall(r'<input[^>]*checked[^>]*value="(\w+)"', browser.get(path).text)
    assert ticked == ["fk", "work", "other"]
    close = browser.get(f"/staff/people/{world.participant.id}/enrolment/close").text
    assert "Arbete" in close
    assert "Studier" not in close
    assert "Försörjningsstöd" in close
    enrolling = {"name": "Nina Ny", "referrer": "af", "programme": str(world.here.programme.id)}
    answer = sign_in(world.coach).post("/staff/people/new", data={**enrolling, "language": "sv"})
    assert answer.status_code == 422
    assert "Insatsen använder de här orden: Försäkringskassan." in text_of(answer)


def test_an_unknown_word_is_not_chosen_for_a_programme(sign_in: SignIn, world: World) -> None:
    answer = sign_in(world.admin).post(f"{BASE}/programmes/new", data={**PROGRAMME, "outcome_words": "x"})
    assert answer.status_code == 422
    assert "Välj något i listan" in text_of(answer)


def test_an_outcome_says_how_the_report_counts_it_and_other_words_do_not(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    added = {"word_sv": "Slutade", "counts_as": "dropout"}
    assert browser.post(f"{BASE}/words/outcome", data=added).status_code == 303
    assert "Som slutade i förtid" in text_of(browser.get(f"{BASE}/words/outcome"))
    assert browser.post(f"{BASE}/words/income", data={**added, "word_sv": "Ränta"}).status_code == 303
    assert "counts_as" not in browser.get(f"{BASE}/words/income").text
    with database.reading() as session:
        found = {
            word.words["sv"]: word.counts_as
            for word in session.scalars(select(Choice).where(Choice.words.is_not(None)))
        }
        outcome = session.scalars(select(Choice).where(Choice.counts_as == "dropout")).one()
    assert (found["Slutade"], found["Ränta"]) == ("dropout", "")
    path = f"{BASE}/words/outcome/{outcome.id}"
    changed = {"word_sv": "Slutade", "counts_as": "goal", "seen": seen(browser, path)}
    assert browser.post(path, data=changed).status_code == 303
    with database.reading() as session:
        assert session.get_one(Choice, outcome.id).counts_as == "goal"
