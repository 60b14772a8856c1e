"""Orders of meetings that leave no trace, or whose people no list has; and all of them for an agency."""

import pytest
from sqlalchemy import update

from portal.booking.models import Appointment
from portal.db import Database
from portal.identity.models import Person, ProtectedHandler
from portal.interpreter import order_queries
from portal.interpreting import assign_service
from portal.interpreting.order_models import Interpreter
from tests.booking.conftest import AskAs, Tell, ask_as, booked_by_staff, open_world
from tests.conftest import SignIn
from tests.interpreter.conftest import HOUR
from tests.interpreter.test_order_pages import LIST, NEXT, OWN, Found, meeting, order, post, samir
from tests.support.ordering import of_staff, order_of, orders_of
from tests.support.pages import text_of
from tests.support.world import World

__all__ = ["ask_as", "booked_by_staff", "meeting", "open_world", "order", "samir"]
ABOUT = "tolk till dina möten"


def test_nobody_is_seen_to_have_read_of_a_meeting_that_leaves_no_trace(
    sign_in: SignIn, world: World, booked_by_staff: Tell, database: Database, ask_as: AskAs
) -> None:
    """S33: the list, the files, and the interpreter's own page."""
    hidden = booked_by_staff(NEXT, interpreter="ar", in_portal=False)
    with database.transaction() as session:
        tara = of_staff(session, ask_as(world.admin), world.translator.id, hidden.booked_at)
        karin, order = ask_as(world.coach), order_of(session, hidden.id)
        assign_service.assign(session, karin, order.id, tara.id, hidden.booked_at)
    coach, me = sign_in(world.coach), sign_in(world.participant)
    for path in (LIST, f"{LIST}/csv", f"{LIST}/text"):
        coach.get(path)
    sign_in(world.translator).get(OWN)
    assert ABOUT not in text_of(me.get("/me/looked"))
    booked_by_staff(NEXT + 2 * HOUR, interpreter="ar")
    coach.get(LIST)
    assert ABOUT in text_of(me.get("/me/looked"))


def test_on_the_meetings_page_its_handler_says_that_the_interpreter_knows(
    sign_in: SignIn, world: World, order: Found, database: Database, meeting: Appointment, samir: Interpreter
) -> None:
    """S37: in no list, so on the page of the meeting, which the cancelled meeting leads to."""
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == meeting.person_id).values(protected=True))
        session.add(ProtectedHandler(person_id=meeting.person_id, handler_id=world.coach.id))
    browser, base = sign_in(world.coach), f"/staff/people/{meeting.person_id}/meetings"
    page = f"{base}/{meeting.id}/interpreter"
    post(browser, order(), "assign", interpreter=str(samir.id))
    assert "Säg till tolken (" not in text_of(browser.get(page))
    browser.post(f"{base}/{meeting.id}/cancel", data={"reason": ""})
    assert "Säg till tolken (" not in text_of(browser.get(LIST))
    assert page in browser.get(base).text
    shown = browser.get(page)
    assert "Säg till tolken (1)" in text_of(shown)
    assert "Samir Haddad" in text_of(shown)
    with database.reading() as session:
        (off,) = orders_of(session, meeting.id)
    assert f'action="{LIST}/{off.id}/told"' in shown.text
    told = browser.post(f"{LIST}/{off.id}/told", data={"to": "meeting"})
    assert (told.status_code, told.location) == (303, page)
    assert "Säg till tolken (" not in text_of(browser.get(page))
    assert sign_in(world.lead).get(page).status_code == 404


def test_an_agency_is_asked_for_all_however_long_the_list_is(
    sign_in: SignIn, world: World, booked_by_staff: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_queries, "MOST", 1)
    for hours in (0, 2, 4):
        booked_by_staff(NEXT + hours * HOUR, interpreter="so")
    browser = sign_in(world.coach)
    assert text_of(browser.get(LIST)).count("somaliska ·") == 1
    assert browser.get(f"{LIST}/csv").get_data().decode().count("somaliska") == 3
    assert text_of(browser.get(f"{LIST}/text")).count("somaliska") >= 3
