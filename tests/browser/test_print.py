"""What is put on paper, and what is seen in the colours that somebody has chosen for the whole machine."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_every_page import Place, open_page, place, still
from tests.guards.access_table import TABLE
from tests.guards.test_access import rules
from tests.support.browser import screenshot
from tests.support.matrix import path_of

__all__ = ["place", "still"]

pytestmark = pytest.mark.browser

PAPERS = [
    ("GET plan.show_plan", "participant2"),
    ("GET plan.card.show_whole", "participant2"),
    ("GET plan.versions.show_version", "participant2"),
    ("GET plan_staff.card.show_card", "coach"),
    ("GET booking.show_meeting", "participant2"),
    ("GET people.card", "coach"),
    ("GET staff.show_person", "coach"),
    ("GET calls_staff.show_calls", "coach"),
    ("GET week.show_week", "coach"),
    ("GET plan_staff.show_plan", "coach"),
    ("GET user_audit_staff.show_poster", "user_auditor"),
    ("GET user_audit_team.show_report", "lead"),
    ("GET user_audit.show_you_said", "participant2"),
]
BLACK, WHITE, NOTHING = "rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"
COLOURS = """[...document.querySelectorAll('main *')].filter(one => one.checkVisibility() && one.innerText)
    .map(one => getComputedStyle(one)).map(style => [style.color, style.backgroundColor])"""


def opened(browser: Browser, place: Place, name: str, viewer: str) -> Page:
    """The page as it lies open at night."""
    row, rule = TABLE[name], rules(place.site.app)[name]
    path = path_of(place.site.app, rule, row.holds, dict.fromkeys(row.holds, "participant"), place.objects)
    page, _ = open_page(browser, place, viewer, "sv", "dark")
    page.goto(place.site.url + path)
    return page


@pytest.mark.parametrize(("name", "viewer"), PAPERS, ids=str)
def test_paper_is_black_on_white_and_has_nothing_to_press(
    quick_browser: Browser, place: Place, name: str, viewer: str
) -> None:
    page = opened(quick_browser, place, name, viewer)
    page.emulate_media(media="print")
    screenshot(page, f"print-{name.removeprefix('GET ')}")
    assert page.locator("nav:visible, button:visible, .button:visible").count() == 0
    colours = page.evaluate(COLOURS)
    assert colours
    assert {colour for colour, _ in colours} == {BLACK}
    assert {ground for _, ground in colours} <= {WHITE, NOTHING}
    page.context.close()


def test_forced_colours_leave_the_line_and_the_buttons(quick_browser: Browser, place: Place) -> None:
    page = opened(quick_browser, place, "GET feedback.show_step", "participant2")
    page.emulate_media(forced_colors="active")
    page.locator(".slider").click()
    screenshot(page, "forced-line")
    ink = page.evaluate("getComputedStyle(document.body).color")
    line = page.evaluate("getComputedStyle(document.querySelector('.slider'), '::before').borderTopColor")
    button = page.evaluate("getComputedStyle(document.querySelector('.button')).borderTopColor")
    ring = page.evaluate("getComputedStyle(document.querySelector('.ring')).backgroundColor")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ink != ground
    assert ground not in {line, button, ring}
    page.context.close()
