"""A participant's e-mail address and hours, as their coach helps with them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import Database
from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from tests.conftest import FrozenClock, SignIn
from tests.support import outbox
from tests.support.pages import Client, text_of
from tests.support.world import World

ADDRESS = "amina@example.org"
DAY = timedelta(days=1)


@pytest.fixture
def coach(sign_in: SignIn, world: World) -> Client:
    return sign_in(world.coach)


@pytest.fixture
def at(world: World) -> str:
    return f"/staff/people/{world.participant.id}"


def stored(database: Database, world: World) -> Person:
    with database.reading() as session:
        return session.get_one(Person, world.participant.id)


def test_the_coach_writes_the_address_and_the_digits_that_are_read_out(
    coach: Client, at: str, database: Database, world: World
) -> None:
    page = coach.get(f"{at}/reach")
    assert f'href="{at}/email"' in page.text
    assert "E-post går att välja när personen har en adress som är bekräftad." in text_of(page)
    assert coach.post(f"{at}/email", data={"email": "amina"}).status_code == 422
    assert coach.post(f"{at}/email", data={"email": ADDRESS}).location == f"{at}/email"
    assert "En kod är skickad till den här adressen: amina@example.org" in text_of(coach.get(f"{at}/email"))
    with database.reading() as session:
        found = re.search(r"[0-9]{6}", session.scalars(select(OutboxMessage)).one().body)
    assert found
    wrong = f"{(int(found[0]) + 1) % 10**6:06}"
    assert coach.post(f"{at}/email/code", data={"code": wrong}).location == f"{at}/email?wrong=1"
    assert "Det var en annan kod." in text_of(coach.get(f"{at}/email?wrong=1"))
    assert coach.post(f"{at}/email/code", data={"code": found[0]}).location == f"{at}/reach"
    assert stored(database, world).email == ADDRESS
    assert coach.post(f"{at}/reach", data={"way": "email"}).location == f"{at}/reach"
    assert stored(database, world).way == "email"
    assert coach.post(f"{at}/email/remove").location == f"{at}/reach"
    assert (stored(database, world).way, stored(database, world).email) == ("sms", "")


def test_without_a_mail_server_staff_read_why(
    coach: Client, at: str, app: Flask, database: Database, world: World
) -> None:
    app.config["STIGEN"] = replace(app.config["STIGEN"], sms_provider="twilio", smtp_host="")
    told = text_of(coach.get(f"{at}/reach"))
    assert "Ingen e-postserver är inställd. Därför går e-post inte att välja." in told
    assert coach.get(f"{at}/email").status_code == 404
    assert coach.post(f"{at}/reach", data={"way": "email"}).status_code == 422


def test_hours_of_a_participant(coach: Client, at: str, database: Database, world: World) -> None:
    assert coach.post(f"{at}/reach/hours", data={"earliest": "10", "latest": "17"}).location == f"{at}/reach"
    assert (stored(database, world).earliest_hour, stored(database, world).latest_hour) == (10, 17)
    wrong = coach.post(f"{at}/reach/hours", data={"earliest": "15", "latest": "11"})
    assert wrong.status_code == 422
    assert "Välj en senare tid här än i rutan före." in text_of(wrong)


def test_e_mail_that_does_not_arrive_is_shown_as_e_mail(
    coach: Client, at: str, database: Database, world: World, frozen: FrozenClock
) -> None:
    """S36: the morning list, what did not arrive, the person's messages and how they are reached."""
    with database.transaction() as session:
        person = session.get_one(Person, world.participant.id)
        person.email, person.email_confirmed_at, person.way = ADDRESS, frozen.moment - DAY, "email"
        about = {"recipient_id": person.id, "organisation_id": person.organisation_id}
        for state, code in ((messaging.SENT, ""), (messaging.FAILED, "smtp 550")):
            row = outbox.put(session, frozen.moment, channel="email", address=ADDRESS, **about)
            row.state, row.error_code = state, code
        row.changed_at = frozen.moment + timedelta(microseconds=1)
    morning = text_of(coach.get("/staff"))
    assert "E-post kommer inte fram" in morning
    assert "Den senaste e-posten kom inte fram" in morning
    trouble = text_of(coach.get("/staff/sending-today"))
    assert "Fråga personen om rätt e-postadress." in trouble
    messages = text_of(coach.get(f"{at}/messages"))
    assert "Skickat. E-post berättar inte om det kom fram." in messages
    assert "E-postadressen fungerar inte." in messages
    assert "räknas som" not in messages
    reach = text_of(coach.get(f"{at}/reach"))
    assert "amina@example.org Fungerar inte" in reach
    assert "Det senaste SMS:et kom inte fram" not in reach
