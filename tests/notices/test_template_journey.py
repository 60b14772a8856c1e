"""An admin words an SMS in a real browser: the preview follows what is typed; without a script, a button."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_from_the_list_to_a_text_of_ones_own(site: Site, open_phone: OpenPage, javascript: bool) -> None:
    """S57: the same page, with and without JavaScript."""
    page = open_phone(javascript=javascript, desk=True)
    site.sign_in(page, site.world.admin)
    page.goto(f"{site.url}/staff/organisation/texts")
    page.get_by_role("link", name="svenska: portalens").first.click()
    page.get_by_label("Er text").fill("Vi ses – {dag} klockan {tid}.")
    if not javascript:
        page.get_by_role("button", name="Visa").click()
    expect(page.locator("figure")).to_contain_text("Vi ses – torsdag 10 september klockan 13.00.")
    expect(page.locator("#preview")).to_contain_text("–: skriv -")
    screenshot(page, f"sms-text-{'script' if javascript else 'plain'}")
    if javascript:
        no_axe_violations(page)
    page.get_by_role("button", name="Byt alla tecken").click()
    expect(page.get_by_label("Er text")).to_have_value("Vi ses - {dag} klockan {tid}.")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Den gäller nya meddelanden.")).to_be_visible()
    expect(page.get_by_text("har fortfarande portalens text")).to_be_visible()


def test_on_a_narrow_screen_in_arabic(site: Site, open_phone: OpenPage) -> None:
    """S28"""
    page = open_phone()
    site.sign_in(page, site.world.admin)
    page.goto(f"{site.url}/staff/organisation/texts/reminder_one_day/ar")
    expect(page.locator("figure p")).to_have_attribute("dir", "rtl")
    nothing_sticks_out(page)
    no_axe_violations(page)
    screenshot(page, "sms-text-narrow")
    page.goto(f"{site.url}/staff/organisation/texts")
    nothing_sticks_out(page)
    screenshot(page, "sms-texts-narrow")
