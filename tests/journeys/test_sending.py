"""A coach sends a text of the organisation to a list, in a browser on a phone, and stops it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from tests.journeys.test_reached import follow, press
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.own_messages import own_message
from tests.support.site import Site

pytestmark = pytest.mark.browser

WAYS = [("sv", True), ("sv", False), ("ar", True)]


def look(page: Page, name: str, language: str, javascript: bool) -> None:
    nothing_sticks_out(page)
    if javascript:
        no_axe_violations(page)
    screenshot(page, f"sending-{name}-{language}-{'js' if javascript else 'plain'}")


@pytest.mark.parametrize(("language", "javascript"), WAYS, ids=["sv-js", "sv-plain", "ar-js"])
def test_choose_a_list_look_send_stop(
    site: Site, open_phone: OpenPage, language: str, javascript: bool
) -> None:
    """S57: at 360 pixels, with and without JavaScript."""
    now = site.frozen.moment
    with site.database.transaction() as session:
        session.get_one(Person, site.world.coach.id).language = language
        own_message(session, asker_of(session, site.world.admin), now)
        add_meeting(session, site.world.participant, site.world.coach, now + timedelta(days=2), now)
    page = open_phone(language=language, dark=language == "ar", javascript=javascript)
    page.set_viewport_size({"width": 360, "height": 740})
    site.sign_in(page, site.world.coach)
    page.goto("/staff")
    follow(page, "/staff/own-sms")
    look(page, "list", language, javascript)
    follow(page, "/staff/own-sms/new")
    page.locator("select[name=meeting]").select_option("3")
    press(page, "/staff/own-sms/new")
    expect(page.locator("input[name=who]")).to_have_count(1)
    expect(page.locator("input[name=who]")).to_be_checked()
    page.locator("input[name=message]").check()
    look(page, "choose", language, javascript)
    press(page, "/staff/own-sms/preview")
    expect(page.locator("figure")).to_contain_text("Du är välkommen i morgon klockan 13.")
    expect(page.locator("main")).to_contain_text("Amina Hassan")
    look(page, "preview", language, javascript)
    press(page, "/staff/own-sms")
    expect(page.locator("#progress")).to_be_visible()
    look(page, "waiting", language, javascript)
    press(page, f"{page.url.removeprefix(site.url)}/stop")
    expect(page.locator("#progress button")).to_have_count(0)
    look(page, "stopped", language, javascript)
    with site.database.reading() as session:
        row = session.query(OutboxMessage).one()
    assert (row.state, row.error_code) == (messaging.CANCELLED, "taken back")
