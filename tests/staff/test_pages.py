"""The coach's pages as a browser without JavaScript meets them."""

import html
import re
import uuid
from datetime import timedelta
from typing import cast

import pytest
from flask import Flask, get_template_attribute
from sqlalchemy import select

from portal.conversation import service as conversation
from portal.conversation.service import Letter
from portal.db import Database
from portal.feedback import service as feedback
from portal.feedback.sheet_queries import sheet
from portal.staff.models import Attention, CopyMark
from tests.conftest import NOW, FrozenClock, SignIn
from tests.plan.conftest import hidden
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of, check_in
from tests.support.pages import Client, text_of
from tests.support.world import CANARY, World

ISOLATES = {0x2068: None, 0x2069: None}


@pytest.fixture
def karin(sign_in: SignIn, busy_world: World) -> Client:
    """The coach's desk."""
    return sign_in(busy_world.coach)


def keys(page: str) -> list[str]:
    return [html.unescape(key) for key in re.findall(r'name="key" value="([^"]+)"', page)]


def test_the_morning_says_who_and_why(karin: Client) -> None:
    text = text_of(karin.get("/staff"))
    assert "Hej, Karin" in text or "God morgon, Karin" in text
    assert "Behöver dig (2)" in text
    assert "Vem ska jag ringa?" in text
    assert "Kom inte till mötet måndag 2 november klockan 09.00." in text
    assert CANARY not in text


