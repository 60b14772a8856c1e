"""The coach's pages on a phone and on a desk, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser

LAST = "/staff/audit-reports"


def first_page(site: Site, page: Page) -> Page:
    site.sign_in(page, site.world.lead)
    page.goto(f"{site.url}/staff")
    return page


@pytest.mark.parametrize("language", ["sv", "ar"])
@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_the_menu_is_one_row_and_opens_with_the_keyboard(
    site: Site, open_phone: OpenPage, language: str, javascript: bool
) -> None:
    page = first_page(site, open_phone(language=language, dark=language == "ar", javascript=javascript))
    bar, menu = page.locator(".desk-top"), page.locator(".desk-top summary")
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] < 80, "one row"
    last = page.locator(f".desk-top a[href='{LAST}']")
    expect(last).to_be_hidden()
    nothing_sticks_out(page)
    menu.focus()
    page.keyboard.press("Enter")
    expect(last).to_be_visible()
    expect(page.locator(".desk-top [aria-current=page]")).to_have_attribute("href", "/staff")
    nothing_sticks_out(page)
    if javascript:
        no_axe_violations(page)
    screenshot(page, f"staff-menu-{language}-{javascript}")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/staff/week")
    expect(last).to_be_hidden()


def test_on_a_desk_the_menu_is_an_open_row(site: Site, open_phone: OpenPage) -> None:
    page = first_page(site, open_phone(desk=True))
    expect(page.locator(".desk-top summary")).to_be_hidden()
    boxes = [one.bounding_box() for one in page.locator(".desk-top nav a").all()]
    assert len({box["y"] for box in boxes if box}) == 1
    expect(page.locator(f".desk-top a[href='{LAST}']")).to_be_visible()
