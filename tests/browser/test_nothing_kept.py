"""S20, S21: nothing of any page, of participants or of staff, stays in the browser or comes back."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_every_page import LOOKS, Place, open_page, place, still
from tests.browser.test_leaving import STORES, walk_back
from tests.guards.access_table import TABLE
from tests.guards.test_access import rules
from tests.support.matrix import path_of

__all__ = ["place", "still"]

pytestmark = pytest.mark.browser

WALKS = {
    "participant2": (
        "GET feedback.show_step",
        "GET feedback.page.show_all",
        "GET surveys.show_step",
        "GET user_audit.answer",
        "GET plan.card.show_whole",
        "GET home.show_home",
    ),
    "coach": (
        "GET staff.show_today",
        "GET staff.show_person",
        "GET plan_staff.show_plan",
        "GET booking_staff.show_meetings",
    ),
    "lead": ("GET staff.show_person", "GET surveys_staff.show_results", "GET reports.show_report"),
}
"""Some pages with something personal on each, in the order in which they are read."""


def address(place: Place, name: str) -> str:
    """Where the page is, about the first participant's object where it is about one."""
    row, rule = TABLE[name], rules(place.site.app)[name]
    owners = dict.fromkeys(row.holds, "participant")
    return place.site.url + path_of(place.site.app, rule, row.holds, owners, place.objects)


def opened(browser: Browser, place: Place, viewer: str) -> Page:
    """A browser in which they are signed in."""
    page, _watch = open_page(browser, place, viewer, "sv", "light")
    return page


@pytest.mark.parametrize("viewer", WALKS)
def test_no_page_writes_to_the_browsers_stores(quick_browser: Browser, place: Place, viewer: str) -> None:
    """S21: check-ins, surveys, audits and everything that staff read, as much as the rest."""
    page = opened(quick_browser, place, viewer)
    walked = [name for name, lookers in LOOKS.items() if viewer in lookers]
    assert set(WALKS[viewer]) <= set(walked)
    for name in walked:
        page.goto(f"{address(place, name)}?q=Amina")
        assert set(page.evaluate(STORES).values()) == {0}, name
    page.context.close()


@pytest.mark.parametrize("viewer", WALKS)
def test_after_signing_out_no_page_comes_back(quick_browser: Browser, place: Place, viewer: str) -> None:
    """S20: a check-in, a survey, an audit's question and the pages of staff, back to the first one."""
    page = opened(quick_browser, place, viewer)
    seen = []
    for name in WALKS[viewer]:
        page.goto(address(place, name))
        seen.append(page.locator("main").inner_text())
    page.goto(f"{place.site.url}/{'me' if viewer == 'participant2' else 'staff'}")
    with page.expect_navigation():
        page.locator("form[action='/sign-out'] button").first.click()
    shown = walk_back(page, 1)
    for _name in WALKS[viewer]:
        shown += walk_back(page, 1)
        assert page.locator("main").inner_text() not in seen
    assert "Amina" not in shown
    page.context.close()
