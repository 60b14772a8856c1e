"""The pages on which a course ends: what will be cancelled stands there before it is."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.booking.models import Appointment
from portal.db import Database
from portal.identity.models import Person
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


def test_going_on_without_choosing_anybody_says_so(sign_in: SignIn, world: World, base: str) -> None:
    lead = sign_in(world.lead)
    assert "Välj ett svar." not in text_of(lead.get(f"{base}/handover"))
    for nobody in ("", "nonsense"):
        asked = lead.get(f"{base}/handover", query_string={"coach": nobody})
        assert "Välj ett svar." in text_of(asked)


def handing(world: World) -> str:
    """The value of the other coach in the menu."""
    return f"{world.other_coach.id} {world.here.team.id}"


def meeting_ids(database: Database) -> list[str]:
    with database.reading() as session:
        return [str(one) for one in session.scalars(select(Appointment.id).order_by(Appointment.starts_at))]


def test_a_lead_decides_about_each_meeting(
    sign_in: SignIn, world: World, base: str, database: Database
) -> None:
    browser = sign_in(world.lead)
    first = text_of(browser.get(f"{base}/handover"))
    assert "Olof Berg" in first
    assert "Karin Lund" not in first.partition("Ny coach")[2]
    asked = browser.get(f"{base}/handover", query_string={"coach": handing(world)})
    assert "Tiden ligger utanför den nya coachens arbetstid." in text_of(asked)
    one, two = meeting_ids(database)
    some = {"coach": handing(world), f"meeting-{one}": "along"}
    again = browser.post(f"{base}/handover", data=some)
    assert again.status_code == 422
    assert "Välj vad som ska hända med varje möte." in text_of(again)
    assert f'name="meeting-{one}" value="along" checked' in again.text
    done = browser.post(f"{base}/handover", data={**some, f"meeting-{two}": "stay"}, follow_redirects=True)
    assert "Personen har en ny coach." in text_of(done)
    today = text_of(sign_in(world.coach).get("/staff"))
    assert "Möten du har kvar" in today
    assert "Amina H." in today


def test_the_former_coach_cancels_what_stayed_and_opens_nothing_else(
    sign_in: SignIn, world: World, base: str, database: Database
) -> None:
    """S2"""
    one, two = meeting_ids(database)
    decided = {"coach": handing(world), f"meeting-{one}": "stay", f"meeting-{two}": "along"}
    assert sign_in(world.lead).post(f"{base}/handover", data=decided).status_code == 303
    karin = sign_in(world.coach)
    for end in ("", "/meetings", f"/meetings/{two}/cancel", f"/meetings/{one}/move", "/plan"):
        assert karin.get(f"{base}{end}").status_code == 404
    asked = karin.get(f"{base}/meetings/{one}/cancel")
    assert "Amina H." in text_of(asked)
    assert "Hassan" not in asked.text
    assert "Behåll tiden" in text_of(asked)
    assert karin.post(f"{base}/meetings/{one}/cancel", data={"reason": ""}).location == "/staff"
    assert "Möten du har kvar" not in text_of(karin.get("/staff"))


def test_the_new_coach_takes_over_on_the_persons_page(
    sign_in: SignIn, world: World, base: str, database: Database
) -> None:
    one, two = meeting_ids(database)
    decided = {"coach": handing(world), f"meeting-{one}": "stay", f"meeting-{two}": "cancel"}
    sign_in(world.lead).post(f"{base}/handover", data=decided)
    olof = sign_in(world.other_coach)
    assert "Ta över" in text_of(olof.get(f"{base}/meetings"))
    done = olof.post(f"{base}/meetings/{one}/take-over", follow_redirects=True)
    assert "Personens coach har mötet nu." in text_of(done)
    assert "Ta över" not in text_of(done)


def test_an_admin_sees_no_times_and_what_is_usual_happens(
    sign_in: SignIn, world: World, base: str, database: Database
) -> None:
    """S2"""
    admin = sign_in(world.admin)
    asked = text_of(admin.get(f"{base}/handover", query_string={"coach": handing(world)}))
    assert "2 bokade möten följer med om den nya coachen är ledig då." in asked
    assert "orsdag 26 november" not in asked
    assert admin.post(f"{base}/handover", data={"coach": handing(world)}).status_code == 303


def test_the_new_coach_stands_on_the_first_page_until_it_is_read(
    sign_in: SignIn, world: World, base: str, database: Database
) -> None:
    """S30: behind the second door alone."""
    one, two = meeting_ids(database)
    decided = {"coach": handing(world), f"meeting-{one}": "stay", f"meeting-{two}": "along"}
    sign_in(world.lead).post(f"{base}/handover", data=decided)
    amina = sign_in(world.participant)
    assert "Din coach heter nu Olof." in text_of(amina.get("/home"))
    assert "ny coach" not in text_of(sign_in(world.participant, 1).get("/home"))
    assert "Byt tid" not in text_of(amina.get(f"/meetings/{one}"))
    moved = amina.get(f"/meetings/{one}/move")
    assert "Det här mötet går inte att ändra här." in text_of(moved)
    for nobody in ("", "nonsense"):
        amina.post("/home/coach-seen", data={"coach": nobody})
        assert "ny coach" in text_of(amina.get("/home"))
    assert amina.post("/home/coach-seen", data={"coach": world.other_coach.id}).location == "/home"
    assert "ny coach" not in text_of(amina.get("/home"))


def test_a_lead_sees_whose_coach_has_left(
    sign_in: SignIn, world: World, base: str, database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        session.get_one(Person, world.coach.id).disabled_at = now
    page = text_of(sign_in(world.lead).get("/staff"))
    assert "Möten som behöver någon" in page
    assert "Karin" in page


def test_nothing_stays_with_a_coach_who_has_left(
    sign_in: SignIn, world: World, base: str, database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        session.get_one(Person, world.coach.id).disabled_at = now
    one, two = meeting_ids(database)
    page = sign_in(world.lead).get(f"{base}/handover", query_string={"coach": handing(world)})
    assert "Stannar hos" not in text_of(page)
    assert "Väntar på att någon tar det" in text_of(page)
    for meeting in (one, two):
        assert f'name="meeting-{meeting}" value="along" checked' in page.text
