"""A participant's e-mail address and own hours, as a browser without JavaScript meets them."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.db import Database
from portal.identity.models import Person
from portal.messaging.models import OutboxMessage
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import Client, text_of
from tests.support.world import World

ADDRESS = "amina@example.org"


@pytest.fixture
def phone(sign_in: SignIn, world: World) -> Client:
    return sign_in(world.participant)


def stored(database: Database, world: World) -> Person:
    with database.reading() as session:
        return session.get_one(Person, world.participant.id)


def digits(database: Database) -> str:
    with database.reading() as session:
        rows = select(OutboxMessage).order_by(OutboxMessage.created_at.desc()).limit(1)
        found = re.search(r"[0-9]{6}", session.scalars(rows).one().body)
    assert found
    return found[0]


def test_from_an_address_to_being_told_by_e_mail(phone: Client, database: Database, world: World) -> None:
    page = phone.get("/me/reach")
    assert "Med e-post" not in text_of(page)
    assert 'href="/me/email"' in page.text
    assert phone.post("/me/email", data={"email": "Amina@Example.org "}).location == "/me/email/code"
    page = phone.get("/me/email/code")
    assert ADDRESS in page.text
    right = digits(database)
    typed = phone.post("/me/email/code", data={"code": f"{right[:3]} {right[3:]}"})
    assert typed.location == "/me/reach"
    page = phone.get("/me/reach")
    assert "Nu kan du välja e-post här." in text_of(page)
    assert "Med e-post" in text_of(page)
    assert phone.post("/me/reach", data={"way": "email"}).location == "/me/reach"
    person = stored(database, world)
    assert (person.way, person.email) == ("email", ADDRESS)
    assert "Det här står i din e-post" in text_of(phone.get("/me/reach"))
    assert phone.post("/me/email/remove").location == "/me/reach"
    person = stored(database, world)
    assert (person.way, person.email) == ("sms", "")


@pytest.mark.parametrize(
    "typed, told",
    [
        ("amina", "Det är ingen e-postadress."),
        ("", "Fyll i det här."),
        ("amina@exämple.org", "en adress med å, ä, ö"),
        ("amina@example.org\r\nBcc: x@example.org", "Det är ingen e-postadress."),
    ],
)
def test_what_is_no_address_is_told_beside_the_field(phone: Client, typed: str, told: str) -> None:
    answer = phone.post("/me/email", data={"email": typed})
    assert answer.status_code == 422
    assert told in text_of(answer)
    if typed == "amina":
        assert 'value="amina"' in answer.text


def test_another_code_counts_and_is_told_beside_the_field(phone: Client, database: Database) -> None:
    phone.post("/me/email", data={"email": ADDRESS})
    right = digits(database)
    assert phone.post("/me/email/code", data={"code": "12"}).status_code == 422
    wrong = f"{(int(right) + 1) % 10**6:06}"
    answers = [phone.post("/me/email/code", data={"code": wrong}).location for _ in range(5)]
    assert answers == [*["/me/email/code?wrong=1"] * 4, "/me/email"]
    assert phone.post("/me/email/code", data={"code": right}).location == "/me/email"
    assert "Koden gäller inte längre." in text_of(phone.get("/me/email"))
    phone.post("/me/email", data={"email": ADDRESS})
    assert "Det var en annan kod." in text_of(phone.get("/me/email/code?wrong=1"))
    for _ in range(3):
        phone.post("/me/email", data={"email": ADDRESS})
    answer = phone.post("/me/email", data={"email": ADDRESS})
    assert answer.status_code == 422
    assert "Vänta till i morgon." in text_of(answer)


def test_a_way_that_is_not_offered_cannot_be_chosen(
    phone: Client, app: Flask, database: Database, world: World
) -> None:
    app.config["STIGEN"] = replace(app.config["STIGEN"], sms_provider="46elks")
    for way in ("email", "voice"):
        assert phone.post("/me/reach", data={"way": way}).status_code == 422
    assert stored(database, world).way == "sms"


def test_without_a_mail_server_it_is_not_offered(
    phone: Client, app: Flask, database: Database, world: World, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        person = session.get_one(Person, world.participant.id)
        person.email, person.email_confirmed_at = ADDRESS, frozen.moment
    settings = app.config["STIGEN"]
    app.config["STIGEN"] = replace(settings, sms_provider="twilio", smtp_host="")
    page = phone.get("/me/reach")
    assert "e-post" not in text_of(page).lower()
    assert phone.get("/me/email").status_code == 404
    assert phone.post("/me/email", data={"email": ADDRESS}).status_code == 404
    assert phone.post("/me/reach", data={"way": "email"}).status_code == 422


@pytest.mark.parametrize("path", ["/me/email", "/me/email/code", "/me/hours"])
def test_behind_the_second_door_alone(sign_in: SignIn, world: World, path: str) -> None:
    """S30, S35: whoever holds the phone changes nothing."""
    answer = sign_in(world.participant, tier=1).get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/pin")


def test_nobody_who_is_not_safe_is_sent_a_code(phone: Client, database: Database, world: World) -> None:
    """S34"""
    with database.transaction() as session:
        session.execute(update(Person).values(sms_unsafe=True))
    assert phone.post("/me/email", data={"email": ADDRESS}).location == "/me/reach"
    with database.reading() as session:
        assert session.scalars(select(OutboxMessage)).all() == []


def test_own_hours_within_the_houses(phone: Client, database: Database, world: World) -> None:
    assert "mellan klockan 08.00 och 20.00" in text_of(phone.get("/me/reach"))
    page = phone.get("/me/hours")
    assert "Vi skriver aldrig före klockan 08.00 eller efter klockan 20.00." in text_of(page)
    assert phone.post("/me/hours", data={"earliest": "10", "latest": "17"}).location == "/me/reach"
    person = stored(database, world)
    assert (person.earliest_hour, person.latest_hour) == (10, 17)
    assert "mellan klockan 10.00 och 17.00" in text_of(phone.get("/me/reach"))
    assert '<option selected value="17">17.00' in phone.get("/me/hours").text
    for data in ({"earliest": "12", "latest": "12"}, {"earliest": "7", "latest": "9"}, {"earliest": "9"}):
        assert phone.post("/me/hours", data=data).status_code == 422
    wrong = phone.post("/me/hours", data={"earliest": "15", "latest": "11"})
    assert "Välj en senare tid här än i rutan före." in text_of(wrong)
    assert '<option selected value="15">' in wrong.text
    phone.post("/me/hours", data={"earliest": "8", "latest": "20"})
    person = stored(database, world)
    assert (person.earliest_hour, person.latest_hour) == (None, None), (
        "as the house has it, whatever it becomes"
    )
