"""All questions on one page in a real browser: by thumb, mirrored in Arabic, typed without a script."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from portal.instruments.models import ResponseLine
from tests.feedback.test_browser import answers, begin, look
from tests.support.browser import OpenPage
from tests.support.site import Site

pytestmark = pytest.mark.browser


def test_by_thumb_in_swedish(open_phone: OpenPage, site: Site) -> None:
    page = open_phone()
    site.sign_in(page, site.world.participant, tier=1)
    at = begin(site, site.world.participant, "before")
    page.goto(at)
    page.get_by_role("button", name="Alla frågor på en sida").tap()
    page.wait_for_url("**/all")
    look(page, "all-sv-empty")
    page.get_by_role("button", name="Nästa").tap()
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "all-sv-error")
    sliders = page.get_by_role("slider")
    sliders.nth(0).press("End")
    sliders.nth(1).press("Home")
    sliders.nth(2).press("PageUp")
    page.get_by_role("button", name="Fortsätt senare").tap()
    expect(page.get_by_text("Det du har svarat är sparat.")).to_be_visible()
    assert answers(site) == {"energy": 100, "everyday": 0, "contact": 10}
    page.goto(at)
    page.get_by_role("link", name="Fortsätt").tap()
    page.get_by_role("slider").nth(4).press("End")
    page.get_by_role("button", name="Nästa").tap()
    page.wait_for_url("**/check")
    expect(page.get_by_text("Du har inte svarat på: Stegen i planen")).to_be_visible()
    look(page, "all-sv-check")
    page.get_by_role("button", name="Skicka").tap()
    page.wait_for_url("**/thanks")
    assert answers(site) == {"energy": 100, "everyday": 0, "contact": 10, "steps": None, "belief": 100}


def test_mirrored_in_arabic(open_phone: OpenPage, site: Site) -> None:
    """The low end is where reading starts, on each line; the direction is stored with the answer."""
    person = site.world.second_participant
    page = open_phone(language="ar", dark=True)
    site.sign_in(page, person, tier=1)
    page.goto(begin(site, person, "before") + "/all")
    for number in range(5):
        slider = page.get_by_role("slider").nth(number)
        box = slider.bounding_box()
        assert box is not None
        slider.tap(position={"x": box["width"] * 0.9, "y": box["height"] / 2})
    look(page, "all-ar")
    page.locator("main button[value=next]").tap()
    page.wait_for_url("**/check")
    assert all(5 <= (value or 0) <= 15 for value in answers(site).values())
    with site.database.reading() as session:
        assert set(session.scalars(select(ResponseLine.direction))) == {"rtl"}


def test_without_javascript_numbers_are_typed(open_phone: OpenPage, site: Site) -> None:
    """S57"""
    page = open_phone(javascript=False)
    site.sign_in(page, site.world.participant, tier=1)
    page.goto(begin(site, site.world.participant, "before") + "/all")
    for number, typed in enumerate(["7,5", "2", "sju", "10"]):
        page.get_by_label("Skriv ett tal").nth(number).fill(typed)
    page.get_by_role("button", name="Nästa").tap()
    expect(page.locator("#line3-value-error")).to_be_visible()
    expect(page.get_by_label("Skriv ett tal").nth(2)).to_have_value("sju")
    page.get_by_label("Skriv ett tal").nth(2).fill("7")
    page.get_by_role("button", name="Nästa").tap()
    page.wait_for_url("**/check")
    assert answers(site) == {"energy": 75, "everyday": 20, "contact": 70, "steps": 100}
