"""Ordering of an agency by e-mail: what it says, that it is said once, and what it hears of changes."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.identity.models import Person
from portal.interpreting.order_models import Interpreter
from portal.journal.models import JournalRow
from portal.messaging import rules as messaging
from portal.organisation.models import Organisation
from portal.reminders import service as reminders
from tests.booking.conftest import Tell, ask_as, booked_by_staff, open_world
from tests.conftest import SignIn
from tests.interpreter.agency import (
    AGENCY,
    LETTER,
    NOTHING,
    Desk,
    address,
    arrives,
    desk,
    protect,
    says,
    send,
    sent,
)
from tests.interpreter.test_order_pages import LIST, NEXT, Found, meeting, order, post, samir
from tests.support.pages import text_of
from tests.support.world import World

__all__ = ["address", "ask_as", "booked_by_staff", "desk", "meeting", "open_world", "order", "samir"]

pytestmark = pytest.mark.usefixtures("address")
HOUR = timedelta(hours=1)


def test_it_is_read_first_sent_once_and_names_nobody(desk: Desk, database: Database) -> None:
    """S27, S42"""
    assert "Beställningar som förmedlingen inte vet om än: 1 ny." in desk.listed()
    page = text_of(desk.browser.get(LETTER))
    assert AGENCY in page
    assert send(desk.browser) == 303
    (letter,) = sent(database)
    assert (letter.address, letter.channel) == (AGENCY, "email")
    assert letter.subject_line == "Om tolkbeställningar: Samordningen i Norrby"
    number = str(desk.last().id)[:8]
    assert (
        f"Vi beställer:\n\nBeställning {number}\ntisdag 1 december klockan 10.00, 60 minuter" in letter.body
    )
    assert "På plats: Biblioteket" in letter.body
    assert "Svara till: Karin Lund" in letter.body
    assert "Amina" not in letter.body + letter.subject_line
    with database.reading() as session:
        lines = session.scalars(select(JournalRow).where(JournalRow.action == "export")).all()
    assert [(line.kind, line.subject_id) for line in lines] == [("interpreter_order", desk.meeting.person_id)]
    page = desk.listed()
    assert "E-posten till förmedlingen är på väg" in page
    assert "förmedlingen inte vet om" not in page
    assert desk.says() == NOTHING
    arrives(database)
    assert "Beställd hos förmedlingen" in desk.listed()
    assert desk.browser.post(LETTER, data={"seen": "x"}).status_code == 422
    assert len(sent(database)) == 1


def test_a_new_time_and_a_cancellation_are_told_and_a_yes_to_another_calls_it_off(
    desk: Desk, database: Database, samir: Interpreter
) -> None:
    desk.send()
    desk.move(NEXT + HOUR)
    assert desk.says().startswith("Ändrat. Så här är det nu:")
    assert "klockan 11.00, 60 minuter" in desk.says()
    desk.send()
    assert desk.says() == NOTHING
    desk.posts("assign", interpreter=str(samir.id))
    assert desk.says().startswith("Vi avbokar:")
    desk.posts("let-go")
    assert desk.says() == NOTHING
    desk.cancel()
    number = str(desk.last().id)[:8]
    assert f"Vi avbokar: Beställning {number}, tisdag 1 december klockan 11.00" in desk.says()
    assert "Säg till tolken (1)" in desk.listed()
    desk.send("queued")
    assert "Säg till tolken" not in desk.listed()
    assert [one.body.count("Beställning ") for one in sent(database)] == [1, 1, 1]
    arrives(database)
    desk.restore()
    assert desk.says().startswith("Vi beställer:")


def test_whoever_is_told_in_another_way_is_not_written_to(desk: Desk) -> None:
    desk.send()
    desk.cancel()
    desk.posts("told")
    assert desk.says() == NOTHING
    desk.posts("told", told="no")
    assert desk.says().startswith("Vi avbokar:")
    desk.posts("told")
    desk.restore()
    assert desk.says().startswith("Vi beställer:")


def test_nothing_more_is_said_of_an_order_until_its_e_mail_has_left(desk: Desk, database: Database) -> None:
    desk.send("queued")
    desk.cancel()
    assert desk.says() == NOTHING
    assert "Säg till tolken" not in desk.listed()
    arrives(database)
    assert "Säg till tolken (1)" in desk.listed()
    assert desk.says().startswith("Vi avbokar:")


def test_a_change_that_did_not_arrive_leaves_what_the_agency_knew(desk: Desk) -> None:
    desk.send()
    desk.move(NEXT + HOUR)
    desk.send("failed")
    assert desk.says().startswith("Ändrat.")
    desk.cancel()
    assert "Säg till tolken (1)" in desk.listed()
    assert desk.says().startswith("Vi avbokar:")


@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_a_cancellation_that_may_not_have_arrived_can_be_told_by_phone(desk: Desk, state: str) -> None:
    desk.send()
    desk.cancel()
    desk.send(state)
    assert desk.says().startswith("Vi avbokar:") == (state == "failed")
    assert "Säg till tolken (1)" in desk.listed()
    desk.posts("told")
    assert "Säg till tolken" not in desk.listed()
    assert desk.says() == NOTHING


def test_an_agency_that_says_on_the_phone_who_comes_is_not_ordered_of_again(desk: Desk) -> None:
    desk.send("failed")
    desk.posts("agency", agency="Tolkbyrån", reference="T-1")
    assert desk.says() == NOTHING


def test_what_is_off_at_the_agency_is_not_said_to_be_ordered_there(desk: Desk, samir: Interpreter) -> None:
    desk.send()
    desk.posts("assign", interpreter=str(samir.id))
    desk.send()
    page = text_of(desk.browser.get(f"{LIST}/{desk.last().id}"))
    assert "Avbokad hos förmedlingen" in page
    assert "Beställd hos förmedlingen" not in page


def test_what_is_said_again_says_what_the_agency_knows(desk: Desk) -> None:
    desk.send()
    desk.move(NEXT + HOUR)
    desk.send("unknown")
    desk.posts("name-again")
    assert desk.says().startswith("Ändrat.")
    desk.cancel()
    assert desk.says().startswith("Vi avbokar:")


def test_an_agency_that_sends_somebody_hears_of_a_new_time(desk: Desk) -> None:
    desk.send()
    desk.posts("agency", agency="Tolkbyrån", reference="T-1")
    desk.posts("confirm")
    assert desk.says() == NOTHING
    desk.move(NEXT + HOUR)
    assert desk.last().state == "changed"
    assert desk.says().startswith("Ändrat.")


def test_whoever_was_to_come_and_the_agency_are_told_each_in_their_way(
    desk: Desk, samir: Interpreter
) -> None:
    """Samir came in the place of the agency's: when the meeting is off, both are to know it."""
    desk.send()
    desk.posts("assign", interpreter=str(samir.id))
    desk.cancel()
    assert desk.says().startswith("Vi avbokar:")
    desk.send("queued")
    assert "Säg till tolken (1)" in desk.listed()
    desk.posts("told")
    assert "Säg till tolken" not in desk.listed()
    assert desk.says() == NOTHING


