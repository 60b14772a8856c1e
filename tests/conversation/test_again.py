"""What must hold however people go back, tap twice, write much, or change meanwhile."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.conversation import queries, rules, service, thread_queries
from portal.conversation.models import Message
from portal.conversation.service import Letter
from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.wording.models import SourceText
from tests.conftest import FrozenClock, SignIn
from tests.conversation.conftest import Talk
from tests.plan.conftest import hidden
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.world import World

AT = "/messages"


def at(world: World) -> str:
    return f"/staff/people/{world.participant.id}/conversation"


def write(database: Database, world: World, frozen: FrozenClock, words: str = "När ses vi?") -> uuid.UUID:
    with database.transaction() as session:
        own = asker_of(session, world.participant)
        return service.write(session, own, Letter(uuid.uuid4(), words, "sv"), frozen.moment).id


def call(database: Database, world: World, frozen: FrozenClock) -> uuid.UUID:
    with database.transaction() as session:
        return service.ask_call(
            session, asker_of(session, world.participant), rules.MORNING, frozen.moment
        ).id


def say(database: Database, world: World, frozen: FrozenClock, words: str, language: str = "sv") -> Message:
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        letter = Letter(uuid.uuid4(), words, language)
        return service.answer(session, coach, world.participant.id, letter, upto=10_000, now=frozen.moment)


def test_an_answer_that_is_taken_back_leaves_the_question_waiting(talk: Talk) -> None:
    asked = talk.write("Kan jag få hjälp i dag?")
    said = talk.answer("Till fel person")
    service.take_back(talk.session, talk.coach, talk.person_id, said.id, talk.now)
    talk.session.refresh(asked)
    assert asked.outcome == ""
    assert queries.unanswered(talk.session, talk.coach, talk.now)


def test_what_is_reopened_on_its_own_page_is_on_the_coachs_list_again(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    asked, karin = write(database, world, frozen), sign_in(world.coach)
    handle = f"/staff/people/{world.participant.id}/handle"
    karin.post(handle, data={"outcome": "not_needed", "key": f"message:{asked}"})
    karin.post(f"{at(world)}/{asked}/reopen", data={"at": frozen.moment.isoformat()})
    assert "Svar utlovat" in text_of(karin.get(at(world)))
    assert "Har skrivit" in text_of(karin.get("/staff"))


def test_undo_on_the_list_leaves_what_a_colleague_has_recorded_since(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    wish, karin = call(database, world, frozen), sign_in(world.coach)
    person = f"/staff/people/{world.participant.id}"
    karin.post(f"{person}/handle", data={"outcome": "called", "key": f"message:{wish}"})
    handled = frozen.moment
    frozen.move(timedelta(minutes=5))
    lead = sign_in(world.lead)
    lead.post(f"{at(world)}/{wish}/reopen", data={"at": handled.isoformat()})
    lead.post(f"{at(world)}/{wish}/close", data={"outcome": "booked"})
    with database.reading() as session:
        assert session.get_one(Message, wish).closed_by == world.lead.id
    karin.post(f"{person}/take-back", data={"at": handled.isoformat()})
    with database.reading() as session:
        assert session.get_one(Message, wish).outcome == "booked"


def test_a_wish_for_a_call_ends_when_it_is_no_longer_safe(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    """S34"""
    call(database, world, frozen)
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(sms_unsafe=True))
    told = text_of(sign_in(world.participant).get(AT))
    assert "Vi ringer senast" not in told
    karin = sign_in(world.coach)
    assert "Ring senast" not in text_of(karin.get("/staff"))
    assert "Väntar på svar" not in text_of(karin.get(at(world)))


def test_a_call_that_is_not_safe_is_not_taken_in_by_a_forged_or_old_form(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    """S34: the page that offered it was made before."""
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(sms_unsafe=True))
    sign_in(world.participant).post(f"{AT}/call", data={"when": "soon"})
    with database.reading() as session:
        assert session.scalars(select(Message)).all() == []


@pytest.mark.parametrize("upto", ["99999999999", "9" * 30, "9" * 5000, "-" + "9" * 30, "x", ""])
def test_any_number_may_come_with_having_read(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock, upto: str
) -> None:
    say(database, world, frozen, "Hej")
    assert sign_in(world.participant).post(f"{AT}/read", data={"upto": upto}).status_code == 303


@pytest.mark.parametrize("page", ["9" * 30, "-1", "9" * 5000])
def test_any_page_may_be_asked_for(sign_in: SignIn, world: World, page: str) -> None:
    assert sign_in(world.participant).get(f"{AT}?page={page}").status_code == 200
    assert sign_in(world.coach).get(f"{at(world)}?page={page}").status_code == 200


def test_what_no_page_has_shown_is_not_marked_as_read(talk: Talk) -> None:
    """The oldest stand first, so many as the page holds; the others come when those are read."""
    written = [talk.answer(f"Nummer {number}") for number in range(thread_queries.PAGE_SIZE + 1)]
    thread = talk.own_thread()
    assert [one.id for one in thread.unread] == [one.id for one in written[:-1]]
    service.mark_read(talk.session, talk.own, thread.seen, talk.now)
    assert [one.id for one in talk.own_thread().unread] == [written[-1].id]


def test_what_is_new_stands_on_the_page_that_home_leads_to(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    say(database, world, frozen, "Det viktigaste")
    amina = sign_in(world.participant)
    for _time in range(thread_queries.PAGE_SIZE):
        call_id = call(database, world, frozen)
        amina.post(f"{AT}/{call_id}/call-off")
    assert "Nytt meddelande till dig" in text_of(amina.get("/home"))
    assert "Det viktigaste" in text_of(amina.get(AT))


def test_a_changed_form_that_is_sent_twice_writes_once(talk: Talk) -> None:
    """S40: back, more words, and a double tap."""
    letter_id = uuid.uuid4()
    talk.write("Hej", letter_id=letter_id)
    talk.write("Hej, när ses vi?", letter_id=letter_id)
    talk.write("Hej, när ses vi?", letter_id=letter_id)
    assert len(talk.own_thread().messages.items) == 2


def test_an_answer_resent_after_it_was_taken_back_is_not_sent_again(talk: Talk) -> None:
    """A slow second copy of the form arrives after the undo."""
    letter_id = uuid.uuid4()
    said = talk.answer("Till fel person", letter_id=letter_id)
    service.take_back(talk.session, talk.coach, talk.person_id, said.id, talk.now)
    with pytest.raises(service.TakenBack):
        talk.answer("Till fel person", letter_id=letter_id)
    assert not any(one.text.text for one in talk.own_thread().messages.items)


def test_after_closure_nobody_is_told_to_wait(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    write(database, world, frozen)
    with database.transaction() as session:
        session.execute(
            update(Enrolment)
            .where(Enrolment.person_id == world.participant.id)
            .values(closed_on=frozen.moment.date())
        )
    assert "Väntar på svar" not in text_of(sign_in(world.participant).get(AT))


def test_what_staff_wrote_in_arabic_is_not_called_swedish_to_who_has_changed_language(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(language="ar"))
    say(database, world, frozen, "نلتقي غدًا", "ar")
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(language="en"))
    page = sign_in(world.participant).get(AT).get_data(as_text=True)
    before = page[: page.index("نلتقي غدًا")]
    tag = before[before.rindex("<p") :]
    assert 'lang="sv"' not in tag
    assert 'dir="ltr"' not in tag


def test_arabic_from_somebody_whose_pages_are_swedish_is_not_called_swedish(
    sign_in: SignIn, database: Database, world: World
) -> None:
    client = sign_in(world.participant)
    page = client.get(AT).get_data(as_text=True)
    data = {"words": "متى نلتقي؟", "letter_id": hidden(page, "letter_id"), "upto": hidden(page, "upto")}
    assert client.post(AT, data=data).status_code == 303
    page = sign_in(world.coach).get(at(world)).get_data(as_text=True)
    before = page[: page.index("متى نلتقي؟")]
    assert 'lang="sv"' not in before[before.rindex("<p") :]
    with database.reading() as session:
        assert session.scalars(select(SourceText)).one().wanted


def test_a_wish_for_a_call_that_nobody_met_is_not_called_read(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    wish = call(database, world, frozen)
    sign_in(world.coach).post(f"{at(world)}/{wish}/close", data={"outcome": "not_needed"})
    told = text_of(sign_in(world.participant).get(AT))
    assert "Läst" not in told


def test_a_former_change_of_coach_is_not_said_as_if_it_were_now(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        for to in (world.lead, world.coach):
            service.hand_over(session, coach, world.participant.id, to.id, frozen.moment)
    told = text_of(sign_in(world.participant).get(AT))
    assert f"{world.lead.first_name} blev din coach." in told
    assert f"Din coach heter nu {world.lead.first_name}." not in told


def test_one_person_who_writes_much_is_one_line_on_the_coachs_list(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    for number in range(60):
        write(database, world, frozen, f"{number} " + "ord " * 200)
    karin = sign_in(world.coach)
    page = karin.get("/staff").get_data(as_text=True)
    thread = karin.get(at(world)).get_data(as_text=True)
    assert page.count("Skrev: ") <= 3, (page.count("Skrev: "), len(page), len(thread))
    assert thread.count("Behövs inget svar") <= thread_queries.MOST_WAITING
