"""What an admin reads about how somebody gets in, and numbers that leave protected people out."""

from datetime import datetime

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.identity.models import Person, ProtectedHandler
from portal.identity.session_models import PinRequest, WebSession
from portal.journal.models import JournalRow
from tests.conftest import SignIn
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
