"""A participant's own choices of how to be reached, as a browser without JavaScript meets them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.config import ELKS, Settings
from portal.db import Database
from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from tests.conftest import FrozenClock, SignIn
from tests.support import meetings, outbox
from tests.support.pages import Client, text_of
from tests.support.signing_in import give_pin
from tests.support.world import World

DAY = timedelta(days=1)


@pytest.fixture
def phone(sign_in: SignIn, world: World) -> Client:
    return sign_in(world.participant)


def stored(database: Database, world: World) -> Person:
    with database.reading() as session:
        return session.get_one(Person, world.participant.id)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def test_me_leads_to_every_choice(phone: Client) -> None:
    page = phone.get("/me")
    assert 'href="/me/reach"' in page.text
    assert 'href="/me/unsafe"' in page.text
    assert "En fråga" not in text_of(page)
    assert "Du ser en fråga i taget." in text_of(page)
    assert phone.post("/me/reading", data={"way": "page"}).location == "/me"
    assert "Du ser alla frågor på en sida." in text_of(phone.get("/me"))


def test_a_call_instead_of_sms(phone: Client, database: Database, world: World) -> None:
    assert "Med SMS" in text_of(phone.get("/me/reach"))
    assert phone.post("/me/reach", data={"way": "pigeon"}).status_code == 422
    assert phone.post("/me/reach", data={"way": "call"}).location == "/me/reach"
    assert stored(database, world).way == "call"
    page = text_of(phone.get("/me/reach"))
    assert "Sparat." in page
    assert "Det här står i dina SMS" not in page
    phone.post("/me/reach", data={"way": "sms"})
    assert stored(database, world).way == "sms"


def test_a_voice_is_offered_where_one_can_ring(phone: Client, database: Database, world: World) -> None:
    page = text_of(phone.get("/me/reach"))
    assert "En röst ringer mig och säger tiden" in page
    assert "Rösten ringer bara om dina möten, och bara på dagen." in page
    assert phone.post("/me/reach", data={"way": "voice"}).location == "/me/reach"
    assert stored(database, world).way == "voice"
    assert "Det här säger rösten Till exempel: Kom ihåg" in text_of(phone.get("/me/reach"))
    assert "klockan 13 noll noll." in text_of(phone.get("/me/reach"))
    chosen = re.findall(r"<input[^>]*checked[^>]*>", phone.get("/me/reach").text)
    assert any('value="voice"' in one for one in chosen)
    phone.application.config["STIGEN"] = replace(
        phone.application.config["STIGEN"], sms_provider="46elks", elks_sender="Portalen"
    )
    assert phone.post("/me/reach", data={"way": "sms"}).location == "/me/reach"
    page = text_of(phone.get("/me/reach"))
    assert "röst" not in page.casefold()
    assert phone.post("/me/reach", data={"way": "voice"}).status_code == 422


def test_more_is_said_only_after_the_very_text_was_seen(
    phone: Client, database: Database, world: World, frozen: FrozenClock
) -> None:
    """S31: the text about the next meeting, as it will be sent."""
    with database.transaction() as session:
        person = session.get_one(Person, world.participant.id)
        made = meetings.add_meeting(session, person, world.coach, frozen.moment + 2 * DAY, frozen.moment)
        made.place = "Storgatan 1"
    page = phone.get("/me/sms/text?place=y&coach=y")
    said = (
        "Kom ihåg: Du har ett möte torsdag 26 november klockan 09.00. Du träffar Karin. Plats: Storgatan 1."
    )
    assert said in text_of(page)
    assert "Till exempel" not in text_of(page)
    form = {name: hidden(page.text, name) for name in ("place", "coach", "seen")}
    refused = phone.post("/me/sms", data={**form, "coach": ""})
    assert refused.status_code == 422
    assert "Texten har ändrats. Läs den igen." in text_of(refused)
    assert phone.post("/me/sms", data={"place": "y", "coach": "y"}).status_code == 422
    assert not stored(database, world).sms_place
    assert phone.post("/me/sms", data=form).location == "/me/reach"
    assert stored(database, world).sms_place
    assert stored(database, world).sms_coach
    assert said in text_of(phone.get("/me/reach"))


def test_without_a_meeting_an_example_is_shown(phone: Client) -> None:
    text = text_of(phone.get("/me/sms/text?place=y&coach=y"))
    assert "Till exempel:" in text
    assert "onsdag 25 november klockan 13.00. Du träffar Karin. Plats: Storgatan 1." in text


def test_it_is_taken_back_in_one_tap(phone: Client, database: Database, world: World) -> None:
    page = phone.get("/me/sms/text?place=y")
    phone.post("/me/sms", data={name: hidden(page.text, name) for name in ("place", "coach", "seen")})
    assert "/me/sms/less" in phone.get("/me/reach").text
    assert phone.post("/me/sms/less").location == "/me/reach"
    assert not stored(database, world).sms_place
    assert "/me/sms/less" not in phone.get("/me/reach").text


@pytest.mark.parametrize("path", ["/me/reach", "/me/sms", "/me/sms/text?place=y&coach=y"])
def test_behind_the_second_door_alone(sign_in: SignIn, world: World, path: str) -> None:
    """S30, S31: whoever holds the phone chooses nothing, and reads neither place nor name."""
    answer = sign_in(world.participant, tier=1).get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/pin")


def test_sms_is_not_safe_one_tap_and_a_yes(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    """S34: at the first door too; it says plainly how to come in from then on, and this session stays."""
    give_pin(database, world.participant)
    here, elsewhere = sign_in(world.participant, tier=1), sign_in(world.participant)
    with database.transaction() as session:
        outbox.put(session, frozen.moment, recipient_id=world.participant.id)
        outbox.put_code(session, frozen.moment, recipient_id=world.participant.id)
    asks = text_of(here.get("/me/unsafe"))
    assert "Ring oss och be om en kod 010-123 45 67" in asks
    assert "Samtalet syns i telefonen." in asks
    assert "Be din coach om en kod." in asks
    assert "Skriv koden och din pinkod." in asks
    assert here.post("/me/unsafe").location == "/me/unsafe"
    assert stored(database, world).sms_unsafe
    with database.reading() as session:
        assert set(session.scalars(select(OutboxMessage.state))) == {messaging.CANCELLED}
    page = here.get("/me/unsafe")
    assert re.search(r'href="tel:\d+"', page.text), "whom to ring when one does not come in"
    after = text_of(page)
    assert "Ring från en annan telefon." in after
    assert "Vi skickar inget till dig" in after
    assert "Ring oss och be om en kod 010-123 45 67" in after
    assert "Skriv koden och din pinkod." in after
    assert elsewhere.get("/me").status_code == 303
    lifting = here.post("/me/safe")
    assert lifting.location.startswith("/pin")
    assert stored(database, world).sms_unsafe, "whoever holds the phone does not bring SMS back"


def test_with_the_pin_sms_come_again(phone: Client, database: Database, world: World) -> None:
    """S34"""
    phone.post("/me/unsafe")
    assert "Vi skickar inget och ringer inte." in text_of(phone.get("/me/reach"))
    assert phone.post("/me/safe").location == "/me/reach"
    assert not stored(database, world).sms_unsafe


def test_who_has_no_pin_is_told_that_the_coach_must_be_there(sign_in: SignIn, world: World) -> None:
    text = text_of(sign_in(world.participant, tier=1).get("/me/unsafe"))
    assert "välj en pinkod. Din coach måste vara med första gången." in text


def test_what_one_can_answer_stands_there_in_ones_own_language(
    phone: Client, database: Database, world: World
) -> None:
    page = text_of(phone.get("/me/reach"))
    for word in ("JA: Du kommer till mötet.", "AVBOKA:", "STOPP:", "START:", "Du kan också skriva en fråga."):
        assert word in page
    assert "Svara JA om du kommer." in page, "the very text of the reminder"
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).language = "ar"
    assert "نعم" in text_of(phone.get("/me/reach"))


def test_what_an_e_mail_says_asks_for_no_answer(phone: Client, database: Database, world: World) -> None:
    """JA is an SMS."""
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).way = "email"
    for at in ("/me/reach", "/me/sms/text"):
        page = text_of(phone.get(at))
        assert "Kom ihåg: Du har ett möte" in page
        assert "Svara JA" not in page


def test_where_our_sms_come_from_a_name_nothing_is_said_of_answering(
    phone: Client, app: Flask, settings: Settings
) -> None:
    app.config["STIGEN"] = replace(settings, sms_provider=ELKS, elks_sender="Portalen")
    page = text_of(phone.get("/me/reach"))
    assert "Det här står i dina SMS" in page
    assert "AVBOKA" not in page
    assert "Svara JA" not in page
