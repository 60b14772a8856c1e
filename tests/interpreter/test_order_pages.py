"""The pages about orders: the list, the file for an agency, finding somebody, an interpreter's own."""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from portal.availability.rules import Span
from portal.booking.models import Appointment
from portal.db import Database
from portal.identity.models import Person, ProtectedHandler
from portal.interpreting import assign_service
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.interpreting.order_rules import OrderWish
from portal.journal.models import JournalRow
from portal.staff import week_queries
from portal.web.asker import Asker
from tests.booking.conftest import AskAs, Tell, ask_as, booked_by_staff, open_world
from tests.conftest import SignIn
from tests.support.ordering import of_staff, order_of, orders_of, outside
from tests.support.pages import Client, text_of
from tests.support.world import World

__all__ = ["ask_as", "booked_by_staff", "open_world"]

LIST = "/staff/interpreter-orders"
OWN = "/staff/my-interpreting"
NEXT = datetime.fromisoformat("2026-12-01T09:00+00:00")
"""Tuesday at ten in Stockholm, a week from now."""
Found = Callable[[], InterpreterOrder]


@pytest.fixture
def meeting(booked_by_staff: Tell) -> Appointment:
    """Karin meets Amina at the library, with somebody who speaks Arabic as in Iraq."""
    wish = OrderWish("=irakiska", "woman")
    return booked_by_staff(NEXT, mode="on_site", place="Biblioteket", interpreter="ar", order=wish)


@pytest.fixture
def order(database: Database, meeting: Appointment) -> Found:
    """`order()`: the open order as it stands."""

    def read() -> InterpreterOrder:
        with database.reading() as session:
            return order_of(session, meeting.id)

    return read


@pytest.fixture
def samir(database: Database, open_world: World, ask_as: AskAs, now: datetime) -> Interpreter:
    """Samir from outside, a man."""
    with database.transaction() as session:
        return outside(session, ask_as(open_world.admin), now, gender="man")


def post(browser: Client, order: InterpreterOrder, act: str, **values: str) -> int:
    return browser.post(f"{LIST}/{order.id}/{act}", data=values).status_code


def test_the_list_says_what_is_missing_and_how_long_there_is(
    sign_in: SignIn, world: World, order: Found
) -> None:
    page = text_of(sign_in(world.coach).get(LIST))
    for told in ("arabiska", "=irakiska", "Biblioteket", "Söker tolk", "Ingen tolk är vald.", "om 7 dagar"):
        assert told in page
    assert "Amina H." in page
    assert "Bråttom" not in page


def test_what_is_late_is_marked(sign_in: SignIn, world: World, booked_by_staff: Tell, now: datetime) -> None:
    booked_by_staff(now + timedelta(days=2), interpreter="so")
    assert "Bråttom" in text_of(sign_in(world.coach).get(LIST))


def test_the_list_is_narrowed_by_state_and_language(
    sign_in: SignIn, world: World, order: Found, booked_by_staff: Tell
) -> None:
    booked_by_staff(NEXT + timedelta(hours=3), interpreter="so")
    browser = sign_in(world.coach)
    for query, seen, unseen in (
        ("language=so", "somaliska ·", "arabiska ·"),
        ("language=ar&state=asked", "arabiska ·", "somaliska ·"),
        ("language=nonsense", "arabiska ·", "aldrig"),
        ("state=confirmed", "Inget möte söker tolk", "arabiska ·"),
    ):
        page = text_of(browser.get(f"{LIST}?{query}"))
        assert seen in page
        assert unseen not in page


def test_an_admin_orders_without_knowing_for_whom_or_where(
    sign_in: SignIn, world: World, order: Found
) -> None:
    browser = sign_in(world.admin)
    for path in (LIST, f"{LIST}/{order().id}", f"{LIST}/text", f"{LIST}/csv"):
        page = browser.get(path).get_data(as_text=True)
        assert "irakiska" in page
        assert not re.search("Amina|Karin|Biblioteket", page)


