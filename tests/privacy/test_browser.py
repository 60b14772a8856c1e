"""On a phone: who has looked, and all about me, to read and as a file; also without JavaScript (S57)."""

import zipfile
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.identity.models import Person
from portal.ops import service as ops
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.objects import populate
from tests.support.signing_in import PIN, give_pin
from tests.support.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def full(site: Site, open_phone: OpenPage) -> Site:
    """Something of each kind about Amina, who has a PIN; Karin and Olof have looked, one of them in vain."""
    with site.database.transaction() as session:
        populate(session, site.world, site.frozen.moment)
    give_pin(site.database, site.world.participant)
    desk = open_phone(desk=True)
    for person, pages in (
        (site.world.coach, ("", "/plan", "/meetings")),
        (site.world.other_coach, ("/plan",)),
    ):
        site.sign_in(desk, person)
        for page in pages:
            desk.goto(f"{site.url}/staff/people/{site.world.participant.id}{page}")
    return site


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_participant_sees_who_and_takes_it_all_out(
    full: Site, open_phone: OpenPage, javascript: bool
) -> None:
    """S42, S47"""
    phone = open_phone(javascript=javascript)
    full.sign_in(phone, full.world.participant)
    phone.goto(f"{full.url}/me")
    phone.get_by_role("link", name="Vem har tittat?").click()
    expect(phone.locator(".card", has_text="Karin")).to_contain_text("Läste: ")
    expect(phone.locator(".card", has_text="Olof")).to_contain_text("Det fick personen inte.")
    phone.get_by_role("link", name="Tillbaka").click()
    phone.get_by_role("link", name="Allt om mig").click()
    phone.get_by_label("Din pinkod").fill("135791")
    phone.get_by_role("button", name="Läs nu").click()
    expect(phone.get_by_role("heading", name="Allt om mig")).to_be_visible()
    phone.get_by_label("Din pinkod").fill(PIN)
    with phone.expect_download() as taken:
        phone.get_by_role("button", name="Hämta som fil").click()
    with zipfile.ZipFile(taken.value.path()) as folder:
        assert "Amina Hassan" in folder.read("mina-uppgifter.html").decode()
    phone.get_by_label("Din pinkod").fill(PIN)
    phone.get_by_role("button", name="Läs nu").click()
    expect(phone.get_by_text("Amina Hassan")).to_be_visible()
    phone.get_by_text("Dina möten (3)").click()
    expect(phone.get_by_text("På plats").first).to_be_visible()


@pytest.mark.parametrize("language, dark", [("sv", False), ("ar", True)], ids=["sv-light", "ar-dark"])
def test_how_the_pages_look(full: Site, open_phone: OpenPage, language: str, dark: bool) -> None:
    """Axe finds nothing, nothing sticks out; the pictures are for people to look at."""
    with full.database.transaction() as session:
        session.get_one(Person, full.world.participant.id).language = language
    phone = open_phone(language=language, dark=dark)
    full.sign_in(phone, full.world.participant)
    for path, name in (("/me", "me"), ("/me/looked", "looked"), ("/me/data", "data")):
        phone.goto(f"{full.url}{path}")
        _look(phone, f"{name}-{language}")
    phone.locator("[name=pin]").fill(PIN)
    phone.locator("[name=how][value=read]").click()
    expect(phone.locator("dl.facts").first).to_be_visible()
    _look(phone, f"read-{language}")
    phone.emulate_media(media="print")
    screenshot(phone, f"privacy-print-{language}")


def test_how_the_staff_pages_look(full: Site, open_phone: OpenPage) -> None:
    desk = open_phone(desk=True)
    full.sign_in(desk, full.world.coach)
    desk.goto(f"{full.url}/staff/people/{full.world.participant.id}/record")
    _look(desk, "record")
    with full.database.transaction() as session:
        ops.hold(session, full.frozen.moment, copied_at=full.frozen.moment - timedelta(hours=8))
    full.sign_in(desk, full.world.admin)
    desk.goto(f"{full.url}/staff/sending")
    _look(desk, "sending")
    desk.get_by_text("Börja skicka igen").click()
    desk.get_by_role("button", name="Ja, börja skicka").click()
    expect(desk.get_by_text("Meddelanden skickas som vanligt.")).to_be_visible()
    desk.goto(f"{full.url}/staff/organisation/rules")
    _look(desk, "rules")


def _look(page: Page, name: str) -> None:
    no_axe_violations(page)
    nothing_sticks_out(page)
    screenshot(page, f"privacy-{name}")
