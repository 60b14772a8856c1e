"""The first page, the language, whom to turn to, and what is said of oneself."""

import pytest
from sqlalchemy import delete, select, update

from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.messaging.models import OutboxMessage
from portal.organisation.models import Organisation
from tests.conftest import SignIn
from tests.support.pages import Client, text_of
from tests.support.signing_in import come_in
from tests.support.world import World

KNOWN = "070-174 06 05"


def test_several_organisations_are_a_choice_that_keeps_where_one_was_going(
    client: Client, world: World
) -> None:
    page = client.get("/?next=/plan")
    assert 'href="/norrby?next=/plan"' in page.get_data(as_text=True)
    entry = client.get("/norrby?next=/plan").get_data(as_text=True)
    assert 'href="/norrby/sign-in?next=/plan"' in entry
    assert 'href="/norrby"' in client.get("/?next=//evil.example").get_data(as_text=True)


def test_one_organisation_is_entered_at_once(client: Client, database: Database, now: object) -> None:
    with database.transaction() as session:
        session.add(
            Organisation(
                slug="ensam", name="Ensam i Byn", phone="010-111 22 33", languages=["sv", "ar"], settings={}
            )
        )
    page = client.get("/")
    assert "Ensam i Byn" in text_of(page)
    assert "010-111 22 33" in text_of(page)
    assert "العربية" in text_of(page)
    assert 'lang="en"' not in page.get_data(as_text=True)


def test_an_installation_without_organisations_says_so(client: Client) -> None:
    assert "ingen än" in text_of(client.get("/"))


@pytest.mark.parametrize("path", ["/nowhere", "/nowhere/sign-in", "/nowhere/sign-in/code", "/NORRBY"])
def test_an_unknown_address_is_a_404(client: Client, world: World, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_code_page_without_a_code_leads_back(client: Client, world: World) -> None:
    assert client.get("/norrby/sign-in/code?next=/plan").location == "/norrby/sign-in?next=/plan"
    assert client.post("/norrby/sign-in/again").location == "/norrby/sign-in"


def test_a_number_of_one_organisation_is_nobodys_in_another(
    client: Client, world: World, database: Database
) -> None:
    """S4."""
    client.post("/soderby/sign-in", data={"phone": KNOWN})
    with database.reading() as session:
        assert session.scalars(select(OutboxMessage)).all() == []


# --- the language ------------------------------------------------------------------------------------


def test_the_language_is_remembered_in_the_browser_and_on_the_person(
    client: Client, world: World, database: Database
) -> None:
    answer = client.post("/language", data={"language": "ar", "next": "/norrby"})
    assert (answer.status_code, answer.location) == (303, "/norrby")
    assert 'lang="ar" dir="rtl"' in client.get("/norrby").get_data(as_text=True)
    come_in(client, database, KNOWN)
    assert language_of(database, world) == "ar"
    client.post("/language", data={"language": "en", "next": "/me"})
    assert language_of(database, world) == "en"
    client.post("/sign-out")
    assert 'lang="en"' in client.get("/norrby").get_data(as_text=True)


def test_who_is_signed_in_chooses_among_the_languages_of_their_organisation(
    client: Client, world: World, database: Database, sign_in: SignIn
) -> None:
    with database.transaction() as session:
        session.execute(update(Organisation).values(languages=["sv", "ar"]))
    for browser in (sign_in(world.participant, 1), sign_in(world.coach)):
        for page in (browser.get("/language"), browser.post("/language", data={"language": "xx"})):
            assert 'value="sv"' in page.text
            assert 'value="ar"' in page.text
            assert 'value="en"' not in page.text
    assert 'value="en"' in client.get("/language").text


def language_of(database: Database, world: World) -> str | None:
    """The participant's language as stored."""
    with database.reading() as session:
        return session.scalar(select(Person.language).where(Person.id == world.participant.id))


@pytest.mark.parametrize("language", ["", "xx", "../sv", "sv\x00"])
def test_a_language_we_do_not_have_is_refused(client: Client, world: World, language: str) -> None:
    assert client.post("/language", data={"language": language}).status_code == 422


def test_the_language_leads_only_inside(client: Client, world: World) -> None:
    """S25."""
    answer = client.post("/language", data={"language": "sv", "next": "https://evil.example"})
    assert answer.location == "/"


# --- whom to turn to ---------------------------------------------------------------------------------


def test_anybody_sees_whom_to_turn_to(client: Client, world: World) -> None:
    page = text_of(client.get("/turn-to"))
    assert "112" in page
    assert "90101" in page
    assert "010-123 45 67" in page
    here = text_of(client.get("/turn-to?at=norrby"))
    assert "010-123 45 67" in here
    assert "010-765 43 21" not in here
    assert client.get("/turn-to?at=nowhere").status_code == 200


def test_the_coach_and_the_team_stand_behind_the_second_door(world: World, sign_in: SignIn) -> None:
    """S30, S31."""
    before = text_of(sign_in(world.participant, 1).get("/turn-to"))
    assert "Karin" not in before
    assert world.here.team.name not in before
    behind = text_of(sign_in(world.participant, 2).get("/turn-to"))
    assert "Karin" in behind
    assert world.here.team.name in behind
    assert "Lund" not in behind


def test_there_is_somebody_else_when_it_is_about_the_coach(
    world: World, database: Database, sign_in: SignIn
) -> None:
    assert "chefen" in text_of(sign_in(world.participant, 1).get("/turn-to"))
    settings = {"complaint_name": "Maj Ström", "complaint_phone": "010-999 88 77"}
    with database.transaction() as session:
        session.execute(update(Organisation).values(settings=settings))
    page = text_of(sign_in(world.participant, 1).get("/turn-to"))
    assert "Maj Ström" in page
    assert "010-999 88 77" in page


def test_who_has_no_open_enrolment_still_sees_whom_to_turn_to(
    world: World, database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(world.participant, 2)
    with database.transaction() as session:
        session.execute(delete(Enrolment).where(Enrolment.person_id == world.participant.id))
    assert browser.get("/turn-to").status_code == 200


def test_what_this_is_says_honestly_what_the_quick_exit_does_not_do(client: Client, world: World) -> None:
    """S32."""
    page = text_of(client.get("/about?at=norrby"))
    assert "Den tar inte bort historiken" in page
    assert "Vi skickar aldrig länkar" in page
    assert "historik" in text_of(client.get("/turn-to"))


def test_the_accessibility_statement_says_what_the_law_asks_for(client: Client, world: World) -> None:
    page = text_of(client.get("/accessibility?at=norrby"))
    for needed in ("2018:1937", "Det här är inte klart", "Digg", "digg.se/tdosanmalan", "Samordningen"):
        assert needed in page


def test_ones_own_page_shows_the_end_of_the_number_alone(world: World, sign_in: SignIn) -> None:
    first = text_of(sign_in(world.participant, 1).get("/me"))
    assert "slutar på 05" in first
    assert "070-174" not in first
    assert "Amina" not in first
    assert "Amina Hassan" in text_of(sign_in(world.participant, 2).get("/me"))


def test_the_first_page_leads_on_who_is_signed_in(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.participant, 1).get("/").location == "/home"
    assert sign_in(world.coach).get("/").location == "/staff"
