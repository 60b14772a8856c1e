"""A coach's desk in a real browser: interpreters from the list, a week away, and a month of attendance."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.booking import service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.messaging.models import OutboxMessage
from portal.notices.agency_service import KIND
from portal.organisation.models import Organisation
from portal.worker import Worker
from tests.networks.test_browser import open_site
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.site import Site

__all__ = ["open_site"]
pytestmark = pytest.mark.browser

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BOTH_WAYS = pytest.mark.parametrize("javascript", [True, False], ids=["js", "plain"])


def book(site: Site, days: int, **wish: Any) -> Appointment:
    """Karin meets Amina so many days ahead, at this time of the day."""
    with site.app.app_context(), site.database.transaction() as session:
        coach, now = asker_of(session, site.world.coach), site.frozen.moment
        wished = Wish(now + days * DAY + HOUR, wish.pop("mode", "phone"), uuid4(), **wish)
        return service.book_for(session, coach, site.world.participant.id, wished, now, anyway=True)


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


@BOTH_WAYS
def test_an_interpreter_is_ordered_of_the_agency_and_comes(
    open_site: Site, open_phone: OpenPage, javascript: bool
) -> None:
    site = open_site
    with site.database.transaction() as session:
        house = session.get_one(Organisation, site.world.organisation.id)
        house.settings = {**(house.settings or {}), "agency_email": "bokning@tolkbyran.se"}
    book(site, 7, mode="on_site", interpreter="ar", place="Biblioteket")
    page = open_phone(javascript=javascript)
    site.sign_in(page, site.world.coach)
    page.goto("/staff/interpreter-orders")
    expect(page.get_by_text("Beställningar som förmedlingen inte vet om än: 1 ny.")).to_be_visible()
    nothing_sticks_out(page)
    page.get_by_role("link", name="Skriv till förmedlingen").click()
    expect(page.get_by_text("På plats: Biblioteket")).to_be_visible()
    no_axe_violations(page) if javascript else None
    screenshot(page, f"agency-{javascript}")
    press(page, "Skicka till förmedlingen")
    expect(page.get_by_text("E-posten till förmedlingen är på väg").first).to_be_visible()
    assert Worker(site.app, most=100).once()
    page.reload()
    expect(page.get_by_text("Beställd hos förmedlingen")).to_be_visible()
    with site.database.reading() as session:
        (letter,) = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == KIND)).all()
    number = re.search(r"Beställning (\w{8})", letter.body)
    assert number
    page.get_by_role("link", name="Välj tolk").click()
    page.get_by_label("Förmedlingen", exact=True).fill("Tolkbyrån")
    page.get_by_label("Förmedlingens nummer").fill(number[1])
    press(page, "Spara")
    press(page, "Tolken har sagt ja")
    expect(page.get_by_text("Klart: tolken kommer.")).to_be_visible()
    phone = open_phone(javascript=javascript)
    site.sign_in(phone, site.world.participant)
    phone.goto("/home")
    expect(phone.get_by_text("Vi har en tolk till mötet.")).to_be_visible()


@BOTH_WAYS
def test_a_day_away_moves_the_meeting_and_is_undone(
    open_site: Site, open_phone: OpenPage, javascript: bool
) -> None:
    site, meeting = open_site, book(open_site, 2)
    page = open_phone(javascript=javascript)
    site.sign_in(page, site.world.coach)
    page.goto(f"/staff/absence/{site.world.coach.id}")
    away = (site.frozen.moment + 2 * DAY).date().isoformat()
    page.get_by_label("Första dagen").fill(away)
    page.locator("#last").fill(away)
    press(page, "Spara")
    expect(page.get_by_role("heading", name="Möten under frånvaron")).to_be_visible()
    nothing_sticks_out(page)
    page.get_by_role("link", name="Ny tid", exact=True).click()
    expect(page.get_by_label("Ny tid, samma coach")).to_be_checked()
    screenshot(page, f"away-{javascript}")
    press(page, "Ändra mötena")
    phone = open_phone(javascript=javascript)
    site.sign_in(phone, site.world.participant)
    phone.goto(f"/meetings/{meeting.id}")
    was = phone.locator("main").inner_text()
    page.goto(f"/staff/absence/{site.world.coach.id}")
    press(page, "Ångra")
    phone.goto(f"/meetings/{meeting.id}")
    expect(phone.locator("main")).to_contain_text("torsdag 26 november", ignore_case=True)
    assert phone.locator("main").inner_text() != was
    with site.database.reading() as session:
        assert session.get_one(Appointment, meeting.id).starts_at == meeting.starts_at


@BOTH_WAYS
def test_a_month_of_attendance_from_the_note_to_the_file(
    open_site: Site, open_phone: OpenPage, javascript: bool
) -> None:
    site, now = open_site, open_site.frozen.moment
    with site.database.transaction() as session:
        people = site.world.participant, site.world.coach
        add_meeting(session, *people, now - 2 * HOUR, now - 9 * DAY)
    phone, desk = open_phone(javascript=javascript), open_phone(javascript=javascript)
    site.sign_in(phone, site.world.participant)
    site.sign_in(desk, site.world.coach)
    phone.goto("/home")
    with phone.expect_navigation():
        phone.get_by_role("button", name=re.compile("Jag var med på mötet")).click()
    expect(phone.get_by_text("Tack! Du har skrivit under att du var med.")).to_be_visible()
    desk.goto("/staff/attendance")
    expect(desk.get_by_text("1 inte noterad").first).to_be_visible()
    nothing_sticks_out(desk)
    desk.locator('a[href*="/attendance"]', has_text=re.compile(r"24.nov")).first.click()
    desk.get_by_label("Kom", exact=True).check()
    with desk.expect_navigation():
        desk.locator("main form button[type=submit]").first.click()
    desk.goto(f"/staff/people/{site.world.participant.id}/attendance")
    expect(desk.get_by_text("Saknas", exact=True)).to_have_count(0)
    expect(desk.locator("table")).to_contain_text("Karin")
    screenshot(desk, f"month-{javascript}")
    with desk.expect_download() as got:
        desk.get_by_role("link", name="Spara som CSV").click()
    text = got.value.path().read_text("utf-8-sig")
    assert "2026-11-24" in text
    assert "Karin Lund" in text
    phone.goto("/me/attendance")
    expect(phone.get_by_text("Du har skrivit under")).to_be_visible()
