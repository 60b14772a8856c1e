"""The page of the day's calls, and its buttons; as many questions to the database for many as for few."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from portal.booking.models import Appointment
from portal.conversation import service as conversation
from portal.conversation.models import Message
from portal.conversation.rules import SOON
from portal.db import Database
from portal.identity.models import Person
from portal.staff.models import Attention, CallTry
from tests.conftest import FrozenClock, SignIn
from tests.journeys.test_selects import STAFF, counted
from tests.support import meetings
from tests.support.objects import asker_of
from tests.support.pages import Client, text_of
from tests.support.world import World, add_participant

PAGE = "/staff/calls"
DAY = timedelta(days=1)
EMPTY = "Ingen att ringa just nu."


@pytest.fixture
def meeting(database: Database, world: World, now: datetime) -> str:
    """Amina, who wants to be rung up and reads Arabic, has a meeting tomorrow; the call's key."""
    with database.transaction() as session:
        values = {"way": "call", "language": "ar"}
        session.execute(update(Person).where(Person.id == world.participant.id).values(**values))
        made = meetings.add_meeting(session, world.participant, world.coach, now + DAY, now - 9 * DAY)
    return f"call:{made.id}:{made.revision}:remind"


def press(browser: Client, world: World, act: str, **data: object) -> str:
    answer = browser.post(f"/staff/people/{world.participant.id}/calls/{act}", data=data)
    assert answer.status_code == 303
    return text_of(browser.get(answer.location))


def test_whom_to_ring_and_what_to_say(world: World, sign_in: SignIn, meeting: str) -> None:
    page = sign_in(world.coach).get(PAGE)
    said = text_of(page)
    assert "Ring och påminn om mötet onsdag 25 november klockan 09.00." in said
    assert "Kom ihåg: Du har ett möte onsdag 25 november klockan 09.00." in said
    assert "På listan sedan tisdag 24 november klockan 07.00." in said
    assert '<a href="tel:+46701740605">' in page.text
    assert re.search(r'lang="ar" dir="rtl">[^<]*\u2066?09:00', page.text)


def test_told_undone_and_told_in_vain(
    world: World, sign_in: SignIn, meeting: str, database: Database, frozen: FrozenClock
) -> None:
    karin = sign_in(world.coach)
    said = press(karin, world, "told", key=meeting)
    assert "är borta från listan" in said
    assert EMPTY in said
    assert "Klart i dag (1)" in said
    with database.reading() as session:
        at = session.scalars(select(Attention)).one().handled_at
    assert "Att ringa (1)" in press(karin, world, "take-back", at=at.isoformat())
    assert "Svarade inte 1 gång" in press(karin, world, "no-answer", key=meeting, seen=0)
    frozen.move(timedelta(minutes=10))
    assert "Svarade inte 2 gånger" in press(karin, world, "no-answer", key=meeting, seen=1)
    with database.reading() as session:
        last = session.scalars(select(CallTry).order_by(CallTry.tried_at.desc())).first()
    assert last is not None
    said = press(karin, world, "no-answer/take-back", key=meeting, at=last.tried_at.isoformat())
    assert "Svarade inte 1 gång" in said


def test_what_is_settled_says_so(world: World, sign_in: SignIn, meeting: str) -> None:
    karin = sign_in(world.coach)
    for act in ("told", "no-answer"):
        assert "Inget är ändrat nu." in press(karin, world, act, key="call:x:1:remind")


def test_nobody_to_ring_is_said_and_the_morning_leads_there(world: World, sign_in: SignIn) -> None:
    karin = sign_in(world.coach)
    assert EMPTY in text_of(karin.get(PAGE))
    morning = karin.get("/staff")
    assert f'href="{PAGE}"' in morning.text


def test_the_morning_says_how_many_there_are_to_ring(
    world: World, sign_in: SignIn, meeting: str, database: Database, now: datetime
) -> None:
    """Yonas has asked for a call; Amina, who is rung up anyway, is counted once until she has been told."""
    karin, count = sign_in(world.coach), "Samtal i dag: minst %s deltagare att ringa"
    with database.transaction() as session:
        for person in (world.participant, world.second_participant):
            conversation.ask_call(session, asker_of(session, person), SOON, now)
    assert count % 2 in text_of(karin.get("/staff"))
    with database.transaction() as session:
        session.execute(delete(Message).where(Message.person_id == world.participant.id))
    assert count % 2 in text_of(karin.get("/staff"))
    press(karin, world, "told", key=meeting)
    assert count % 1 in text_of(karin.get("/staff"))


def test_the_morning_counts_no_call_that_is_not_on_the_page(
    world: World, sign_in: SignIn, meeting: str, database: Database
) -> None:
    """A lead does not make the calls of a coach who is here; that somebody is rung up is no call yet."""
    lead, count = sign_in(world.lead), "deltagare att ringa"
    assert EMPTY in text_of(lead.get(PAGE))
    assert count not in text_of(lead.get("/staff"))
    with database.transaction() as session:
        session.execute(delete(Appointment))
    karin = sign_in(world.coach)
    assert EMPTY in text_of(karin.get(PAGE))
    assert count not in text_of(karin.get("/staff"))


@pytest.mark.parametrize("role", ["coach", "lead"])
def test_as_many_questions_for_many_as_for_few(
    world: World, sign_in: SignIn, meeting: str, database: Database, now: datetime, role: str
) -> None:
    browser = sign_in(getattr(world, role))
    add_rung(database, world, now, range(1))
    few = asked(database, browser)
    add_rung(database, world, now, range(1, 30))
    many = asked(database, browser)
    assert len(few) == len(many)
    # Sessions of groups and offered seats are asked about apart.
    assert len(many) <= STAFF + 2


def add_rung(database: Database, world: World, now: datetime, numbers: range) -> None:
    """People who are rung up and ask to be: each has a meeting ahead, and questions after one."""
    with database.transaction() as session:
        for number in numbers:
            phone, ahead = f"+467019{number:05d}", now + DAY + number * timedelta(hours=1)
            one = add_participant(session, world.here, f"P {number}", now, coach=world.coach, phone=phone)
            one.way = "call"
            meetings.add_meeting(session, one, world.coach, ahead, now - 9 * DAY)
            meetings.add_meeting(
                session, one, world.coach, ahead - 2 * DAY - timedelta(hours=4), now - 9 * DAY
            )
            conversation.ask_call(session, asker_of(session, one), SOON, now)


def asked(database: Database, browser: Client) -> list[str]:
    browser.get(PAGE)
    with counted(database) as found:
        assert browser.get(PAGE).status_code == 200
    return found


def test_the_writer_is_told_that_it_stands_on_the_list(world: World, sign_in: SignIn, meeting: str) -> None:
    page = text_of(sign_in(world.coach).get(f"/staff/people/{world.participant.id}/conversation"))
    assert "Det står på samtalslistan" in page
