"""Ordering of an agency by e-mail: what it says, that it is said once, and what it hears of changes."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.booking import service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.models import Person, ProtectedHandler
from portal.interpreter import letter_queries, letter_service
from portal.interpreter.letter_service import OtherThanSeen
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.journal.models import JournalRow
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices.agency_service import KIND
from portal.organisation.models import Organisation
from portal.reminders import service as reminders
from portal.web.asker import Asker
from tests.booking.conftest import AskAs, Tell, ask_as, booked_by_staff, open_world
from tests.conftest import FrozenClock, SignIn
from tests.interpreter.test_order_pages import LIST, NEXT, Found, meeting, order, post, samir
from tests.support.pages import Client, text_of
from tests.support.races import race
from tests.support.world import World

__all__ = ["ask_as", "booked_by_staff", "meeting", "open_world", "order", "samir"]

LETTER = f"{LIST}/letter"
AGENCY = "bokning@tolkbyran.se"
HOUR = timedelta(hours=1)
Act = Callable[[Session, Asker], object]


@pytest.fixture(autouse=True)
def address(database: Database, world: World) -> None:
    """The house has an agency."""
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {"agency_email": AGENCY}


@pytest.fixture
def does(app: Flask, database: Database, ask_as: AskAs, world: World) -> Callable[[Act], None]:
    """`does(act)`: Karin does this, committed."""

    def do(act: Act) -> None:
        karin = ask_as(world.coach)
        with app.app_context(), database.transaction() as session:
            act(session, karin)

    return do


def sent(database: Database) -> list[OutboxMessage]:
    with database.reading() as session:
        wanted = select(OutboxMessage).where(OutboxMessage.kind == KIND)
        return list(session.scalars(wanted.order_by(OutboxMessage.created_at)))


def send(browser: Client) -> int:
    """Read it and send it."""
    found = re.search(r'name="seen" value="(\w+)"', browser.get(LETTER).text)
    return browser.post(LETTER, data={"seen": found[1] if found else ""}).status_code


def says(browser: Client) -> str:
    """What the next e-mail says, from its greeting on."""
    return text_of(browser.get(LETTER)).partition("Hej!")[2]


def arrives(database: Database, state: str = "sent") -> None:
    with database.transaction() as session:
        session.execute(update(OutboxMessage).where(OutboxMessage.state == "queued").values(state=state))


def move(meeting: Appointment, at: datetime, now: datetime) -> Act:
    return lambda session, karin: service.move_for(
        session, karin, meeting.id, Wish(at, "on_site"), now, anyway=True
    )


def test_it_is_read_first_sent_once_and_names_nobody(
    sign_in: SignIn, world: World, order: Found, database: Database, meeting: Appointment
) -> None:
    """S27, S42"""
    browser = sign_in(world.coach)
    assert "Beställningar som förmedlingen inte vet om än: 1 ny." in text_of(browser.get(LIST))
    page = text_of(browser.get(LETTER))
    assert AGENCY in page
    assert send(browser) == 303
    (letter,) = sent(database)
    assert (letter.address, letter.channel) == (AGENCY, "email")
    assert letter.subject_line == "Om tolkbeställningar: Samordningen i Norrby"
    number = str(order().id)[:8]
    assert (
        f"Vi beställer:\n\nBeställning {number}\ntisdag 1 december klockan 10.00, 60 minuter" in letter.body
    )
    assert "På plats: Biblioteket" in letter.body
    assert "Svara till: Karin Lund" in letter.body
    assert "Amina" not in letter.body + letter.subject_line
    with database.reading() as session:
        lines = session.scalars(select(JournalRow).where(JournalRow.action == "export")).all()
    assert [(line.kind, line.subject_id) for line in lines] == [("interpreter_order", meeting.person_id)]
    page = text_of(browser.get(LIST))
    assert "E-posten till förmedlingen är på väg" in page
    assert "förmedlingen inte vet om" not in page
    assert "Det finns inget nytt att skicka" in text_of(browser.get(LETTER))
    arrives(database)
    assert "Beställd hos förmedlingen" in text_of(browser.get(LIST))
    assert browser.post(LETTER, data={"seen": "x"}).status_code == 422
    assert len(sent(database)) == 1


def test_a_new_time_and_a_cancellation_are_told_and_a_yes_to_another_calls_it_off(
    sign_in: SignIn,
    world: World,
    order: Found,
    database: Database,
    meeting: Appointment,
    does: Callable[[Act], None],
    samir: Interpreter,
    now: datetime,
) -> None:
    browser = sign_in(world.coach)
    send(browser)
    arrives(database)
    does(move(meeting, NEXT + HOUR, now))
    assert says(browser).startswith(" Ändrat. Så här är det nu:")
    assert "klockan 11.00, 60 minuter" in says(browser)
    send(browser)
    arrives(database)
    assert "Det finns inget nytt" in text_of(browser.get(LETTER))
    assert post(browser, order(), "assign", interpreter=str(samir.id)) == 303
    assert says(browser).startswith(" Vi avbokar:")
    assert post(browser, order(), "let-go") == 303
    assert "Det finns inget nytt" in text_of(browser.get(LETTER))
    does(lambda session, karin: service.cancel_for(session, karin, meeting.id, "", now))
    number = str(order_id(database, meeting))[:8]
    assert f"Vi avbokar: Beställning {number}, tisdag 1 december klockan 11.00" in says(browser)
    assert "Säg till tolken (1)" in text_of(browser.get(LIST))
    send(browser)
    assert "Säg till tolken" not in text_of(browser.get(LIST))
    assert [one.body.count("Beställning ") for one in sent(database)] == [1, 1, 1]
    does(lambda session, karin: service.restore_for(session, karin, meeting.id, now, anyway=True))
    assert says(browser).startswith(" Vi beställer:")


def order_id(database: Database, meeting: Appointment) -> object:
    with database.reading() as session:
        return session.scalars(
            select(InterpreterOrder.id).where(InterpreterOrder.meeting_id == meeting.id)
        ).one()


def test_whoever_is_told_in_another_way_is_not_written_to(
    sign_in: SignIn,
    world: World,
    order: Found,
    database: Database,
    meeting: Appointment,
    does: Callable[[Act], None],
    now: datetime,
) -> None:
    browser, row = sign_in(world.coach), order()
    send(browser)
    does(lambda session, karin: service.cancel_for(session, karin, meeting.id, "", now))
    assert post(browser, row, "told") == 303
    assert "Det finns inget nytt" in text_of(browser.get(LETTER))
    assert post(browser, row, "told", told="no") == 303
    assert says(browser).startswith(" Vi avbokar:")
    assert post(browser, row, "told") == 303
    does(lambda session, karin: service.restore_for(session, karin, meeting.id, now, anyway=True))
    assert says(browser).startswith(" Vi beställer:")


def test_an_agency_that_sends_somebody_hears_of_a_new_time(
    sign_in: SignIn,
    world: World,
    order: Found,
    database: Database,
    meeting: Appointment,
    does: Callable[[Act], None],
    now: datetime,
) -> None:
    browser = sign_in(world.coach)
    send(browser)
    arrives(database)
    assert post(browser, order(), "agency", agency="Tolkbyrån", reference="T-1") == 303
    assert post(browser, order(), "confirm") == 303
    assert "Det finns inget nytt" in text_of(browser.get(LETTER))
    does(move(meeting, NEXT + HOUR, now))
    assert order().state == "changed"
    assert says(browser).startswith(" Ändrat.")


def test_whoever_was_to_come_and_the_agency_are_told_each_in_their_way(
    sign_in: SignIn,
    world: World,
    order: Found,
    database: Database,
    meeting: Appointment,
    does: Callable[[Act], None],
    samir: Interpreter,
    now: datetime,
) -> None:
    """Samir came in the place of the agency's: when the meeting is off, both are to know it."""
    browser, row = sign_in(world.coach), order()
    send(browser)
    arrives(database)
    post(browser, row, "assign", interpreter=str(samir.id))
    does(lambda session, karin: service.cancel_for(session, karin, meeting.id, "", now))
    assert says(browser).startswith(" Vi avbokar:")
    send(browser)
    assert "Säg till tolken (1)" in text_of(browser.get(LIST))
    assert post(browser, row, "told") == 303
    assert "Säg till tolken" not in text_of(browser.get(LIST))
    assert "Det finns inget nytt" in text_of(browser.get(LETTER))


