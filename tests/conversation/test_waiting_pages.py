"""That a question waits for an answer is said on the first page, and to a protected person's handler."""

import uuid
from datetime import timedelta

from babel.dates import format_date
from sqlalchemy import update

from portal.conversation import rules, service
from portal.conversation.service import Letter
from portal.db import Database
from portal.identity import scope
from portal.identity.models import Person, ProtectedHandler
from portal.plan.queries import promised_day
from tests.conftest import FrozenClock, SignIn
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.world import World

WAITS, LATE = "Din fråga väntar på svar. Vi svarar senast", "Vi är sena. Ring oss om det är bråttom."


def ask(database: Database, world: World, frozen: FrozenClock) -> str:
    """Amina asks something; the day by which she is promised an answer, in words."""
    with database.transaction() as session:
        own = asker_of(session, world.participant)
        service.write(session, own, Letter(uuid.uuid4(), "När ses vi?", "sv"), frozen.moment)
        return format_date(promised_day(session, own, frozen.moment), "EEEE d MMMM", locale="sv")


def test_home_says_by_when_until_there_is_an_answer(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    amina = sign_in(world.participant)
    assert WAITS not in text_of(amina.get("/home"))
    due = ask(database, world, frozen)
    page = amina.get("/home")
    assert f"{WAITS} {due}." in text_of(page)
    assert 'href="/messages"' in page.text
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        reply = Letter(uuid.uuid4(), "På fredag", "sv")
        service.answer(session, coach, world.participant.id, reply, upto=9, now=frozen.moment)
    assert WAITS not in text_of(amina.get("/home"))


def test_the_first_door_says_nothing_of_it(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    """S30"""
    ask(database, world, frozen)
    assert "Din fråga" not in text_of(sign_in(world.participant, tier=1).get("/home"))


def test_a_late_answer_is_said_to_be_late(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    ask(database, world, frozen)
    frozen.move(timedelta(days=20))
    assert LATE in text_of(sign_in(world.participant).get("/home"))


def test_a_wish_to_be_rung_up_is_no_question(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        service.ask_call(session, asker_of(session, world.participant), rules.SOON, frozen.moment)
    assert "Din fråga" not in text_of(sign_in(world.participant).get("/home"))


def test_whoever_is_done_here_waits_for_nothing(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    ask(database, world, frozen)
    with database.transaction() as session:
        stay = scope.current_enrolment(session, world.participant.id)
        assert stay is not None
        stay.closed_on, stay.outcome = frozen.moment.date(), "work"
    assert "Din fråga" not in text_of(sign_in(world.participant).get("/home"))


def test_who_of_the_protected_waits_is_said_to_the_handler_who_reads_it_alone(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    """S37: to nobody else the page exists; an admin who handles them reads no conversation."""
    due = ask(database, world, frozen)
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(protected=True))
        for handler in (world.coach, world.admin):
            session.add(ProtectedHandler(person_id=world.participant.id, handler_id=handler.id))
    page = sign_in(world.coach).get("/staff/protected")
    assert f"Väntar på svar, senast {due}" in text_of(page)
    assert f"/staff/people/{world.participant.id}/conversation" in page.text
    admin = sign_in(world.admin).get("/staff/protected")
    assert world.participant.name in text_of(admin)
    assert "Väntar på svar" not in text_of(admin)
    assert sign_in(world.lead).get("/staff/protected").status_code == 404
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        reply = Letter(uuid.uuid4(), "På fredag", "sv")
        service.answer(session, coach, world.participant.id, reply, upto=9, now=frozen.moment)
    assert "Väntar på svar" not in text_of(sign_in(world.coach).get("/staff/protected"))