def test_whom_one_meets_today_stands_before_who_needs_something(
    karin: Client, busy_world: World, database: Database, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        later = frozen.moment + timedelta(hours=5)
        add_meeting(session, busy_world.second_participant, busy_world.coach, later, frozen.moment)
    page = karin.get("/staff")
    assert page.text.index('id="meetings"') < page.text.index('id="needs"')
    text = text_of(page)
    today = text[text.index("Möten i dag") : text.rindex("Behöver dig (2)")]
    assert today.count("Nästa möte") == 1
    assert today.index("Amina H.") < today.index("Nästa möte") < today.index("Yonas T.")
    assert 'href="#needs"' in page.text, "the long list is one tap away"


def test_one_tap_and_the_row_is_gone(karin: Client, busy_world: World, database: Database) -> None:
    page = karin.get("/staff").get_data(as_text=True)
    person = busy_world.participant.id
    mine = [key for key in keys(page) if key.startswith("help:")]
    answer = karin.post(f"/staff/people/{person}/handle", data={"outcome": "called", "key": mine})
    assert (answer.status_code, answer.location) == (303, f"/staff?handled={person}#needs")
    told = karin.get(answer.location)
    assert "Amina H. är borta från listan tills något nytt händer. Ångra" in text_of(told).translate(ISOLATES)
    here, undo, rows = (told.text.index(part) for part in ('id="needs"', "/take-back", '"row attention"'))
    assert here < undo < rows, "undo stands where the list was left"
    assert "är borta" not in text_of(karin.get(f"/staff?handled={busy_world.second_participant.id}"))
    text = text_of(karin.get("/staff"))
    assert "Behöver dig (1)" in text
    assert "Klart i dag (1)" in text
    at = hidden(karin.get("/staff").text, "at", f"/staff/people/{person}/take-back")
    assert karin.post(f"/staff/people/{person}/take-back", data={"at": at}).status_code == 303
    assert "Tillbaka på listan." in text_of(karin.get("/staff"))
    assert "Behöver dig (2)" in text_of(karin.get("/staff"))
    with database.reading() as session:
        assert session.scalars(select(Attention)).all() == []


def test_a_cause_that_is_not_this_persons_cannot_be_handled(
    karin: Client, busy_world: World, database: Database
) -> None:
    """S3: a key in the form names nothing that the person does not have."""
    other = busy_world.second_participant.id
    mine = [key for key in keys(karin.get("/staff").get_data(as_text=True)) if key.startswith("help:")]
    karin.post(f"/staff/people/{other}/handle", data={"outcome": "called", "key": [*mine, "down:made-up"]})
    with database.reading() as session:
        assert session.scalars(select(Attention)).all() == []


def test_later_asks_for_days_and_keeps_what_was_typed(karin: Client, busy_world: World) -> None:
    path = f"/staff/people/{busy_world.participant.id}/handle"
    assert "Om hur många dagar?" in text_of(karin.get(path))
    answer = karin.post(path, data={"outcome": "later", "days": "tusen", "note": "Ring på torsdag"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'value="tusen"' in page
    assert "Ring på torsdag" in page
    assert "Skriv ett tal från 1 till 60." in page


def test_a_note_that_nobody_would_read_is_asked_about(karin: Client, busy_world: World) -> None:
    path = f"/staff/people/{busy_world.participant.id}/handle"
    answer = karin.post(path, data={"outcome": "called", "note": "Ring på torsdag"})
    assert answer.status_code == 422
    assert "Anteckningen sparas bara med Senare." in text_of(answer)
    assert "Ring på torsdag" in text_of(answer)


def test_a_note_for_what_is_done_meanwhile_comes_back(
    karin: Client, busy_world: World, sign_in: SignIn
) -> None:
    person = busy_world.participant.id
    path, seen = f"/staff/people/{person}/handle", keys(karin.get(f"/staff/people/{person}").text)
    lead = sign_in(busy_world.lead)
    assert lead.post(path, data={"outcome": "called", "key": seen}).status_code == 303
    later = {"outcome": "later", "days": "2", "note": "Hon vill byta tid", "key": seen}
    answer = karin.post(path, data=later)
    assert answer.status_code == 422
    for words in ("Det här är redan klart", "Hon vill byta tid"):
        assert words in text_of(answer)


def test_a_second_tap_on_later_is_told_like_the_first(karin: Client, busy_world: World) -> None:
    path = f"/staff/people/{busy_world.participant.id}/handle"
    later = {"outcome": "later", "note": "Ring", "key": keys(karin.get(path).text)}
    assert [karin.post(path, data=later).status_code for _ in range(2)] == [303, 303]


def test_what_a_colleague_has_answered_since_is_not_taken_back(
    karin: Client, busy_world: World, sign_in: SignIn, frozen: FrozenClock
) -> None:
    person = busy_world.participant.id
    seen = keys(karin.get(f"/staff/people/{person}").text)
    karin.post(f"/staff/people/{person}/handle", data={"outcome": "called", "key": seen})
    at = hidden(karin.get("/staff").text, "at", f"/staff/people/{person}/take-back")
    lead, plan = sign_in(busy_world.lead), f"/staff/people/{person}/plan"
    reopen = re.findall(r'action="([^"]+/reopen)"', lead.get(plan).text)[0]
    frozen.move(timedelta(minutes=1))
    lead.post(reopen, data={"answered_at": hidden(lead.get(plan).text, "answered_at")})
    lead.post(reopen.removesuffix("/reopen"), data={"outcome": "booked", "words": "Torsdag"})
    assert karin.post(f"/staff/people/{person}/take-back", data={"at": at}).status_code == 303
    assert "Det har ändrats sedan dess. Det går inte att ångra." in text_of(karin.get("/staff"))
    assert "Torsdag" in text_of(karin.get(plan))


@pytest.mark.parametrize("outcome", ["", "deleted", "called' OR 1=1"])
def test_an_outcome_that_does_not_exist(karin: Client, busy_world: World, outcome: str) -> None:
    answer = karin.post(f"/staff/people/{busy_world.participant.id}/handle", data={"outcome": outcome})
    assert answer.status_code == 422


def test_one_participants_page(karin: Client, busy_world: World) -> None:
    text = text_of(karin.get(f"/staff/people/{busy_world.participant.id}"))
    for expected in ("Amina Hassan", "Före samtalet", "Ring skolan", "Inga svar än."):
        assert expected in text


def test_what_is_new_is_plain_text_to_copy(karin: Client, busy_world: World, database: Database) -> None:
    path = f"/staff/people/{busy_world.participant.id}/copy"
    page = karin.get(path).get_data(as_text=True)
    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert area is not None
    news = html.unescape(area.group(1))
    assert "Möte 24 nov. 11.00: bokat, på plats." in news
    assert "<" not in news
    upto = re.search(r'name="upto" value="([^"]+)"', page)
    assert upto is not None
    assert karin.post(path, data={"upto": html.unescape(upto.group(1))}).status_code == 303
    assert "Inget har hänt" in text_of(karin.get(path))
    with database.reading() as session:
        assert len(session.scalars(select(CopyMark)).all()) == 1


def test_answers_to_copy_are_plain_text_too(karin: Client, busy_world: World, database: Database) -> None:
    with database.transaction() as session:
        asker = asker_of(session, busy_world.participant)
        made = cast(uuid.UUID, check_in(session, asker, asker, NOW)["check_in"])
        for number in range(1, 6):
            feedback.answer_line(session, asker, made, number, 45, now=NOW)
        feedback.send(session, asker, made, sheet(session, asker, made).key, now=NOW)
    page = karin.get(f"/staff/people/{busy_world.participant.id}/copy").text
    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert area is not None
    assert "Avstämning före samtalet: 22,5 av 50." in area.group(1)
    assert "bdi" not in area.group(1)


@pytest.mark.parametrize(
    ("hour", "says"),
    [
        (0, "Hej"),
        (3, "Hej"),
        (4, "God morgon"),
        (10, "Hej"),
        (17, "Hej"),
        (18, "God kväll"),
        (23, "God kväll"),
    ],
)
def test_the_greeting_follows_the_clock(app: Flask, hour: int, says: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "sv"}):
        greeting = get_template_attribute("staff/_words.html", "greeting")
        assert str(greeting(NOW.replace(hour=hour), "Karin")) == f"{says}, Karin"


@pytest.mark.parametrize(("role", "room"), [("user_auditor", "audits"), ("translator", "translations")])
def test_every_role_begins_in_its_own_room(sign_in: SignIn, world: World, role: str, room: str) -> None:
    assert sign_in(getattr(world, role)).get("/staff").location == f"/staff/{room}"


def test_an_administrator_begins_among_the_people(sign_in: SignIn, world: World) -> None:
    assert sign_in(world.admin).get("/staff").location == "/staff/people"


def test_a_late_request_for_help_has_no_answer_in_time(
    busy_world: World, sign_in: SignIn, database: Database, frozen: FrozenClock
) -> None:
    """It is marked on its row; what the same person wrote, late as well, does not count them twice."""
    with database.transaction() as session:
        amina, letter = asker_of(session, busy_world.participant), Letter(uuid.uuid4(), "Hej", "sv")
        conversation.write(session, amina, letter, frozen.moment)
    before = text_of(sign_in(busy_world.lead).get("/staff"))
    assert "Alla har fått svar i tid." in before
    assert "Försenat" not in before
    frozen.move(timedelta(days=7))
    lead = sign_in(busy_world.lead).get("/staff")
    assert '<a href="#needs">1 deltagare har inte fått svar i tid.</a>' in lead.text
    assert text_of(lead).count("Försenat") == 1
    assert text_of(sign_in(busy_world.coach).get("/staff")).count("Försenat") == 1