def test_telling_whoever_was_to_come_tells_the_agency_nothing(
    sign_in: SignIn,
    world: World,
    order: Found,
    database: Database,
    meeting: Appointment,
    does: Callable[[Act], None],
    samir: Interpreter,
    now: datetime,
) -> None:
    browser, row = sign_in(world.coach), order()
    send(browser)
    arrives(database)
    post(browser, row, "assign", interpreter=str(samir.id))
    does(lambda session, karin: service.cancel_for(session, karin, meeting.id, "", now))
    assert post(browser, row, "told") == 303
    assert says(browser).startswith(" Vi avbokar:")


def test_an_agency_that_says_no_is_not_told_so(
    sign_in: SignIn, world: World, order: Found, database: Database
) -> None:
    browser = sign_in(world.coach)
    send(browser)
    arrives(database)
    assert post(browser, order(), "agency", agency="Tolkbyrån", reference="T-1") == 303
    assert post(browser, order(), "decline") == 303
    assert says(browser).startswith(" Vi beställer:")
    assert "avbokar" not in says(browser)


@pytest.mark.parametrize("state, word", [("failed", "kom inte fram"), ("expired", "hann inte skickas")])
def test_what_did_not_arrive_stands_in_the_next_one(
    sign_in: SignIn, world: World, order: Found, database: Database, state: str, word: str
) -> None:
    browser = sign_in(world.coach)
    send(browser)
    arrives(database, state)
    assert f"E-posten till förmedlingen {word}" in text_of(browser.get(LIST))
    assert says(browser).startswith(" Vi beställer:")
    send(browser)
    assert len(sent(database)) == 2


