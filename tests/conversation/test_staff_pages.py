"""Staff's side: what waits, an answer, what came of it, what is translated, and who sees what when."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.conversation import rules, service, thread_queries
from portal.conversation.service import Letter
from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.wording import service as wording
from portal.wording.models import SourceText
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import hidden
from tests.support.objects import asker_of
from tests.support.pages import Client, text_of
from tests.support.world import World

WRITTEN = "När ses vi?"


@pytest.fixture
def at(world: World) -> str:
    """The address of Amina's conversation."""
    return f"/staff/people/{world.participant.id}/conversation"


@pytest.fixture
def karin(sign_in: SignIn, world: World) -> Client:
    """Karin's desk."""
    return sign_in(world.coach)


@pytest.fixture
def written(database: Database, world: World, frozen: FrozenClock) -> uuid.UUID:
    """Amina has written."""
    return write(database, world, frozen, WRITTEN)


def write(
    database: Database, world: World, frozen: FrozenClock, words: str, language: str = "sv"
) -> uuid.UUID:
    with database.transaction() as session:
        own = asker_of(session, world.participant)
        return service.write(session, own, Letter(uuid.uuid4(), words, language), frozen.moment).id


def call(database: Database, world: World, frozen: FrozenClock) -> uuid.UUID:
    with database.transaction() as session:
        own = asker_of(session, world.participant)
        return service.ask_call(session, own, rules.MORNING, frozen.moment).id


def send(client: Client, at: str, **typed: str) -> int:
    page = client.get(at).get_data(as_text=True)
    data = {"letter_id": hidden(page, "letter_id"), "upto": hidden(page, "upto"), **typed}
    return client.post(at, data=data).status_code


def speak(database: Database, world: World, language: str) -> None:
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(language=language))


def test_what_waits_stands_first_with_the_promised_day(karin: Client, at: str, written: uuid.UUID) -> None:
    told = text_of(karin.get(at))
    assert told.index("Svar utlovat senast torsdag 26 november") < told.index("Allt som är skrivet")
    assert WRITTEN in told


def test_an_answer_ends_the_waiting(karin: Client, at: str, written: uuid.UUID) -> None:
    assert send(karin, at, words="På torsdag.") == 303
    told = text_of(karin.get(at))
    assert "Svar utlovat" not in told
    assert "Besvarat" in told
    assert "Inte läst än" in told


def test_a_ready_answer_is_there_in_every_language_at_once(
    karin: Client, at: str, written: uuid.UUID, database: Database, world: World
) -> None:
    speak(database, world, "ar")
    assert send(karin, at, words="", phrase="reply-call-today", written="ar") == 303
    told = text_of(karin.get(at))
    assert "Jag ringer dig i dag." in told
    assert "سأتصل بك اليوم." in told
    assert "inte översatt än" not in told


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"words": ""}, "Fyll i det här."),
        ({"words": "Hej", "phrase": "reply-yes"}, "Du har både valt en färdig text och skrivit en egen."),
    ],
)
def test_what_cannot_be_sent_comes_back_with_a_sentence(
    karin: Client, at: str, typed: dict[str, str], told: str
) -> None:
    reply = karin.post(at, data={"letter_id": str(uuid.uuid4()), "upto": "0", **typed})
    assert reply.status_code == 422
    assert told in text_of(reply)


def test_what_came_of_it_is_recorded_without_writing_and_taken_back(
    karin: Client, at: str, database: Database, world: World, frozen: FrozenClock
) -> None:
    wish = call(database, world, frozen)
    assert "Vill bli uppringd på förmiddagen." in text_of(karin.get(at))
    karin.post(f"{at}/{wish}/close", data={"outcome": "called"})
    assert "Ringt" in text_of(karin.get(at))
    assert f"{at}/{wish}/reopen" in karin.get(at).get_data(as_text=True)
    karin.post(f"{at}/{wish}/reopen", data={"at": frozen.moment.isoformat()})
    assert "Svar utlovat" in text_of(karin.get(at))


def test_words_sent_to_the_wrong_person_are_taken_back(karin: Client, at: str) -> None:
    send(karin, at, words="Till fel person")
    page = karin.get(at).get_data(as_text=True)
    message = page.split("/take-back")[0].rsplit("/", 1)[1]
    karin.post(f"{at}/{message}/take-back")
    told = text_of(karin.get(at))
    assert "Till fel person" not in told
    assert "Meddelandet är borttaget." in told


def test_staff_are_told_when_no_sms_says_that_they_have_written(
    karin: Client, at: str, database: Database, world: World
) -> None:
    assert "Inget skickas till personen" not in text_of(karin.get(at))
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(way="call"))
    assert "Inget skickas till personen om att du har skrivit." in text_of(karin.get(at))