def test_telling_whoever_was_to_come_tells_the_agency_nothing(desk: Desk, samir: Interpreter) -> None:
    desk.send()
    desk.posts("assign", interpreter=str(samir.id))
    desk.cancel()
    desk.posts("told")
    assert desk.says().startswith("Vi avbokar:")


def test_an_agency_that_says_no_is_not_told_so(desk: Desk) -> None:
    desk.send()
    desk.posts("agency", agency="Tolkbyrån", reference="T-1")
    desk.posts("decline")
    assert desk.says().startswith("Vi beställer:")
    assert "avbokar" not in desk.says()


@pytest.mark.parametrize("state, word", [("failed", "kom inte fram"), ("expired", "hann inte skickas")])
def test_what_did_not_arrive_stands_in_the_next_one(
    desk: Desk, database: Database, state: str, word: str
) -> None:
    desk.send(state)
    assert f"E-posten till förmedlingen {word}" in desk.listed()
    assert desk.says().startswith("Vi beställer:")
    desk.send("queued")
    assert len(sent(database)) == 2


def test_what_may_have_arrived_is_sent_again_when_staff_say_so(desk: Desk) -> None:
    assert post(desk.browser, desk.last(), "name-again") == 422
    desk.send("unknown")
    assert desk.says() == NOTHING
    assert "Har förmedlingen inte fått e-posten?" in text_of(desk.browser.get(f"{LIST}/{desk.last().id}"))
    desk.posts("name-again")
    assert desk.says().startswith("Vi beställer:")


def test_what_has_changed_since_it_was_read_is_read_first(desk: Desk, database: Database) -> None:
    found = re.search(r'name="seen" value="(\w+)"', desk.browser.get(LETTER).text)
    assert found
    desk.move(NEXT + HOUR)
    answer = desk.browser.post(LETTER, data={"seen": found[1]})
    assert answer.status_code == 422
    assert "Något har ändrats. Läs mejlet igen" in text_of(answer)
    assert "klockan 11.00" in text_of(answer)
    assert not sent(database)


