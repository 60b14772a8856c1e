"""Amina writes, Karin answers, Amina reads; with JavaScript and without, in Swedish and in Arabic (S57)."""

import uuid

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from portal.conversation import service
from portal.conversation.service import Letter
from portal.identity.models import Person
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.objects import asker_of
from tests.support.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_question_and_its_answer(site: Site, open_phone: OpenPage, scripts: bool) -> None:
    phone = open_phone(javascript=scripts)
    site.sign_in(phone, site.world.participant)
    phone.goto(f"{site.url}/turn-to")
    phone.get_by_role("link", name="Skriv till oss").click()
    phone.get_by_label("Skriv här").fill("Kan min syster följa med?")
    phone.get_by_role("button", name="Skicka").click()
    expect(phone.get_by_text("Ditt meddelande är skickat.")).to_be_visible()
    expect(phone.get_by_text("Väntar på svar, senast torsdag 26 november.")).to_be_visible()
    phone.get_by_role("button", name="På förmiddagen").click()
    expect(phone.get_by_role("heading", name="Vi ringer dig")).to_be_visible()

    desk = open_phone(javascript=scripts, desk=True)
    site.sign_in(desk, site.world.coach)
    desk.goto(f"{site.url}/staff")
    desk.get_by_role("link", name="Svara på meddelandet: Amina H.").click()
    desk.get_by_role("textbox", name="Skriv").fill("Ja, det går bra.")
    desk.get_by_role("button", name="Skicka").click()
    desk.get_by_role("button", name="Ringt").click()
    expect(desk.get_by_role("heading", name="Väntar på svar")).to_have_count(0)
    check(desk, "conversation-staff", scripts)

    phone.goto(f"{site.url}/home")
    phone.get_by_role("link", name="Nytt meddelande till dig").click()
    expect(phone.get_by_text("Ja, det går bra.")).to_be_visible()
    check(phone, "conversation", scripts)
    phone.get_by_role("button", name="Jag har läst").click()
    expect(phone.get_by_role("heading", name="Nytt till dig")).to_have_count(0)
    desk.reload()
    expect(desk.get_by_text("Läst tisdag 24 november")).to_be_visible()


def test_in_arabic_the_page_is_read_from_the_right(site: Site, open_phone: OpenPage) -> None:
    with site.database.transaction() as session:
        session.execute(update(Person).where(Person.id == site.world.participant.id).values(language="ar"))
        coach = asker_of(session, site.world.coach)
        for words in ("Jag ringer dig i dag.", "Vi ses vid porten, den gröna."):
            letter = Letter(uuid.uuid4(), words, "sv")
            service.answer(session, coach, site.world.participant.id, letter, upto=0, now=site.frozen.moment)
    phone = open_phone(language="ar", dark=True)
    site.sign_in(phone, site.world.participant)
    phone.goto(f"{site.url}/messages")
    expect(phone.get_by_text("سأتصل بك اليوم.")).to_be_visible()
    check(phone, "conversation-ar", scripts=True)


def check(page: Page, name: str, scripts: bool) -> None:
    if scripts:
        no_axe_violations(page)
        nothing_sticks_out(page)
        screenshot(page, name)
