"""The participant's page: what is new first, a place to write, when an answer comes, a call in one tap."""

import uuid

import pytest
from sqlalchemy import update

from portal.conversation import service, thread_queries
from portal.conversation.forms import WORDS_MAX
from portal.conversation.service import Letter
from portal.db import Database
from portal.identity.models import Enrolment, Person
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import hidden
from tests.support.objects import asker_of
from tests.support.pages import Client, text_of
from tests.support.world import World

AT = "/messages"


@pytest.fixture
def amina(sign_in: SignIn, world: World) -> Client:
    """Amina's phone."""
    return sign_in(world.participant)


def answer(database: Database, world: World, frozen: FrozenClock, words: str, language: str = "sv") -> None:
    with database.transaction() as session:
        coach, person_id = asker_of(session, world.coach), world.participant.id
        upto = thread_queries.thread(session, coach, person_id).seen
        letter = Letter(uuid.uuid4(), words, language)
        service.answer(session, coach, person_id, letter, upto=upto, now=frozen.moment)


def send(client: Client, words: str, **more: str) -> int:
    page = client.get(AT).get_data(as_text=True)
    data = {"words": words, "letter_id": hidden(page, "letter_id"), "upto": hidden(page, "upto"), **more}
    return client.post(AT, data=data).status_code


def test_nothing_yet_says_what_one_can_do(amina: Client) -> None:
    told = text_of(amina.get(AT))
    for words in (
        "Skriv till Karin",
        "Du får svar senast torsdag 26 november.",
        "Vill du att vi ringer dig?",
        "Ni har inte skrivit till varandra än.",
        "Ta med pappret när vi ses.",
    ):
        assert words in told


def test_what_is_written_waits_for_an_answer_by_a_day(amina: Client) -> None:
    assert send(amina, "När ses vi?") == 303
    told = text_of(amina.get(AT))
    assert "Ditt meddelande är skickat." in told
    assert "När ses vi?" in told
    assert "Väntar på svar, senast torsdag 26 november." in told


def test_the_answer_stands_first_until_it_is_read(
    amina: Client, database: Database, world: World, frozen: FrozenClock
) -> None:
    send(amina, "När ses vi?")
    answer(database, world, frozen, "På torsdag klockan 13.")
    assert "Nytt meddelande till dig" in text_of(amina.get("/home"))
    page = amina.get(AT)
    told = text_of(page)
    assert told.index("På torsdag klockan 13.") < told.index("Skriv här") < told.index("När ses vi?")
    assert "Du har fått svar" in told
    amina.post(f"{AT}/read", data={"upto": hidden(page.get_data(as_text=True), "upto", f"{AT}/read")})
    assert "Nytt meddelande till dig" not in text_of(amina.get("/home"))
    told = text_of(amina.get(AT))
    assert told.index("Skriv här") < told.index("På torsdag klockan 13.")


def test_behind_the_first_door_one_learns_that_there_is_something_and_no_more(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    """S30"""
    answer(database, world, frozen, "Hemligheten")
    client = sign_in(world.participant, tier=1)
    assert "Nytt meddelande till dig" in text_of(client.get("/home"))
    reply = client.get(AT)
    assert reply.status_code == 303
    assert reply.location.startswith("/pin")


def test_a_call_in_one_tap_and_off_again(amina: Client) -> None:
    assert amina.post(f"{AT}/call", data={"when": "morning"}).status_code == 303
    page = amina.get(AT)
    told = text_of(page)
    assert "Du vill att vi ringer på förmiddagen. Vi ringer senast torsdag 26 november." in told
    off = page.get_data(as_text=True).split("/call-off")[0].rsplit('action="', 1)[1]
    amina.post(f"{off}/call-off")
    told = text_of(amina.get(AT))
    assert "Vi ringer inte." in told
    assert "Vill du att vi ringer dig?" in told


def test_a_time_that_is_none_of_ours_is_as_soon_as_we_can(amina: Client) -> None:
    amina.post(f"{AT}/call", data={"when": "midnight"})
    assert "Du vill att vi ringer så snart vi kan." in text_of(amina.get(AT))


@pytest.mark.parametrize("change", [{"sms_unsafe": True}, {"phone_hash": None, "phone_sealed": None}])
def test_nobody_is_offered_a_call_that_is_not_safe_or_cannot_be_made(
    amina: Client, database: Database, world: World, change: dict[str, object]
) -> None:
    """S34"""
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(**change))
    told = text_of(amina.get(AT))
    assert "Vill du att vi ringer dig?" not in told
    assert "Vill du prata? Boka ett möte." in told


@pytest.mark.parametrize(
    ("words", "told"), [("", "Fyll i det här."), ("å" * (WORDS_MAX + 1), "Skriv högst 1000 tecken.")]
)
def test_what_cannot_be_sent_comes_back_with_a_sentence(amina: Client, words: str, told: str) -> None:
    reply = amina.post(AT, data={"words": words, "letter_id": str(uuid.uuid4()), "upto": "rubbish"})
    assert reply.status_code == 422
    assert told in text_of(reply)
    assert words in reply.get_data(as_text=True)


def test_after_closure_one_reads_and_calls(
    amina: Client, database: Database, world: World, frozen: FrozenClock
) -> None:
    send(amina, "Tack för allt")
    with database.transaction() as session:
        session.execute(
            update(Enrolment)
            .where(Enrolment.person_id == world.participant.id)
            .values(closed_on=frozen.moment.date())
        )
    told = text_of(amina.get(AT))
    assert "Tack för allt" in told
    assert "Du är klar hos oss." in told
    assert "Skriv här" not in told
    reply = amina.post(AT, data={"words": "Hallå?", "letter_id": str(uuid.uuid4())})
    assert reply.status_code == 422
    assert "Det går inte att skriva här nu." in text_of(reply)


def test_older_messages_stand_on_further_pages(amina: Client) -> None:
    for number in range(thread_queries.PAGE_SIZE + 2):
        send(amina, f"Meddelande nummer {number}")
    assert "Meddelande nummer 1 " not in text_of(amina.get(AT))
    second = text_of(amina.get(f"{AT}?page=2"))
    assert "Meddelande nummer 0" in second
    assert "Skriv här" not in second


def test_in_arabic_the_swedish_stands_below_and_what_is_not_translated_says_so(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(language="ar"))
    answer(database, world, frozen, "Jag ringer dig i dag.")
    answer(database, world, frozen, "Vi ses vid porten.")
    told = text_of(sign_in(world.participant).get(AT))
    assert told.index("سأتصل بك اليوم.") < told.index("Jag ringer dig i dag.")
    assert "Vi ses vid porten." in told
    assert "هذا غير مترجم بعد." in told


def test_the_language_is_asked_for_where_it_is_not_swedish_anyway(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    assert "Vilket språk skriver du på?" not in text_of(sign_in(world.participant).get(AT))
    with database.transaction() as writing:
        writing.execute(update(Person).where(Person.id == world.participant.id).values(language="en"))
    client = sign_in(world.participant)
    assert "Which language do you write in?" in text_of(client.get(AT))
    assert send(client, "When do we meet?", written="en") == 303
    with database.reading() as session:
        own = asker_of(session, world.participant)
        assert thread_queries.own_thread(session, own, frozen.moment).messages.items[0].language == "en"


def test_where_to_turn_leads_to_writing(amina: Client) -> None:
    assert 'href="/messages"' in amina.get("/turn-to").get_data(as_text=True)