def test_the_file_for_the_agency_names_nobody_and_runs_nothing(
    sign_in: SignIn, world: World, order: Found, meeting: Appointment, database: Database
) -> None:
    """S27, S42"""
    answer = sign_in(world.coach).get(f"{LIST}/csv?language=ar")
    text = answer.get_data().decode("utf-8-sig")
    (head, row) = csv.reader(io.StringIO(text), delimiter=";")
    told = dict(zip(head, row, strict=True))
    assert told == {
        "Nummer": str(order().id)[:8],
        "Dag": "2026-12-01",
        "Tid": "10.00",
        "Minuter": "60",
        "Språk": "arabiska",
        "Dialekt eller land": "'=irakiska",
        "Önskan om tolken": "Helst en kvinna",
        "Hur tolken är med": "På plats",
        "Plats": "Biblioteket",
    }
    assert "Amina" not in text
    with database.reading() as session:
        lines = session.scalars(select(JournalRow).where(JournalRow.action == "export")).all()
    assert [(line.kind, line.subject_id) for line in lines] == [("interpreter_order", meeting.person_id)]
    assert sign_in(world.coach).get(f"{LIST}/xlsx").get_data()[:2] == b"PK"


def test_the_text_for_the_agency(sign_in: SignIn, world: World, order: Found) -> None:
    page = text_of(sign_in(world.coach).get(f"{LIST}/text"))
    assert "tisdag 1 december klockan 10.00, 60 minuter" in page
    assert "På plats: Biblioteket" in page
    assert "Amina" not in page


def test_one_who_is_free_is_chosen_says_yes_and_another_is_not(
    sign_in: SignIn, world: World, order: Found, samir: Interpreter
) -> None:
    browser = sign_in(world.coach)
    assert "Samir Haddad" in text_of(browser.get(f"{LIST}/{order().id}"))
    assert post(browser, order(), "assign") == 422
    assert post(browser, order(), "assign", interpreter=str(samir.id)) == 303
    assert order().interpreter_id == samir.id
    assert post(browser, order(), "agency", agency="Tolkbyrån") == 422
    assert post(browser, order(), "confirm") == 303
    assert order().state == "confirmed"
    assert "Klart" in text_of(browser.get(LIST))
    assert post(browser, order(), "unsay") == 303
    assert order().state == "assigned"


def test_who_is_elsewhere_or_closed_or_speaks_something_else_is_not_offered(
    sign_in: SignIn, world: World, order: Found, database: Database, ask_as: AskAs, now: datetime
) -> None:
    admin = ask_as(world.admin)
    with database.transaction() as session:
        outside(session, admin, now, "so", name="Fadumo Ali")
        outside(session, admin, now, name="Gamla Tolken").closed_at = now
        of_staff(session, admin, world.coach.id, now)
        of_staff(session, admin, world.other_coach.id, now)
    page = text_of(sign_in(world.coach).get(f"{LIST}/{order().id}"))
    assert not re.search("Fadumo|Gamla|Karin Lund", page)
    assert "Olof Berg" in page
    assert "Utanför sin arbetstid" not in page


def test_an_agency_sends_somebody_and_cannot_after_all(
    sign_in: SignIn, world: World, order: Found, database: Database, meeting: Appointment
) -> None:
    browser = sign_in(world.coach)
    assert post(browser, order(), "agency") == 422
    assert post(browser, order(), "agency", agency="Tolkbyrån", reference="T-17") == 303
    page = text_of(browser.get(LIST))
    assert "Förmedling: Tolkbyrån · T-17" in page
    first = order()
    assert post(browser, first, "decline") == 303
    assert "Tolken kunde inte komma." in text_of(browser.get(LIST))
    assert order().id != first.id


def test_who_was_to_come_is_to_be_told_when_the_meeting_is_off(
    sign_in: SignIn, world: World, order: Found, samir: Interpreter, meeting: Appointment, database: Database
) -> None:
    browser = sign_in(world.coach)
    post(browser, order(), "assign", interpreter=str(samir.id))
    browser.post(f"/staff/people/{meeting.person_id}/meetings/{meeting.id}/cancel", data={"reason": ""})
    assert "Säg till tolken (1)" in text_of(browser.get(LIST))
    with database.reading() as session:
        (off,) = orders_of(session, meeting.id)
    assert post(browser, off, "told") == 303
    assert "Säg till tolken" not in text_of(browser.get(LIST))
    assert post(browser, off, "told", told="no") == 303
    assert "Säg till tolken (1)" in text_of(browser.get(LIST))


