"""The pages on which a course ends: what will be cancelled stands there before it is."""

from datetime import datetime, timedelta

import pytest

from portal.db import Database
from tests.conftest import SignIn
from tests.support.meetings import add_meeting
from tests.support.pages import text_of
from tests.support.world import World

CLOSED = {"closed_on": "2026-11-24", "outcome": "work", "income": "wage"}


@pytest.fixture
def base(database: Database, world: World, now: datetime) -> str:
    """The address of Amina's pages; she has two meetings ahead."""
    with database.transaction() as session:
        for days in (2, 9):
            add_meeting(
                session, world.participant, world.coach, now + timedelta(days=days), now, mode="phone"
            )
    return f"/staff/people/{world.participant.id}"


def test_what_is_cancelled_is_said_before_and_after(sign_in: SignIn, world: World, base: str) -> None:
    browser = sign_in(world.coach)
    asked = text_of(browser.get(f"{base}/enrolment/close"))
    assert "2 bokade möten avbokas:" in asked
    assert "orsdag 26 november" in asked
    assert "· Telefon · Karin" in asked
    done = browser.post(f"{base}/enrolment/close", data=CLOSED, follow_redirects=True)
    assert "Inskrivningen är avslutad och 2 möten är avbokade." in text_of(done)
    assert "Avbokat av personalen" in text_of(browser.get(f"{base}/meetings"))
    opened = text_of(browser.post(f"{base}/enrolment/reopen", follow_redirects=True))
    assert "Avbokade möten kommer inte tillbaka." in opened


def test_an_admin_learns_how_many_but_not_when(sign_in: SignIn, world: World, base: str) -> None:
    """S2: who looks after people reads no content."""
    asked = text_of(sign_in(world.admin).get(f"{base}/enrolment/close"))
    assert "2 bokade möten avbokas." in asked
    assert "orsdag 26 november" not in asked


def test_with_nothing_booked_nothing_is_said(sign_in: SignIn, world: World) -> None:
    page = text_of(sign_in(world.coach).get(f"/staff/people/{world.participant.id}/enrolment/close"))
    assert "avbokas" not in page
