"""Two of staff, or one and the participant, on one meeting: nobody's change is lost unseen (S49)."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.booking import service
from portal.booking.models import Appointment, MeetingChange
from portal.booking.time_service import Wish
from portal.db import Database
from tests.booking.conftest import AskAs, Booked
from tests.conftest import SignIn
from tests.plan.conftest import hidden
from tests.support.pages import Client, text_of
from tests.support.world import World

FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
MONDAY_13 = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
TYPED = {"day": "2026-11-27", "at": "13.00", "minutes": "60", "mode": "phone", "place": "Rum 3"}
SINCE = "Mötet har ändrats sedan du öppnade sidan."
Between = Callable[[str], None]


def stored(database: Database, meeting: Appointment) -> Appointment:
    with database.reading() as fresh:
        return fresh.get_one(Appointment, meeting.id)


def at(world: World, meeting: Appointment, act: str) -> str:
    return f"/staff/people/{world.participant.id}/meetings/{meeting.id}/{act}"


def opened(browser: Client, address: str) -> dict[str, str]:
    """What the page carries of the meeting that it showed."""
    return {"revision": hidden(browser.get(address).text, "revision", address)}


@pytest.fixture
def meeting(booked: Booked) -> Appointment:
    """Amina's own booking on Friday at nine."""
    return booked(FRIDAY_9)


@pytest.fixture
def between(
    database: Database, open_world: World, ask_as: AskAs, meeting: Appointment, now: datetime
) -> Between:
    """`between(what)`: somebody else changes the meeting while the page lies open."""

    def act(what: str) -> None:
        colleague, amina = ask_as(open_world.lead), ask_as(open_world.participant)
        wish = Wish(MONDAY_13, "on_site", uuid.uuid4(), place="Torget")
        with database.transaction() as session:
            if what == "moved by a colleague":
                service.move_for(session, colleague, meeting.id, wish, now)
            elif what == "cancelled by a colleague":
                service.cancel_for(session, colleague, meeting.id, "Sjuk", now)
            elif what == "moved by the participant":
                service.move_own(session, amina, meeting.id, MONDAY_13, now)
            elif what == "cancelled by the participant":
                service.cancel_own(session, amina, meeting.id, "", now)
            else:
                service.move_for(session, colleague, meeting.id, Wish(FRIDAY_9, "phone", place="Nytt"), now)

    return act


WHAT = [
    ("moved by a colleague", "Flyttat till måndag 30 november klockan 13.00 av Lena."),
    ("moved by the participant", "Flyttat till måndag 30 november klockan 13.00 av deltagaren."),
    ("changed by a colleague", "Sättet att ses eller platsen är ändrad av Lena."),
]
GONE = [
    ("cancelled by a colleague", "Avbokat av Lena."),
    ("cancelled by the participant", "Avbokat av deltagaren."),
]


@pytest.mark.parametrize(("what", "sentence"), WHAT)
def test_a_move_of_what_has_changed_is_said_and_goes_through_the_second_time(
    database: Database,
    open_world: World,
    sign_in: SignIn,
    meeting: Appointment,
    between: Between,
    what: str,
    sentence: str,
) -> None:
    """S49"""
    browser, address = sign_in(open_world.coach), at(open_world, meeting, "move")
    page = opened(browser, address)
    between(what)
    before = stored(database, meeting)
    refused = browser.post(address, data={**TYPED, **page})
    assert refused.status_code == 422
    assert SINCE in text_of(refused)
    assert sentence in text_of(refused)
    for typed in ('value="2026-11-27"', 'value="13.00"', 'value="Rum 3"'):
        assert typed in refused.text
    assert stored(database, meeting).revision == before.revision == 1
    again = {"revision": hidden(refused.text, "revision", address)}
    assert browser.post(address, data={**TYPED, **again}).status_code == 303
    after = stored(database, meeting)
    assert (after.starts_at, after.place, after.revision) == (FRIDAY_9 + timedelta(hours=4), "Rum 3", 2)


@pytest.mark.parametrize(("what", "sentence"), WHAT)
def test_a_cancelling_of_what_has_changed_is_said_and_goes_through_the_second_time(
    database: Database,
    open_world: World,
    sign_in: SignIn,
    meeting: Appointment,
    between: Between,
    what: str,
    sentence: str,
) -> None:
    """S49"""
    browser, address = sign_in(open_world.coach), at(open_world, meeting, "cancel")
    page = opened(browser, address)
    between(what)
    refused = browser.post(address, data={"reason": "Vård av barn", **page})
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert "Vård av barn" in refused.text
    assert stored(database, meeting).state == "booked"
    again = {"revision": hidden(refused.text, "revision", address)}
    assert browser.post(address, data={"reason": "Vård av barn", **again}).status_code == 303
    after = stored(database, meeting)
    assert (after.state, after.cancel_reason) == ("cancelled", "Vård av barn")


@pytest.mark.parametrize("act", ["move", "cancel"])
@pytest.mark.parametrize(("what", "sentence"), GONE)
def test_what_is_cancelled_meanwhile_is_said_to_be(
    database: Database,
    open_world: World,
    sign_in: SignIn,
    meeting: Appointment,
    between: Between,
    act: str,
    what: str,
    sentence: str,
) -> None:
    """S49: nobody is told twice that it is cancelled, and nobody moves what is gone."""
    browser, address = sign_in(open_world.coach), at(open_world, meeting, act)
    page = opened(browser, address)
    between(what)
    refused = browser.post(address, data={**TYPED, "reason": "Jag är sjuk", **page})
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    again = {"revision": hidden(refused.text, "revision", address)}
    answer = browser.post(address, data={**TYPED, "reason": "Jag är sjuk", **again}, follow_redirects=True)
    assert "Mötet är avbokat." in text_of(answer)
    assert stored(database, meeting).revision == 1


def test_the_same_form_sent_twice_is_no_clash_with_oneself(
    database: Database, open_world: World, sign_in: SignIn, meeting: Appointment
) -> None:
    browser = sign_in(open_world.coach)
    for act, data in (("move", TYPED), ("cancel", {"reason": "Sjuk"})):
        address = at(open_world, meeting, act)
        page = opened(browser, address)
        for _tap in range(2):
            assert browser.post(address, data={**data, **page}).status_code == 303
    assert stored(database, meeting).revision == 2


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30])
def test_a_page_that_does_not_know_what_it_showed_is_heard_as_before(
    database: Database, open_world: World, sign_in: SignIn, meeting: Appointment, revision: str
) -> None:
    """S7: what is no revision is none."""
    data = {**TYPED, "revision": revision}
    assert sign_in(open_world.coach).post(at(open_world, meeting, "move"), data=data).status_code == 303
    assert stored(database, meeting).revision == 1


def test_each_change_leaves_how_and_by_whom(
    database: Database,
    open_world: World,
    ask_as: AskAs,
    meeting: Appointment,
    between: Between,
    now: datetime,
) -> None:
    between("moved by the participant")
    between("cancelled by a colleague")
    with database.transaction() as session:
        service.restore_for(session, ask_as(open_world.coach), meeting.id, now)
    with database.reading() as session:
        rows = session.scalars(select(MeetingChange).order_by(MeetingChange.revision)).all()
        assert [(row.revision, row.how, row.made_by) for row in rows] == [
            (1, "moved", open_world.participant.id),
            (2, "cancelled", open_world.lead.id),
            (3, "restored", open_world.coach.id),
        ]
        assert [(row.was_at, row.starts_at) for row in rows] == [
            (FRIDAY_9, MONDAY_13),
            (MONDAY_13, MONDAY_13),
            (MONDAY_13, MONDAY_13),
        ]