def test_of_protected_people_nothing_is_listed_and_their_handler_orders_on_the_meetings_page(
    sign_in: SignIn, world: World, order: Found, database: Database, meeting: Appointment, samir: Interpreter
) -> None:
    """S37"""
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == meeting.person_id).values(protected=True))
        session.add(ProtectedHandler(person_id=meeting.person_id, handler_id=world.coach.id))
    for who in (world.coach, world.lead, world.admin):
        for path in (LIST, f"{LIST}/csv", f"{LIST}/text"):
            assert "irakiska" not in sign_in(who).get(path).get_data(as_text=True)
    assert sign_in(world.lead).get(f"{LIST}/{order().id}").status_code == 404
    browser = sign_in(world.coach)
    assert post(browser, order(), "assign", interpreter=str(samir.id)) == 303


def test_what_leaves_no_trace_is_in_no_file_and_not_the_admins(
    sign_in: SignIn, world: World, booked_by_staff: Tell, database: Database
) -> None:
    """S33"""
    hidden = booked_by_staff(NEXT, interpreter="so", in_portal=False)
    assert "somaliska ·" in text_of(sign_in(world.coach).get(LIST))
    assert "somaliska" not in sign_in(world.coach).get(f"{LIST}/csv").get_data(as_text=True)
    assert "somaliska ·" not in text_of(sign_in(world.admin).get(LIST))
    with database.reading() as session:
        row = order_of(session, hidden.id)
    assert sign_in(world.admin).get(f"{LIST}/{row.id}").status_code == 404


def test_wishes_are_written_on_the_meetings_own_page(
    sign_in: SignIn, world: World, order: Found, meeting: Appointment
) -> None:
    browser = sign_in(world.coach)
    page = f"/staff/people/{meeting.person_id}/meetings/{meeting.id}/interpreter"
    assert "Söker tolk" in text_of(browser.get(page))
    wish = {"language": "ar", "dialect": "syriska", "gender": "none", "way": "phone"}
    assert browser.post(f"{page}/language", data=wish).status_code == 303
    assert (order().dialect, order().gender, order().way) == ("syriska", "none", "phone")


def test_a_booking_has_the_persons_usual_wishes_filled_in(
    sign_in: SignIn, world: World, order: Found
) -> None:
    page = sign_in(world.coach).get(f"/staff/people/{world.participant.id}/meetings/book")
    assert 'value="=irakiska"' in page.get_data(as_text=True)


def test_staff_who_interpret_see_when_and_where_and_never_with_whom(
    sign_in: SignIn, world: World, order: Found, database: Database, ask_as: AskAs, now: datetime
) -> None:
    browser = sign_in(world.translator)
    assert "Du står inte på listan" in text_of(browser.get(OWN))
    admin: Asker = ask_as(world.admin)
    with database.transaction() as session:
        tara = of_staff(session, admin, world.translator.id, now)
        assign_service.assign(session, admin, order().id, tara.id, now)
    page = text_of(browser.get(OWN))
    assert "Biblioteket" in page
    assert not re.search("Amina|Karin", page)
    assert browser.post(f"{OWN}/{order().id}/confirm").status_code == 303
    assert order().state == "confirmed"
    first = order()
    assert browser.post(f"{OWN}/{first.id}/decline").status_code == 303
    assert order().why == "declined"
    assert "Du har inga tolkuppdrag" in text_of(browser.get(OWN))
    assert sign_in(world.coach).post(f"{OWN}/{first.id}/confirm").status_code == 404