def test_what_may_have_arrived_is_sent_again_when_staff_say_so(
    sign_in: SignIn, world: World, order: Found, database: Database
) -> None:
    browser = sign_in(world.coach)
    assert post(browser, order(), "name-again") == 422
    send(browser)
    arrives(database, "unknown")
    assert "Det finns inget nytt" in text_of(browser.get(LETTER))
    assert "Har förmedlingen inte fått e-posten?" in text_of(browser.get(f"{LIST}/{order().id}"))
    assert post(browser, order(), "name-again") == 303
    assert says(browser).startswith(" Vi beställer:")


def test_what_has_changed_since_it_was_read_is_read_first(
    sign_in: SignIn,
    world: World,
    order: Found,
    database: Database,
    meeting: Appointment,
    does: Callable[[Act], None],
    now: datetime,
) -> None:
    browser = sign_in(world.coach)
    found = re.search(r'name="seen" value="(\w+)"', browser.get(LETTER).text)
    assert found
    does(move(meeting, NEXT + HOUR, now))
    answer = browser.post(LETTER, data={"seen": found[1]})
    assert answer.status_code == 422
    assert "Något har ändrats. Läs mejlet igen" in text_of(answer)
    assert "klockan 11.00" in text_of(answer)
    assert not sent(database)


def test_an_admin_orders_without_the_place_which_a_coach_adds(
    sign_in: SignIn, world: World, order: Found, database: Database
) -> None:
    admin, coach = sign_in(world.admin), sign_in(world.coach)
    assert "Biblioteket" not in says(admin)
    assert "Platsen säger vi senare." in says(admin)
    send(admin)
    arrives(database)
    assert "Ändrat. Så här är det nu:" in says(coach)
    assert "Biblioteket" in says(coach)
    send(coach)
    arrives(database)
    for browser in (admin, coach):
        assert "Det finns inget nytt" in text_of(browser.get(LETTER))