def test_an_admin_orders_without_the_place_which_a_coach_adds(
    sign_in: SignIn, world: World, desk: Desk, database: Database
) -> None:
    admin, coach = sign_in(world.admin), desk.browser
    assert "Biblioteket" not in says(admin)
    assert "Platsen säger vi senare." in says(admin)
    send(admin)
    arrives(database)
    assert "Ändrat. Så här är det nu:" in says(coach)
    assert "Biblioteket" in says(coach)
    send(coach)
    arrives(database)
    for browser in (admin, coach):
        assert says(browser) == NOTHING
    desk.move(NEXT + HOUR)
    assert "Platsen har ni fått. Ändras den säger vi det." in says(admin)
    send(admin)
    arrives(database)
    assert says(coach) == NOTHING


def test_nobody_hears_of_what_leaves_no_trace_or_is_in_no_list(
    sign_in: SignIn, world: World, order: Found, database: Database, booked_by_staff: Tell
) -> None:
    """S33, S37"""
    booked_by_staff(NEXT + 3 * HOUR, interpreter="so", in_portal=False)
    browser = sign_in(world.coach)
    assert "somaliska" not in says(browser)
    protect(database, world)
    assert says(browser) == NOTHING


def test_whoever_handles_a_protected_identity_is_told_to_ring_the_agency(
    desk: Desk, world: World, database: Database
) -> None:
    """S37: an order that the agency has by e-mail is in none any longer."""
    ring = "Ring dem om något har ändrats, eller ändras."
    desk.send()
    own = f"{LIST}/{desk.last().id}"
    assert ring not in text_of(desk.browser.get(own))
    protect(database, world)
    for page in (own, f"/staff/people/{desk.meeting.person_id}/meetings/{desk.meeting.id}/interpreter"):
        assert ring in text_of(desk.browser.get(page))
    assert "Har förmedlingen inte fått e-posten?" not in text_of(desk.browser.get(own))
    assert post(desk.browser, desk.last(), "name-again") == 422


def test_nobody_is_to_be_told_of_an_order_whose_e_mail_never_left(desk: Desk) -> None:
    desk.send("failed")
    desk.cancel()
    assert "Säg till tolken" not in desk.listed()
    assert desk.says() == NOTHING


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


def test_it_leaves_but_for_whoever_no_e_mail_names(
    desk: Desk, world: World, database: Database, now: datetime
) -> None:
    """S37. Whatever else has become of the orders meanwhile: the next one says that."""
    desk.send("queued")
    desk.move(NEXT + HOUR)
    (letter,) = sent(database)
    with database.reading() as session:
        assert reminders.check(session, letter, now) == messaging.Go()
    protect(database, world)
    with database.reading() as session:
        assert reminders.check(session, letter, now) == messaging.Drop("changed")


def test_a_protected_meeting_that_is_off_is_told_by_phone_of_its_own_page(
    desk: Desk, world: World, database: Database
) -> None:
    """S37: also where the agency knows an earlier time than the last e-mail said."""
    desk.send()
    desk.move(NEXT + HOUR)
    desk.send("failed")
    protect(database, world)
    desk.cancel()
    page = f"/staff/people/{desk.meeting.person_id}/meetings/{desk.meeting.id}/interpreter"
    assert "Säg till tolken (1)" in text_of(desk.browser.get(page))


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


def test_a_restored_meeting_is_ordered_again_of_the_agency_that_had_it(desk: Desk) -> None:
    desk.send()
    desk.posts("agency", agency="Tolkbyrån", reference="T-1")
    desk.posts("confirm")
    desk.cancel()
    desk.send()
    desk.restore()
    assert (desk.last().by_agency, desk.last().state) == (True, "changed")
    assert desk.says().startswith("Vi beställer:")


def test_the_interpreter_whom_the_agency_sends_is_not_called_off_and_their_no_is_not_told_it(
    desk: Desk, database: Database, samir: Interpreter
) -> None:
    with database.transaction() as session:
        session.get_one(Interpreter, samir.id).agency = "Tolkbyrån"
    desk.send()
    desk.posts("assign", interpreter=str(samir.id))
    assert desk.says() == NOTHING
    desk.posts("decline")
    assert desk.says().startswith("Vi beställer:")
    assert "avbokar" not in desk.says()


def test_looking_at_the_list_reads_no_order_that_it_does_not_show(
    sign_in: SignIn, world: World, order: Found, database: Database
) -> None:
    """S42"""
    order()
    sign_in(world.coach).get(f"{LIST}?language=so")
    with database.reading() as session:
        read = select(JournalRow).where(JournalRow.kind == "interpreter_order", JournalRow.action == "read")
        assert session.scalars(read).all() == []
