"""Every page that a person is let in to, on a phone: axe, nothing sticks out, few requests, few bytes.

Swedish by day and Arabic at night. The pages come from the table of who may open what, so that a new page is
looked at as soon as it has its row.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import brotli
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from portal import clock
from portal.identity.models import Person
from tests.conftest import NOW, FrozenClock
from tests.guards.access_table import TABLE, Row
from tests.guards.test_access import expected, rules
from tests.support.browser import DESK, PHONE, Watch, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.matrix import INTERPRETER, NOBODY, VIEWERS, path_of
from tests.support.objects import Objects, populate
from tests.support.site import Site, running

pytestmark = pytest.mark.browser

# Who looks: one of each kind of person is enough for how a page looks.
STAFF = ("coach", "lead", "admin", "translator", "user_auditor")
LOOKERS = (NOBODY, INTERPRETER, "participant1", "participant2", *STAFF)
STYLES = [("sv", "light"), ("ar", "dark")]
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
"""What differs from one visit to the next, and nobody sees."""
ONES_OWN = (NOBODY, "participant2")
"""Whose pages are held to be light."""
REQUESTS, COLD_BYTES, WARM_BYTES = 4, 35_000, 10_000
PAGE_BYTES, STYLE_BYTES = 10_000, 4_000


@dataclass
class Place:
    """A running portal with something of everything in it."""

    site: Site
    objects: Objects


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Place]:
    """One for all pages; looking changes nothing."""
    with running(f"pages_{worker_id}", tmp_path_factory.mktemp("pages"), FrozenClock(NOW)) as site:
        with site.database.transaction() as session:
            objects = populate(session, site.world, NOW)
        yield Place(site, objects)
    clock.use(clock.system_time)


@pytest.fixture(autouse=True)
def still(place: Place) -> None:
    """Every page is looked at in the same moment."""
    clock.use(place.site.frozen)


def lookers(row: Row) -> Iterator[str]:
    """Who is let in to a page."""
    owners = {at: "participant" for at, kind in row.holds.items() if not kind.startswith("=")}
    for viewer in LOOKERS:
        if expected(row, viewer, owners) == "in":
            yield viewer


# Answers that are no pages: facts for a machine, a file, a part that a page asks for.
NO_PAGES = {
    "GET ops.health",
    "GET recordings.hear_recording",
    "GET booking.calendar_file",
    "GET groups.calendar_file",
    "GET calendars_staff.open_meeting",
    "GET interpreter.show_still",
    "GET signin.pin.show_waiting",
    "GET own_messages.show_progress",
    "GET my_sheet.take_out",
    "GET orders_staff.take_out",
    "GET reports.take_out",
    "GET reports.take_out_sending",
    "GET sheet.take_out",
    "GET sheets.take_out",
    "GET surveys_staff.take_out",
}
LOOKS = {
    name: list(lookers(row))
    for name, row in sorted(TABLE.items())
    if name.startswith("GET ") and row.who not in {"demo", "callback"} and name not in NO_PAGES
}


def open_page(browser: Browser, place: Place, viewer: str, language: str, theme: str) -> tuple[Page, Watch]:
    """A fresh browser in which `viewer` is signed in."""
    staff = viewer in STAFF
    context = browser.new_context(
        viewport=DESK if staff else PHONE,
        has_touch=not staff,
        is_mobile=not staff,
        locale=language,
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    watch = Watch(place.site.url)
    watch.over(context)
    page = context.new_page()
    if viewer == INTERPRETER:
        place.site.let_in(page, place.objects["meeting"]["participant"])
    elif viewer != NOBODY:
        person, tier = VIEWERS[viewer]
        with place.site.database.transaction() as session:
            session.execute(update(Person).values(language=language))
        place.site.sign_in(page, getattr(place.site.world, person), tier)
    return page, watch


@pytest.mark.parametrize(("language", "theme"), STYLES, ids=str)
@pytest.mark.parametrize("name", LOOKS)
def test_a_page_looks_and_reads_well(
    quick_browser: Browser, place: Place, name: str, language: str, theme: str
) -> None:
    row, rule = TABLE[name], rules(place.site.app)[name]
    path = path_of(place.site.app, rule, row.holds, dict.fromkeys(row.holds, "participant"), place.objects)
    seen: set[str] = set()
    for viewer in LOOKS[name]:
        page, watch = open_page(quick_browser, place, viewer, language, theme)
        response = page.goto(place.site.url + path)
        assert response is not None
        # What one role sees just as another, and where nobody stays, is looked at once.
        if "html" in response.headers.get("content-type", "") and response.url == place.site.url + path:
            shown = TOKEN.sub("", page.content())
            if shown not in seen:
                seen.add(shown)
                screenshot(page, f"{name.removeprefix('GET ')}-{viewer}-{language}-{theme}")
                nothing_sticks_out(page)
                no_axe_violations(page)
        page.context.close()
        assert not watch.problems, f"{viewer}: " + "\n".join(watch.problems)


def bytes_of(page: Page) -> tuple[int, int]:
    """How many requests the page has cost, and how many bytes came."""
    entries = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map(entry => entry.transferSize)"
    )
    return sum(1 for size in entries if size), sum(entries)


@pytest.mark.parametrize(
    ("name", "viewer"),
    [(name, viewer) for name, viewers in LOOKS.items() for viewer in viewers if viewer in ONES_OWN],
)
def test_a_page_is_light(quick_browser: Browser, place: Place, name: str, viewer: str) -> None:
    """With `-s` it says what each page weighs: page, its styles, requests, all of it cold and warm."""
    row, rule = TABLE[name], rules(place.site.app)[name]
    path = path_of(place.site.app, rule, row.holds, dict.fromkeys(row.holds, "participant"), place.objects)
    page, _ = open_page(quick_browser, place, viewer, "sv", "light")
    page.goto(place.site.url + path)
    requests, cold = bytes_of(page)
    html = page.evaluate("performance.getEntriesByType('navigation')[0].encodedBodySize")
    styles = len(brotli.compress("".join(page.locator("style").all_text_contents()).encode()))
    page.goto(place.site.url + path)
    warm = bytes_of(page)[1]
    page.context.close()
    sys.stdout.write(f"\n{html:6} {styles:6} {requests:3} {cold:6} {warm:6}  {name} {viewer}\n")
    assert html <= PAGE_BYTES
    assert styles <= STYLE_BYTES
    assert requests <= REQUESTS
    assert cold <= COLD_BYTES
    assert warm <= WARM_BYTES
