"""A participant's first page, through the first door and through the second."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from portal.booking.models import Appointment
from portal.db import Database
from portal.feedback.models import CheckIn
from portal.identity.models import Person
from tests.conftest import FrozenClock, SignIn
from tests.support.meetings import add_meeting, cancel
from tests.support.pages import text_of
from tests.support.world import World


@pytest.fixture
def meeting(database: Database, world: World, now: datetime) -> Appointment:
    """Amina meets Karin on site in an hour and a half."""
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(pin_hash="x"))
        return add_meeting(
            session, world.participant, world.coach, now + timedelta(minutes=90), now - timedelta(days=9)
        )


def test_the_first_door_shows_when_and_how_but_no_name(
    sign_in: SignIn, world: World, meeting: Appointment
) -> None:
    """S30"""
    text = text_of(sign_in(world.participant, tier=1).get("/home"))
    assert "tisdag 24 november" in text.casefold()
    assert "10.30" in text
    for hidden in ("Amina", "Karin", "Jobbtorget"):
        assert hidden not in text


def test_the_second_door_greets_and_names_the_coach(
    sign_in: SignIn, world: World, meeting: Appointment
) -> None:
    text = text_of(sign_in(world.participant).get("/home"))
    assert "Hej Amina!" in text
    assert "Du träffar Karin." in text


def test_without_a_meeting_one_can_book(sign_in: SignIn, world: World) -> None:
    text = text_of(sign_in(world.participant, tier=1).get("/home"))
    assert "Du har inget möte bokat." in text
    assert "Boka ett möte" in text


def test_without_a_pin_one_is_asked_to_choose(sign_in: SignIn, world: World) -> None:
    assert "Välj en pinkod" in text_of(sign_in(world.participant, tier=1).get("/home"))


def test_the_check_in_before_a_meeting_opens_two_hours_before(
    sign_in: SignIn, world: World, meeting: Appointment, frozen: FrozenClock
) -> None:
    browser = sign_in(world.participant, tier=1)
    assert "Hur har du det?" in text_of(browser.get("/home"))
    frozen.moment -= timedelta(hours=1)
    assert "Hur har du det?" not in text_of(sign_in(world.participant, tier=1).get("/home"))


def test_begun_twice_is_one_check_in(
    sign_in: SignIn, world: World, meeting: Appointment, database: Database
) -> None:
    browser = sign_in(world.participant, tier=1)
    first = browser.post(f"/home/check-in/{meeting.id}/before")
    again = browser.post(f"/home/check-in/{meeting.id}/before")
    assert first.location == again.location
    assert first.status_code == 303
    with database.reading() as session:
        assert len(session.scalars(select(CheckIn)).all()) == 1
    assert "Fortsätt svara" in text_of(browser.get("/home"))


def test_after_the_meeting_one_is_asked_how_it_was(
    sign_in: SignIn, world: World, meeting: Appointment, frozen: FrozenClock
) -> None:
    frozen.move(timedelta(hours=20))
    assert "Hur var mötet?" in text_of(sign_in(world.participant, tier=1).get("/home"))
    frozen.move(timedelta(hours=40))
    assert "Hur var mötet?" not in text_of(sign_in(world.participant, tier=1).get("/home"))


def test_a_meeting_that_was_missed_or_cancelled_asks_nothing(
    sign_in: SignIn, world: World, meeting: Appointment, database: Database, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        found = session.get(Appointment, meeting.id)
        assert found is not None
        cancel(found, frozen.moment)
    text = text_of(sign_in(world.participant, tier=1).get("/home"))
    assert "Hur har du det?" not in text
    assert "Du har inget möte bokat." in text


def test_too_late_is_said_in_words(
    sign_in: SignIn, world: World, meeting: Appointment, frozen: FrozenClock
) -> None:
    frozen.move(timedelta(days=5))
    browser = sign_in(world.participant, tier=1)
    answer = browser.post(f"/home/check-in/{meeting.id}/after")
    assert answer.location == "/home"
    assert "går inte att svara på just nu" in text_of(browser.get("/home"))


def test_somebody_elses_meeting_has_no_check_in(sign_in: SignIn, world: World, meeting: Appointment) -> None:
    """S2"""
    browser = sign_in(world.second_participant, tier=1)
    assert browser.post(f"/home/check-in/{meeting.id}/before").status_code == 404
