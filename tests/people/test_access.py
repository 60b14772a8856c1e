"""What an admin reads about how somebody gets in, and numbers that leave protected people out."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Person, ProtectedHandler
from portal.identity.people import access_queries
from portal.identity.session_models import PinRequest, WebSession
from portal.journal import service as journal
from portal.journal.models import JournalRow
from tests.conftest import SignIn
from tests.support.objects import asker_of
from tests.support.pages import Client, text_of
from tests.support.world import World


def access_page(sign_in: SignIn, world: World) -> str:
    """The page as the admin reads it."""
    return text_of(sign_in(world.admin).get(f"/staff/people/{world.participant.id}/access"))


@pytest.mark.parametrize("how, word", [("in_person", "på plats"), ("verified_call", "i ett samtal")])
def test_the_page_says_who_confirmed_the_number_and_how(
    sign_in: SignIn, world: World, how: str, word: str
) -> None:
    """S35"""
    assert "Numret bekräftadestisdag 24 novemberPinkoden" in access_page(sign_in, world)
    changed = {"phone": "070-174 06 90", "confirmed": how}
    sign_in(world.admin).post(f"/staff/people/{world.participant.id}/number", data=changed)
    assert f"Numret bekräftadestisdag 24 november, Adam Sjö, {word}" in access_page(sign_in, world)


def test_coming_back_confirms_no_number(session: Session, world: World, now: datetime) -> None:
    """S35: only who took the number down is named, not who enrols the same person again."""
    admin = asker_of(session, world.admin)
    journal.note(session, admin, action="change", kind="number_in_person", subject=world.participant.id)
    journal.note(session, admin, action="change", kind="enrolled", subject=world.participant.id)
    journal.write(session, journal.take_notes(session), now)
    found = access_queries.number_confirmed(session, admin, world.participant)
    assert found is not None
    assert found.how == "in_person"


def test_the_page_says_who_let_the_person_choose_a_pin(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    """S13"""
    assert "Pinkoden valdesInte än" in access_page(sign_in, world)
    sign_in(world.participant)
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).pin_chosen_at = now
    assert "Pinkoden valdestisdag 24 november" in access_page(sign_in, world)
    with database.transaction() as session:
        theirs = session.scalars(select(WebSession.id).where(WebSession.person_id == world.participant.id))
        session.add(
            PinRequest(
                person_id=world.participant.id,
                session_id=theirs.one(),
                shown_code="12",
                asked_at=now,
                expires_at=now,
                confirmed_at=now,
                confirmed_by=world.coach.id,
                confirmed_how="desk",
                used_at=now,
            )
        )
    assert "Pinkoden valdestisdag 24 november, Karin Lund, på plats" in access_page(sign_in, world)


def test_a_coachs_number_of_participants_leaves_the_protected_out(
    sign_in: SignIn, world: World, database: Database
) -> None:
    """S37"""
    path = f"/staff/members/{world.coach.id}"
    assert "coach för 2 deltagare" in text_of(sign_in(world.admin).get(path))
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).protected = True
        session.add(ProtectedHandler(person_id=world.participant.id, handler_id=world.lead.id))
    assert "coach för 1 deltagare" in text_of(sign_in(world.admin).get(path))
    assert "1 deltagare" in text_of(sign_in(world.admin).get("/staff/members"))


def test_every_name_on_a_list_of_people_is_in_the_journal(
    sign_in: SignIn, world: World, database: Database
) -> None:
    """S42"""
    sign_in(world.coach).get("/staff/people")
    with database.reading() as session:
        rows = session.scalars(select(JournalRow).where(JournalRow.kind == "people_list")).all()
        assert {row.subject_id for row in rows} == {world.participant.id, world.second_participant.id}
        assert {row.actor_id for row in rows} == {world.coach.id}


def test_the_page_about_us_says_what_an_admin_reads(client: Client, world: World) -> None:
    page = text_of(client.get("/about?at=norrby"))
    assert "En administratör kan läsa ditt namn, ditt nummer" in page
    assert "kan inte läsa dina möten, din plan eller dina svar" in page


def test_an_admin_at_the_pin_is_offered_no_page_that_does_not_open(sign_in: SignIn, world: World) -> None:
    base = f"/staff/people/{world.participant.id}"
    page = sign_in(world.admin).get(f"{base}/pin")
    assert f'href="{base}/plan"' not in page.text
    assert f'href="{base}/enrolment"' in page.text
    assert f'href="{base}/plan"' in sign_in(world.coach).get(f"{base}/pin").text


def test_what_cannot_be_taken_back_is_behind_a_second_tap(
    sign_in: SignIn, world: World, database: Database
) -> None:
    page = sign_in(world.admin).get(f"/staff/members/{world.coach.id}").text
    first_tap = page.index("<summary>Gör en ny inloggning")
    assert first_tap < page.index("Ja, gör en ny") < page.index("</details>", first_tap)
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).protected = True
        session.add(ProtectedHandler(person_id=world.participant.id, handler_id=world.lead.id))
    page = sign_in(world.lead).get(f"/staff/protected/{world.participant.id}").text
    assert page.index("<summary>Ta bort skyddet") < page.index("Ja, ta bort skyddet")
    enrolment = sign_in(world.lead).get(f"/staff/people/{world.participant.id}/enrolment")
    assert "En administratör byter det" not in text_of(enrolment)


def test_who_cannot_be_shut_out_is_told_at_the_top_of_the_form(sign_in: SignIn, world: World) -> None:
    answer = sign_in(world.admin).post(f"/staff/members/{world.admin.id}/disable")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Du kan inte stänga av dig själv." in text_of(answer)
