"""Following up, as coach, lead and the one who has left meet it."""

import re
from datetime import date, datetime

import pytest

from portal.db import Database
from portal.followup.models import FollowUp, FollowUpConsent
from portal.identity.models import Person
from tests.conftest import SignIn
from tests.followup.conftest import leave
from tests.support.pages import text_of
from tests.support.world import World


@pytest.fixture
def gone(database: Database, world: World, now: datetime) -> str:
    """The address of the page of somebody who left six months ago."""
    with database.transaction() as session:
        leave(session, session.get_one(Person, world.participant.id), date(2026, 5, 24), now)
    return f"/staff/people/{world.participant.id}/follow-up"


def said(database: Database) -> str:
    with database.reading() as session:
        return session.query(FollowUpConsent).filter(FollowUpConsent.said_until.is_(None)).one().said


def test_the_morning_list_leads_to_the_page_where_it_is_written(
    sign_in: SignIn, world: World, database: Database, gone: str
) -> None:
    coach = sign_in(world.coach)
    page = coach.get("/staff")
    assert "Det är 6 månader sedan avslutet." in text_of(page)
    assert f'href="{gone}"' in page.text
    assert "Efter 6 månader" in text_of(coach.get(gone))
    form = coach.get(f"{gone}/6")
    assert "Vad gör personen nu?" in text_of(form)
    told = {"result": "reached", "occupation": "work", "feels": "so_so", "note": "Har fått fast jobb"}
    assert coach.post(f"{gone}/6", data=told).location == gone
    written = text_of(coach.get(gone))
    assert "Personen svarade" in written
    assert "Mår: Sådär" in written
    assert "Har fått fast jobb" in written
    assert "månader sedan avslutet" not in text_of(coach.get("/staff"))
    looked = text_of(sign_in(world.participant).get("/me/looked"))
    assert "Ändrade: hur det går för dig när du har slutat." in looked


@pytest.mark.parametrize(
    "data, sentence",
    [
        ({"note": "Har fått jobb"}, "Välj ett svar."),
        ({"result": "reached", "note": "Har fått jobb"}, "Välj ett svar."),
        ({"result": "reached", "occupation": "moon", "note": "Har fått jobb"}, "Välj något i listan."),
    ],
)
def test_what_is_wrong_stands_beside_it_and_what_was_typed_is_kept(
    sign_in: SignIn, world: World, database: Database, gone: str, data: dict[str, str], sentence: str
) -> None:
    answer = sign_in(world.coach).post(f"{gone}/6", data=data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Har fått jobb" in answer.text
    with database.reading() as session:
        assert session.query(FollowUp).count() == 0


def test_a_tap_on_the_list_settles_nothing(sign_in: SignIn, world: World, gone: str) -> None:
    coach = sign_in(world.coach)
    handle = f"/staff/people/{world.participant.id}/handle"
    key = re.search(r'name="key" value="([^"]+)"', coach.get(handle).text)
    assert key
    form = {"key": key[1], "days": "7"}
    assert coach.post(handle, data={**form, "outcome": "called"}).location == gone
    assert "månader sedan avslutet" in text_of(coach.get("/staff"))
    coach.post(handle, data={**form, "outcome": "later"})
    assert "månader sedan avslutet" not in text_of(coach.get("/staff"))


def test_what_has_not_come_cannot_be_written(sign_in: SignIn, world: World, gone: str) -> None:
    coach = sign_in(world.coach)
    assert coach.get(f"{gone}/24").location == gone
    assert coach.post(f"{gone}/24", data={"result": "unreached"}).location == gone
    assert "Det går inte att skriva in något om den gången." in text_of(coach.get(gone))


def test_closing_asks_and_the_person_takes_it_back(sign_in: SignIn, world: World, database: Database) -> None:
    coach = sign_in(world.coach)
    close = f"/staff/people/{world.participant.id}/enrolment/close"
    assert "Personen har sagt ja till att vi hör av oss senare" in text_of(coach.get(close))
    closing = {"closed_on": "2026-11-24", "outcome": "work", "follow_up": "y"}
    assert coach.post(close, data=closing).status_code == 303
    assert said(database) == "yes"
    phone = sign_in(world.participant)
    assert "Du har sagt ja till att vi hör av oss senare." in text_of(phone.get("/me/reach"))
    assert phone.post("/me/follow-up/no").location == "/me/reach"
    after = text_of(phone.get("/me/reach"))
    assert "Vi hör inte av oss." in after
    assert "Du har sagt ja" not in after
    assert said(database) == "never"
    page = f"/staff/people/{world.participant.id}/follow-up"
    assert "Personen har sagt nej för gott." in text_of(coach.get(page))
    assert coach.post(page, data={"said": "yes"}).location == page
    assert said(database) == "never"


def test_where_nothing_is_asked_the_page_of_closing_is_as_it_was(
    sign_in: SignIn, world: World, database: Database
) -> None:
    with database.transaction() as session:
        session.merge(world.organisation).settings = {"follow_up_months": []}
    close = f"/staff/people/{world.participant.id}/enrolment/close"
    assert "hör av oss senare" not in text_of(sign_in(world.coach).get(close))


def test_it_is_for_coach_and_lead_alone(sign_in: SignIn, world: World, gone: str) -> None:
    """S2."""
    for who, code in ((world.lead, 200), (world.other_coach, 404), (world.admin, 404)):
        assert sign_in(who).get(gone).status_code == code
