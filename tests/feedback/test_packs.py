"""A licensed scale on the phone: the same sheet as our own questions, while its licence lasts."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.db import Database
from portal.feedback import service
from portal.feedback.models import CheckIn, ScaleReading
from portal.feedback.service import Closed
from portal.feedback.sheet_queries import sheet
from portal.identity.models import Person
from portal.instruments import pack_service
from portal.instruments.models import Response
from portal.organisation.models import Organisation
from tests.conftest import FrozenClock, SignIn
from tests.feedback.conftest import Begin, People
from tests.support.meetings import add_meeting
from tests.support.packs import LAST_DAY, MARK, install
from tests.support.pages import Client, text_of
from tests.support.world import World


def choose(session: Session, world: World, **settings: object) -> None:
    """Let these settings hold."""
    session.get_one(Organisation, world.organisation.id).settings = dict(settings)
    session.flush()


@pytest.fixture
def meeting(database: Database, world: World, now: datetime) -> Appointment:
    """Amina meets Karin in an hour and a half, in a house that sends ORS and SRS to phones."""
    with database.transaction() as session:
        choose(session, world, before_with="digital", after_with="digital")
        install(session, "ors", now)
        install(session, "srs", now)
        return add_meeting(
            session, world.participant, world.coach, now + timedelta(minutes=90), now - timedelta(days=9)
        )


def begin_at_home(browser: Client, meeting: Appointment, when: str = "before") -> str:
    """Tap the task on the first page; gives the check-in's address."""
    answer = browser.post(f"/home/check-in/{meeting.id}/{when}")
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_the_same_sheet_with_the_licence_s_mark_on_every_screen(
    sign_in: SignIn, database: Database, world: World, meeting: Appointment
) -> None:
    browser = sign_in(world.participant, tier=1)
    assert "4 frågor · 2 minuter" in text_of(browser.get("/home"))
    at = begin_at_home(browser, meeting)
    for path in (at, f"{at}/all", *(f"{at}/{number}" for number in range(1, 5))):
        page = text_of(browser.get(path))
        assert MARK in page
    assert "Påhittad fråga 4: Hur lång är den gula stigen?" in page
    for number, typed in enumerate(("5", "6,5", "7", "3"), start=1):
        browser.post(f"{at}/{number}", data={"value": typed})
    look = browser.get(f"{at}/check")
    assert MARK in text_of(look)
    key = look.text.split('name="key" value="')[1].split('"')[0]
    browser.post(f"{at}/send", data={"key": key})
    assert MARK in text_of(browser.get(f"{at}/thanks"))
    with database.reading() as session:
        response = session.scalars(select(Response)).one()
        reading = session.scalars(select(ScaleReading)).one()
    assert (response.instrument, response.version, response.total) == ("ors", 1, 215)
    assert (reading.cut_off, reading.reliable_change, reading.age_band) == (250, 50, "adult")
    assert "frågor" not in text_of(browser.get("/home"))


def test_in_the_person_s_language_and_its_direction(
    sign_in: SignIn, database: Database, world: World, meeting: Appointment
) -> None:
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).language = "ar"
    browser = sign_in(world.participant, tier=1)
    page = browser.get(begin_at_home(browser, meeting) + "/1")
    assert "سؤال مختلق 1" in text_of(page)
    assert "نص تجريبي – ليس المقياس المرخص" in text_of(page)
    with database.reading() as session:
        assert session.scalars(select(Response.direction)).one() == "rtl"


def test_the_values_are_those_of_the_day_and_of_the_person_s_age(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    install(session, "ors", now)
    choose(session, people.world, ors_cut_off_youth=27.0)
    session.get_one(Person, people.world.participant.id).age_band = "youth"
    begin(people.participant, "ors")
    choose(session, people.world, ors_cut_off_youth=30.0)
    assert session.scalars(select(ScaleReading.cut_off)).one() == 270


def test_a_licence_that_has_run_out_sends_our_own_questions(
    sign_in: SignIn, database: Database, world: World, meeting: Appointment, frozen: FrozenClock
) -> None:
    browser = sign_in(world.participant, tier=1)
    at = begin_at_home(browser, meeting)
    browser.post(f"{at}/1", data={"value": "5"})
    with database.transaction() as session:
        pack_service.end(session, "ors", frozen.moment)
    frozen.move(timedelta(minutes=1))
    assert browser.get(f"{at}/2").status_code == 303
    assert browser.post(f"{at}/2", data={"value": "5"}).status_code == 422
    assert "Tiden för att svara är slut." in text_of(browser.get(at))
    assert "5 frågor" in text_of(browser.get("/home"))
    own = begin_at_home(browser, meeting)
    assert own != at
    assert "Hur mycket kraft" in text_of(browser.get(f"{own}/1"))


def test_wording_that_was_taken_away_leaves_what_was_sent_readable(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    install(session, "ors", now)
    made, asker = begin(people.participant, "ors"), people.participant
    for number in range(1, 5):
        service.answer_line(session, asker, made, number, 50, now=now)
    service.send(session, asker, made, sheet(session, asker, made).key, now=now)
    pack_service.remove(session, "ors", now)
    session.expire_all()
    found = sheet(session, asker, made)
    assert (found.title, found.notice, found.lines[0].text.question) == ("ORS", "", "")
    assert found.sent_at == now


def test_the_window_is_no_longer_than_the_licence(
    session: Session, people: People, begin: Begin, now: datetime
) -> None:
    install(session, "srs", now, expires_on=now.date())
    late = now.replace(hour=22, minute=30)
    made = begin(people.participant, "srs", at=late)
    closes = sheet(session, people.participant, made).window.closes_at
    assert closes == now.replace(hour=23)
    with pytest.raises(Closed):
        service.answer_line(session, people.participant, made, 1, 50, now=late + timedelta(minutes=31))


def test_on_paper_a_phone_asks_nothing(
    sign_in: SignIn, database: Database, world: World, meeting: Appointment
) -> None:
    with database.transaction() as session:
        choose(session, world, before_with="paper", after_with="own")
    browser = sign_in(world.participant, tier=1)
    assert "frågor" not in text_of(browser.get("/home"))
    refused = browser.post(f"/home/check-in/{meeting.id}/before", follow_redirects=True)
    assert "Frågorna går inte att svara på just nu." in text_of(refused)
    with database.reading() as session:
        assert session.scalars(select(CheckIn)).all() == []


def test_what_was_begun_is_gone_on_with_when_the_choice_changes(
    sign_in: SignIn, database: Database, world: World, meeting: Appointment
) -> None:
    with database.transaction() as session:
        choose(session, world)
    browser = sign_in(world.participant, tier=1)
    at = begin_at_home(browser, meeting)
    with database.transaction() as session:
        choose(session, world, before_with="digital")
    assert begin_at_home(browser, meeting) == at


def test_somebody_else_s_licensed_sheet_is_not_there(
    session: Session, people: People, begin: Begin, sign_in: SignIn, now: datetime
) -> None:
    """S2, S5"""
    install(session, "ors", now)
    made = begin(people.participant, "ors")
    session.commit()
    stranger = sign_in(people.world.second_participant)
    missing = stranger.get(f"/check-in/{uuid.uuid4()}/1")
    assert text_of(stranger.get(f"/check-in/{made}/1")) == text_of(missing)
    assert now.date() < LAST_DAY
