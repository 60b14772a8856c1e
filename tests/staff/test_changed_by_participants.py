"""What participants do to their meetings is told once to the coach; and that the coach is away themselves."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from portal.booking import seen_service, service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.absence import service as absences
from portal.identity.models import Person, ProtectedHandler
from tests.booking.conftest import ask_as, booked, open_world
from tests.conftest import FrozenClock, SignIn
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.world import World

__all__ = ["ask_as", "booked", "open_world"]

FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
MONDAY_13 = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
HEADING = "Ändrat av deltagare"


def changed(
    database: Database, world: World, meeting: Appointment, now: datetime, to: datetime | None
) -> None:
    """Amina moves the meeting, or cancels it."""
    with database.transaction() as session:
        amina = asker_of(session, world.participant)
        if to is None:
            service.cancel_own(session, amina, meeting.id, "Jag är sjuk", now)
        else:
            service.move_own(session, amina, meeting.id, to, now)


@pytest.fixture
def meeting(database: Database, open_world: World, now: datetime) -> Appointment:
    """Amina's meeting on Friday at nine, booked by the coach."""
    with database.transaction() as session:
        wish = Wish(FRIDAY_9, "phone", uuid.uuid4())
        coach = asker_of(session, open_world.coach)
        return service.book_for(session, coach, open_world.participant.id, wish, now)


def test_a_move_and_a_cancelling_are_told_until_they_are_seen(
    database: Database, open_world: World, sign_in: SignIn, meeting: Appointment, now: datetime
) -> None:
    browser = sign_in(open_world.coach)
    assert HEADING not in text_of(browser.get("/staff"))
    changed(database, open_world, meeting, now, MONDAY_13)
    text = text_of(browser.get("/staff"))
    assert HEADING in text
    assert "Flyttade mötet fredag 27 november klockan 09.00 till måndag 30 november klockan 13.00." in text
    seen = f"/staff/people/{open_world.participant.id}/meetings/{meeting.id}/seen"
    assert seen in browser.get("/staff").text
    answer = browser.post(seen, data={"revision": "1", "back": "today"})
    assert answer.location == "/staff"
    assert HEADING not in text_of(browser.get("/staff"))
    changed(database, open_world, meeting, now, None)
    text = text_of(browser.get("/staff"))
    assert "Avbokade mötet måndag 30 november klockan 13.00." in text
    assert "Jag är sjuk" in text


def test_what_was_done_after_the_page_was_opened_is_told_anew(
    database: Database, open_world: World, sign_in: SignIn, meeting: Appointment, now: datetime
) -> None:
    changed(database, open_world, meeting, now, MONDAY_13)
    changed(database, open_world, meeting, now, None)
    browser = sign_in(open_world.coach)
    seen = f"/staff/people/{open_world.participant.id}/meetings/{meeting.id}/seen"
    browser.post(seen, data={"revision": "1", "back": "today"})
    assert "Avbokade mötet" in text_of(browser.get("/staff"))


def test_it_goes_when_the_time_has_passed_and_when_staff_changed_it_after(
    database: Database,
    open_world: World,
    sign_in: SignIn,
    meeting: Appointment,
    now: datetime,
    frozen: FrozenClock,
) -> None:
    changed(database, open_world, meeting, now, MONDAY_13)
    with database.transaction() as session:
        coach = asker_of(session, open_world.coach)
        service.move_for(session, coach, meeting.id, Wish(FRIDAY_9, "phone"), now)
    assert HEADING not in text_of(sign_in(open_world.coach).get("/staff"))
    changed(database, open_world, meeting, now, None)
    assert HEADING in text_of(sign_in(open_world.coach).get("/staff"))
    frozen.moment = FRIDAY_9 + timedelta(minutes=1)
    assert HEADING not in text_of(sign_in(open_world.coach).get("/staff"))


def test_a_stand_in_is_told_a_lead_and_another_coach_are_not(
    database: Database, open_world: World, sign_in: SignIn, meeting: Appointment, now: datetime
) -> None:
    changed(database, open_world, meeting, now, MONDAY_13)
    for other in (open_world.lead, open_world.other_coach):
        assert HEADING not in text_of(sign_in(other).get("/staff"))
    today = now.date()
    with database.transaction() as session:
        coach = asker_of(session, open_world.coach)
        wish = absences.Wish(today, today + timedelta(days=3), open_world.other_coach.id)
        absences.take(session, coach, open_world.coach.id, wish, now)
    browser = sign_in(open_world.other_coach)
    assert HEADING in text_of(browser.get("/staff"))
    seen = f"/staff/people/{open_world.participant.id}/meetings/{meeting.id}/seen"
    assert sign_in(open_world.lead).post(seen, data={"revision": "1"}).status_code == 404
    assert browser.post(seen, data={"revision": "1", "back": "today"}).status_code == 303
    assert HEADING not in text_of(sign_in(open_world.coach).get("/staff"))


def test_a_protected_person_is_not_on_the_list(
    database: Database, open_world: World, sign_in: SignIn, meeting: Appointment, now: datetime
) -> None:
    """S37"""
    changed(database, open_world, meeting, now, MONDAY_13)
    with database.transaction() as session:
        session.get_one(Person, open_world.participant.id).protected = True
        session.add(ProtectedHandler(person_id=open_world.participant.id, handler_id=open_world.coach.id))
    assert HEADING not in text_of(sign_in(open_world.coach).get("/staff"))


def test_said_twice_it_is_seen_once(
    database: Database, open_world: World, meeting: Appointment, now: datetime
) -> None:
    changed(database, open_world, meeting, now, MONDAY_13)
    with database.transaction() as session:
        coach = asker_of(session, open_world.coach)
        for later in (timedelta(0), timedelta(hours=1)):
            seen_service.saw(session, coach, meeting.id, 1, now + later)


@pytest.mark.parametrize(
    ("stand_in", "told"),
    [(True, "fredag 27 november. Olof svarar i stället."), (False, "Ingen svarar i stället.")],
)
def test_the_morning_says_that_one_is_away_oneself(
    database: Database,
    world: World,
    sign_in: SignIn,
    now: datetime,
    frozen: FrozenClock,
    stand_in: bool,
    told: str,
) -> None:
    assert "Du står som borta" not in text_of(sign_in(world.coach).get("/staff"))
    today = now.date()
    with database.transaction() as session:
        who = world.other_coach.id if stand_in else None
        wish = absences.Wish(today, today + timedelta(days=3), who)
        absences.take(session, asker_of(session, world.coach), world.coach.id, wish, now)
    page = sign_in(world.coach).get("/staff")
    assert "Du står som borta till och med fredag 27 november" in text_of(page)
    assert told in text_of(page)
    assert f"/staff/absence/{world.coach.id}" in page.text
    assert "Du står som borta" not in text_of(sign_in(world.other_coach).get("/staff"))
    frozen.move(timedelta(days=4))
    assert "Du står som borta" not in text_of(sign_in(world.coach).get("/staff"))