def test_the_admin_keeps_the_list_of_interpreters(sign_in: SignIn, world: World, database: Database) -> None:
    browser = sign_in(world.admin)
    base = "/staff/interpreters"
    facts = {"languages": ["ar", "so"], "on_site": "y", "phone": "070-174 06 99", "gender": "woman"}
    for wrong in (
        {},
        {**facts},
        {**facts, "name": "Leila", "languages": []},
        {"name": "L", "languages": "ar"},
    ):
        assert browser.post(f"{base}/new", data=wrong).status_code == 422
    assert browser.post(f"{base}/new", data={**facts, "name": "Leila Saad"}).status_code == 303
    assert browser.post(f"{base}/new", data={**facts, "person": str(world.translator.id)}).status_code == 303
    assert browser.post(f"{base}/new", data={**facts, "person": str(world.translator.id)}).status_code == 422
    with database.reading() as session:
        rows = {row.person_id: row for row in session.scalars(select(Interpreter))}
    leila = rows[None]
    assert (leila.name, leila.phone, leila.gender, leila.by_phone) == (
        "Leila Saad",
        "+46701740699",
        "woman",
        False,
    )
    page = text_of(browser.get(base))
    assert "Tara Språk" in page
    assert "arabiska och somaliska" in page
    changed = {**facts, "name": "Leila Saad", "languages": ["fa"]}
    assert browser.post(f"{base}/{leila.id}", data={**changed, "name": ""}).status_code == 422
    assert browser.post(f"{base}/{leila.id}", data=changed).status_code == 303
    assert browser.post(f"{base}/{leila.id}/close").status_code == 303
    assert "Stängd" in text_of(browser.get(base))
    assert browser.post(f"{base}/{leila.id}/open").status_code == 303
    assert "Stängd" not in text_of(browser.get(base))


def test_a_participant_wishes_for_an_interpreter_and_sees_how_far_they_are_found(
    sign_in: SignIn,
    world: World,
    order: Found,
    meeting: Appointment,
    samir: Interpreter,
    booked_by_staff: Tell,
) -> None:
    """S30: behind the second door."""
    browser, desk = sign_in(world.participant), sign_in(world.coach)
    page = f"/meetings/{meeting.id}"
    assert "En tolk ska vara med: arabiska. Vi söker en tolk." in text_of(browser.get(page))
    post(desk, order(), "assign", interpreter=str(samir.id))
    post(desk, order(), "confirm")
    told = text_of(browser.get(page))
    assert "En tolk ska vara med: arabiska. Vi har en tolk till mötet." in told
    assert "Samir" not in told
    assert browser.post("/me/interpreter", data={"gender": "nonsense"}).status_code == 422
    wish = {"gender": "man", "dialect": "syriska"}
    assert browser.post("/me/interpreter", data=wish).status_code == 303
    assert 'value="syriska"' in browser.get("/me/interpreter").get_data(as_text=True)
    assert order().gender == "woman"
    booked_by_staff(NEXT + timedelta(hours=3), interpreter="ar")
    rows = text_of(desk.get(LIST))
    assert "syriska" in rows
    assert "Helst en man" in rows


def test_a_coach_who_interprets_has_it_in_the_week_and_cannot_block_it(
    sign_in: SignIn, world: World, order: Found, database: Database, ask_as: AskAs, now: datetime
) -> None:
    admin, olof = ask_as(world.admin), world.other_coach
    with database.transaction() as session:
        also = of_staff(session, admin, olof.id, now)
        assign_service.assign(session, admin, order().id, also.id, now)
    browser = sign_in(olof)
    page = text_of(browser.get("/staff/week?from=2026-12-01"))
    assert "Tolkuppdrag" in page
    assert "Amina" not in page
    with database.reading() as session:
        way = week_queries.in_the_way(
            session, ask_as(olof), olof.id, Span(NEXT, NEXT + timedelta(hours=2)), now
        )
    assert [one.kind for one in way] == ["interpreting"]


def test_a_translator_who_interprets_has_hours_of_their_own(
    sign_in: SignIn, world: World, order: Found, database: Database, ask_as: AskAs, now: datetime
) -> None:
    with database.transaction() as session:
        of_staff(session, ask_as(world.admin), world.translator.id, now)
    tara, karin = sign_in(world.translator), sign_in(world.coach)
    page = f"{LIST}/{order().id}"
    for hours, within in (("9", True), ("13", False)):
        week = {"start-1-0": hours, "end-1-0": str(int(hours) + 3)}
        assert tara.post("/staff/availability/week", data=week).status_code == 303
        assert ("Utanför sin arbetstid" in text_of(karin.get(page))) is not within
    told = text_of(tara.get("/staff/availability"))
    assert "De här tiderna kan du tolka." in told
    assert "Frånvaro" not in told