def test_the_coachs_morning_says_what_was_written_and_leads_there(
    karin: Client, at: str, written: uuid.UUID
) -> None:
    page = karin.get("/staff")
    assert "Har skrivit" in text_of(page)
    assert WRITTEN in text_of(page)
    assert f'href="{at}"' in page.get_data(as_text=True)


def test_handled_on_the_list_it_is_answered_there_too_and_comes_back(
    karin: Client, at: str, written: uuid.UUID, world: World, database: Database, frozen: FrozenClock
) -> None:
    handle = f"/staff/people/{world.participant.id}/handle"
    karin.post(handle, data={"outcome": "not_needed", "key": f"message:{written}"})
    assert "Behövs inget svar" in text_of(karin.get(at))
    assert "Har skrivit" not in text_of(karin.get("/staff"))
    karin.post(f"/staff/people/{world.participant.id}/take-back", data={"at": frozen.moment.isoformat()})
    assert "Har skrivit" in text_of(karin.get("/staff"))
    assert "Svar utlovat" in text_of(karin.get(at))


def test_the_lead_sees_what_nobody_has_answered_in_time(
    sign_in: SignIn, written: uuid.UUID, frozen: FrozenClock, world: World
) -> None:
    """Promised for Thursday: on Friday it is late."""
    lead = sign_in(world.lead)
    assert "Alla har fått svar i tid." in text_of(lead.get("/staff"))
    assert WRITTEN not in text_of(lead.get("/staff"))
    frozen.move(timedelta(days=3))
    told = text_of(sign_in(world.lead).get("/staff"))
    assert "1 deltagare har inte fått svar i tid." in told
    assert WRITTEN in told


def test_nobody_waits_for_an_answer_after_closure(
    karin: Client, written: uuid.UUID, database: Database, world: World, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        session.execute(
            update(Enrolment)
            .where(Enrolment.person_id == world.participant.id)
            .values(closed_on=frozen.moment.date())
        )
    assert "Har skrivit" not in text_of(karin.get("/staff"))


def test_what_is_written_in_another_language_is_translated_to_swedish(
    sign_in: SignIn, at: str, database: Database, world: World, frozen: FrozenClock
) -> None:
    """A translator sees the words and not whose they are; staff read the Swedish first."""
    speak(database, world, "ar")
    write(database, world, frozen, "متى نلتقي؟", "ar")
    karin = sign_in(world.coach)
    assert "Inte översatt till svenska än." in text_of(karin.get(at))
    translator = sign_in(world.translator)
    desk = translator.get("/staff/translations?language=sv")
    assert "متى نلتقي؟" in text_of(desk)
    assert world.participant.name not in desk.get_data(as_text=True)
    with database.reading() as session:
        text = session.query(SourceText).one()
        tara = asker_of(session, world.translator)
    page = translator.get(f"/staff/translations/{text.id}/sv")
    told = text_of(page)
    assert "På arabiska" in told
    assert "Översätt till svenska" in told
    with database.transaction() as session:
        seen = hidden(page.get_data(as_text=True), "seen")
        wording.write(session, tara, text.id, "sv", text=WRITTEN, confirm=True, seen=seen, now=frozen.moment)
    told = text_of(karin.get(at))
    assert told.index(WRITTEN) < told.index("متى نلتقي؟")
    assert "Skrev: " in text_of(karin.get("/staff"))
    assert translator.get(f"/staff/translations/{text.id}/ar").status_code == 404


def test_copying_what_is_new_takes_along_what_was_written(
    karin: Client, at: str, written: uuid.UUID, world: World, frozen: FrozenClock
) -> None:
    send(karin, at, words="På torsdag.")
    told = text_of(karin.get(f"/staff/people/{world.participant.id}/copy"))
    assert f"Amina H.: {WRITTEN}" in told
    assert "Karin: På torsdag." in told


def test_another_coach_goes_on_where_the_first_one_was(
    sign_in: SignIn, at: str, written: uuid.UUID, database: Database, world: World, frozen: FrozenClock
) -> None:
    lead = sign_in(world.lead)
    to = f"{world.lead.id} {world.here.team.id}"
    lead.post(f"/staff/people/{world.participant.id}/handover", data={"coach": to})
    assert sign_in(world.coach).get(at).status_code == 404
    assert WRITTEN in text_of(lead.get(at))
    assert "Har skrivit" in text_of(lead.get("/staff"))
    with database.reading() as session:
        own = asker_of(session, world.participant)
        latest = thread_queries.own_thread(session, own, frozen.moment).messages.items[0]
    assert (latest.kind, latest.by) == (rules.COACH, world.lead.first_name)
    told = text_of(sign_in(world.participant).get("/messages"))
    assert f"{world.lead.first_name} blev din coach." in told
