"""A coach, an interpreter on their own tablet and a participant, with JavaScript and without (S8, S57)."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from portal.identity.models import Person
from tests.interpreter.conftest import HOUR, Talk, write_talk
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser

TABLET = ViewportSize(width=820, height=1180)


@pytest.fixture
def meeting(site: Site) -> Talk:
    """Amina's meeting in an hour."""
    with site.database.transaction() as session:
        return write_talk(session, site.world, site.frozen.moment)


def look(page: Page, name: str) -> None:
    """What every page must bear."""
    no_axe_violations(page)
    nothing_sticks_out(page)
    screenshot(page, f"interpreter-{name}")


def shown_code(site: Site, desk: Page, meeting: Talk) -> str:
    """The code on the coach's screen."""
    site.sign_in(desk, site.world.coach)
    desk.goto(site.url + meeting.page)
    desk.get_by_role("button", name="Visa koden").click()
    expect(desk.get_by_role("heading", name="Läs koden för tolken")).to_be_visible()
    return desk.locator(".shown-code").inner_text()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_from_the_coachs_code_to_the_closed_page(
    site: Site, meeting: Talk, open_phone: OpenPage, javascript: bool
) -> None:
    """S8, S57"""
    desk = open_phone(javascript=javascript, desk=True)
    code = shown_code(site, desk, meeting)
    assert re.fullmatch(r"\d{4} \d{4}", code)
    if javascript:
        look(desk, "code")

    tablet = open_phone(javascript=javascript)
    tablet.clock.install()
    tablet.goto(f"{site.url}/norrby")
    tablet.get_by_role("link", name="Jag är tolk").click()
    tablet.get_by_label("Koden från coachen").fill(code)
    tablet.get_by_role("button", name="Öppna").click()
    expect(tablet.get_by_role("heading", name="Mötet som du tolkar")).to_be_visible()
    expect(tablet.get_by_text("الذهاب إلى الطبيب")).to_be_visible()
    tablet.get_by_role("link", name="Hela ordlistan").click()
    tablet.get_by_label("Sök ett ord").fill("bistånd")
    tablet.get_by_role("button", name="Sök").click()
    expect(tablet.get_by_text("مساعدة مالية")).to_be_visible()
    tablet.get_by_role("link", name="Tillbaka till mötet").click()

    desk.goto(site.url + meeting.page)
    desk.get_by_role("button", name="Stäng för tolken").click()
    expect(desk.get_by_text("Stängt. Tolken ser ingenting längre.")).to_be_visible()
    if javascript:
        # Half a minute later the page asks by itself.
        tablet.clock.run_for(31_000)
        expect(tablet.get_by_label("Koden från coachen")).to_be_visible()
    else:
        tablet.reload()
    expect(tablet.get_by_text("Mötet som du tolkar")).to_have_count(0)
    expect(tablet.get_by_text("الذهاب إلى الطبيب")).to_have_count(0)


def test_it_is_gone_an_hour_after_the_meeting(site: Site, meeting: Talk, open_phone: OpenPage) -> None:
    """S8"""
    code = shown_code(site, open_phone(desk=True), meeting)
    tablet = open_phone()
    tablet.goto(f"{site.url}/tolk")
    tablet.get_by_label("Koden från coachen").fill(code.replace(" ", ""))
    tablet.get_by_role("button", name="Öppna").click()
    expect(tablet.get_by_role("heading", name="Mötet som du tolkar")).to_be_visible()
    site.frozen.move(3 * HOUR - timedelta(seconds=1))
    tablet.reload()
    expect(tablet.get_by_role("heading", name="Mötet som du tolkar")).to_be_visible()
    site.frozen.move(timedelta(seconds=1))
    tablet.reload()
    expect(tablet.get_by_text("الذهاب إلى الطبيب")).to_have_count(0)


def test_the_participant_sees_that_an_interpreter_will_be_there(
    site: Site, meeting: Talk, open_phone: OpenPage
) -> None:
    with site.database.transaction() as session:
        session.get_one(Person, meeting.person_id).language = "ar"
    phone = open_phone(language="ar", dark=True)
    site.sign_in(phone, site.world.participant)
    phone.goto(f"{site.url}/home")
    expect(phone.get_by_text("سيحضر مترجم: العربية.")).to_be_visible()
    look(phone, "home-ar")


@pytest.mark.parametrize("language, dark", [("sv", False), ("ar", True)], ids=["sv-light", "ar-dark"])
def test_how_the_pages_look(
    site: Site, meeting: Talk, open_phone: OpenPage, language: str, dark: bool
) -> None:
    """Side by side on a tablet, one under the other on a phone."""
    name = f"{language}-{'dark' if dark else 'light'}"
    for size in ("phone", "tablet"):
        page = open_phone(language=language, dark=dark)
        if size == "tablet":
            page.set_viewport_size(TABLET)
        page.goto(f"{site.url}/tolk")
        look(page, f"entry-{size}-{name}")
        site.let_in(page, meeting.meeting_id)
        page.goto(f"{site.url}/tolk/meeting")
        for part in page.locator("details").all():
            part.evaluate("details => { details.open = true }")
        look(page, f"meeting-{size}-{name}")
        first, second = page.locator(".pair").first.locator("> *").all()
        one, other = first.bounding_box(), second.bounding_box()
        assert one
        assert other
        assert (one["y"] == other["y"]) is (size == "tablet")
        page.goto(f"{site.url}/tolk/words")
        look(page, f"words-{size}-{name}")
    desk = open_phone(desk=True, dark=dark)
    site.sign_in(desk, site.world.coach)
    desk.goto(site.url + meeting.page)
    look(desk, f"coach-{name}")
    desk.goto(f"{site.url}/staff/people/{meeting.person_id}/meetings")
    look(desk, f"meetings-{name}")