def test_nobody_hears_of_what_leaves_no_trace_or_is_in_no_list(
    sign_in: SignIn, world: World, order: Found, database: Database, booked_by_staff: Tell
) -> None:
    """S33, S37"""
    booked_by_staff(NEXT + 3 * HOUR, interpreter="so", in_portal=False)
    browser = sign_in(world.coach)
    assert "somaliska" not in says(browser)
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(protected=True))
        session.add(ProtectedHandler(person_id=world.participant.id, handler_id=world.coach.id))
    assert "Det finns inget nytt" in text_of(browser.get(LETTER))


def test_without_an_address_it_says_who_writes_one(
    sign_in: SignIn, world: World, order: Found, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {}
    for browser, more in ((sign_in(world.coach), False), (sign_in(world.admin), True)):
        page = text_of(browser.get(LETTER))
        assert "Ingen har skrivit in förmedlingens e-postadress." in page
        assert ("Till inställningarna" in page) == more
        assert "Skicka till förmedlingen" not in page
        assert send(browser) == 422
    assert not sent(database)


def test_it_leaves(sign_in: SignIn, world: World, order: Found, database: Database, now: datetime) -> None:
    """Whatever has become of the orders meanwhile: the next one says that."""
    order()
    send(sign_in(world.coach))
    (letter,) = sent(database)
    with database.reading() as session:
        assert reminders.check(session, letter, now) == messaging.Go()


def test_it_is_in_swedish_whoever_sends_it(
    sign_in: SignIn, world: World, order: Found, database: Database
) -> None:
    order()
    with database.transaction() as session:
        session.get_one(Person, world.coach.id).language = "ar"
    browser = sign_in(world.coach)
    assert 'lang="ar"' in browser.get(LETTER).text
    send(browser)
    (letter,) = sent(database)
    assert "tisdag 1 december klockan 10.00" in letter.body
    assert "Språk: arabiska\nDialekt eller land: =irakiska\nHelst en kvinna" in letter.body


def test_twenty_who_send_at_once_send_one(
    app: Flask,
    database: Database,
    world: World,
    ask_as: AskAs,
    order: Found,
    frozen: FrozenClock,
) -> None:
    """S49"""
    order()
    karin, now = ask_as(world.coach), frozen.moment
    with app.app_context(), database.reading() as session:
        seen = letter_queries.letter(session, karin, now).seen

    def act(session: Session, number: int) -> None:
        with app.app_context():
            letter_service.send(session, karin, seen, now)

    assert race(database, act, 20) == {"written": 1, OtherThanSeen.__name__: 19}
    assert len(sent(database)) == 1


def test_a_restored_meeting_is_ordered_again_of_the_agency_that_had_it(
    sign_in: SignIn,
    world: World,
    order: Found,
    database: Database,
    meeting: Appointment,
    does: Callable[[Act], None],
    now: datetime,
) -> None:
    browser = sign_in(world.coach)
    send(browser)
    arrives(database)
    assert post(browser, order(), "agency", agency="Tolkbyrån", reference="T-1") == 303
    assert post(browser, order(), "confirm") == 303
    does(lambda session, karin: service.cancel_for(session, karin, meeting.id, "", now))
    send(browser)
    arrives(database)
    does(lambda session, karin: service.restore_for(session, karin, meeting.id, now, anyway=True))
    assert order().by_agency
    assert says(browser).startswith(" Vi beställer:")


def test_the_interpreter_whom_the_agency_sends_is_not_called_off(
    sign_in: SignIn, world: World, order: Found, database: Database, samir: Interpreter
) -> None:
    with database.transaction() as session:
        session.get_one(Interpreter, samir.id).agency = "Tolkbyrån"
    browser = sign_in(world.coach)
    send(browser)
    arrives(database)
    assert post(browser, order(), "assign", interpreter=str(samir.id)) == 303
    assert "Det finns inget nytt" in text_of(browser.get(LETTER))


def test_looking_at_the_list_reads_no_order_that_it_does_not_show(
    sign_in: SignIn, world: World, order: Found, database: Database
) -> None:
    """S42"""
    order()
    sign_in(world.coach).get(f"{LIST}?language=so")
    with database.reading() as session:
        read = select(JournalRow).where(JournalRow.kind == "interpreter_order", JournalRow.action == "read")
        assert session.scalars(read).all() == []
