"""A meeting of several from end to end: planned by keyboard, answered from outside without JavaScript."""

import re
from datetime import time

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from portal.availability.models import WeeklyHours
from portal.messaging.models import OutboxMessage
from portal.notices.invitation_rules import CHANGED, INVITED
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.networks import EMAIL
from tests.support.site import Site

pytestmark = pytest.mark.browser

MOST_TABS = 90
LINK = re.compile(r"http://\S+/invited/\S+")


@pytest.fixture
def open_site(site: Site) -> Site:
    """The coach and the colleague meet people on weekdays from 9 to 16."""
    with site.database.transaction() as session:
        session.add_all(
            WeeklyHours(person_id=one.id, weekday=day, starts=time(9), ends=time(16))
            for one in (site.world.coach, site.world.other_coach)
            for day in range(5)
        )
    return site


def tab_to(page: Page, wanted: Locator) -> None:
    """Go there as one does without a mouse."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError("the keyboard does not come there")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(text)


def letter_of(site: Site, kind: str) -> str:
    """What the nurse reads."""
    with site.database.reading() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind))
        return next(one.body for one in rows if one.address == EMAIL)


def test_a_coach_plans_by_keyboard_alone_and_a_nurse_answers_without_javascript(
    open_site: Site, open_phone: OpenPage
) -> None:
    site = open_site
    desk = open_phone(desk=True)
    site.sign_in(desk, site.world.coach)
    desk.goto(f"{site.url}/staff/people/{site.world.participant.id}/meetings")
    press(desk, desk.get_by_role("link", name="Boka ett möte med flera"))
    press(desk, desk.get_by_label(site.world.other_coach.name), "Space")
    press(desk, desk.get_by_role("button", name="Visa tider"))
    expect(desk.get_by_role("heading", name="Då kan alla")).to_be_visible()
    press(desk, desk.locator("button[name=at]").nth(3))
    expect(desk.get_by_role("heading", name="Vilka är med på mötet")).to_be_visible()
    expect(desk.get_by_text(site.world.other_coach.name).first).to_be_visible()
    write(desk, "Namn", "Sofia Nilsson")
    write(desk, "Var arbetar personen?", "Vårdcentralen")
    write(desk, "E-post", EMAIL)
    press(desk, desk.get_by_label("Deltagaren har sagt ja"), "Space")
    press(desk, desk.get_by_role("button", name="Bjud in"))
    expect(desk.get_by_text("Sofia Nilsson är inbjuden.")).to_be_visible()
    found = LINK.search(letter_of(site, INVITED))
    assert found
    nurse = open_phone(javascript=False)
    nurse.goto(found[0])
    nothing_sticks_out(nurse)
    screenshot(nurse, "invited")
    nurse.get_by_label("Ja, jag kommer").check()
    nurse.get_by_label("Vill du säga något mer?").fill("Jag kommer fem minuter senare.")
    nurse.get_by_role("button", name="Skicka svaret").click()
    expect(nurse.get_by_text("Tack! Vi vet att du kommer.")).to_be_visible()
    desk.reload()
    expect(desk.locator(".row", has_text="Sofia Nilsson")).to_contain_text("Kommer")
    expect(desk.get_by_text("Jag kommer fem minuter senare.")).to_be_visible()


def test_a_new_time_reaches_the_nurse_and_a_late_yes_is_asked_again(
    open_site: Site, open_phone: OpenPage
) -> None:
    site = open_site
    desk = open_phone(desk=True)
    site.sign_in(desk, site.world.coach)
    desk.goto(f"{site.url}/staff/people/{site.world.participant.id}/meetings/with-others")
    desk.get_by_role("button", name="Visa tider").click()
    desk.locator("button[name=at]").nth(8).click()
    desk.get_by_label("Namn").fill("Sofia Nilsson")
    desk.get_by_label("E-post").fill(EMAIL)
    desk.get_by_label("Deltagaren har sagt ja").check()
    desk.get_by_role("button", name="Bjud in").click()
    found = LINK.search(letter_of(site, INVITED))
    assert found
    nurse = open_phone(dark=True)
    nurse.goto(found[0])
    no_axe_violations(nurse)
    with site.database.transaction() as session:
        for row in session.scalars(select(OutboxMessage).where(OutboxMessage.kind == INVITED)):
            row.state = "sent"
    desk.get_by_role("link", name="Ändra tid eller plats").click()
    desk.get_by_label("Tid", exact=True).fill("15:00")
    desk.get_by_role("button", name="Spara ändringen").click()
    expect(desk.get_by_text("Mötet är ändrat.")).to_be_visible()
    assert "klockan 15.00" in letter_of(site, CHANGED)
    nurse.get_by_label("Ja, jag kommer").check()
    nurse.get_by_role("button", name="Skicka svaret").click()
    expect(nurse.get_by_text("Mötet har ändrats medan du svarade.")).to_be_visible()
    expect(nurse.get_by_text("15.00").first).to_be_visible()
    nurse.get_by_role("button", name="Skicka svaret").click()
    expect(nurse.get_by_text("Tack! Vi vet att du kommer.")).to_be_visible()
