"""A check-in in a real browser: thumb, keys, number box; Swedish by day, Arabic by night."""

import uuid
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.feedback import service
from portal.identity.models import Person
from portal.instruments.models import Response, ResponseLine
from portal.web.asker import Asker
from tests.feedback.conftest import open_address
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)


def asker_of(site: Site, person: Person, language: str = "sv") -> Asker:
    """This person, asking as a participant."""
    return Asker(
        person_id=person.id,
        organisation_id=person.organisation_id,
        roles=frozenset({"participant"}),
        tier=1,
        session_id=uuid.uuid4(),
        language=language,
        zone=site.world.organisation.zone,
    )


def begin(site: Site, person: Person, instrument: str) -> str:
    """Begin a check-in about some meeting; gives its address."""
    now = site.frozen.moment
    with site.database.transaction() as session:
        return open_address(session, asker_of(site, person), instrument, now)


def answers(site: Site) -> dict[str, int | None]:
    """What is stored, by line."""
    with site.database.reading() as session:
        return {row.line: row.tenths for row in session.scalars(select(ResponseLine))}


def look(page: Page, name: str) -> None:
    """What every page must bear: axe, its width, a photograph."""
    no_axe_violations(page)
    nothing_sticks_out(page)
    screenshot(page, name)


def test_by_thumb_in_swedish_light(open_phone: OpenPage, site: Site) -> None:
    page = open_phone()
    site.sign_in(page, site.world.participant, tier=1)
    at = begin(site, site.world.participant, "before")
    page.goto(at)
    look(page, "check-in-sv-start")
    page.get_by_role("link", name="Börja").tap()
    slider = page.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "Inget svar än")
    look(page, "check-in-sv-1-unset")
    page.get_by_role("button", name="Nästa").tap()
    expect(page.locator("#value-error")).to_have_text("Svara först, eller tryck på Hoppa över.")
    look(page, "check-in-sv-1-error")
    box = slider.bounding_box()
    assert box is not None
    slider.tap(position={"x": box["width"] * 0.7, "y": box["height"] / 2})
    look(page, "check-in-sv-1-set")
    page.get_by_role("button", name="Nästa").tap()
    page.wait_for_url("**/2")
    assert 65 <= (answers(site)["energy"] or 0) <= 75
    for number in range(2, 6):
        page.get_by_role("slider").press("End")
        if number == 3:
            page.get_by_role("button", name="Hoppa över").tap()
        else:
            page.get_by_role("button", name="Nästa").tap()
        page.wait_for_url("**/check" if number == 5 else f"**/{number + 1}")
    look(page, "check-in-sv-check")
    page.get_by_role("link", name="Ändra").first.tap()
    page.get_by_role("slider").press("Home")
    page.get_by_role("button", name="Nästa").tap()
    page.wait_for_url("**/check")
    page.get_by_role("button", name="Skicka").dblclick()
    page.wait_for_url("**/thanks")
    look(page, "check-in-sv-thanks")
    assert answers(site) == {"energy": 0, "everyday": 100, "contact": None, "steps": 100, "belief": 100}


def test_mirrored_in_arabic_dark(open_phone: OpenPage, site: Site) -> None:
    """The low end is where reading starts: near the right edge the value is low."""
    person = site.world.second_participant
    page = open_phone(language="ar", dark=True)
    site.sign_in(page, person, tier=1)
    at = begin(site, person, "after")
    page.goto(at)
    look(page, "check-in-ar-start")
    page.goto(f"{at}/1")
    slider = page.get_by_role("slider")
    box = slider.bounding_box()
    assert box is not None
    slider.tap(position={"x": box["width"] * 0.9, "y": box["height"] / 2})
    look(page, "check-in-ar-1")
    page.locator("button[value=next]").tap()
    page.wait_for_url("**/2")
    slider = page.get_by_role("slider")
    slider.press("Home")
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    page.locator("button[value=next]").tap()
    page.wait_for_url("**/3")
    found = answers(site)
    assert 5 <= (found["understood"] or 0) <= 15
    assert found["listened"] == 2
    page.goto(f"{at}/6")
    page.get_by_role("textbox").fill("أريد وقتا أطول في اللقاء.")
    look(page, "check-in-ar-comment")
    page.locator("button[value=next]").tap()
    page.wait_for_url("**/check")
    look(page, "check-in-ar-check")


@pytest.mark.parametrize("typed, tenths", [("7,5", 75), ("7.5", 75), ("٧٫٥", 75), ("10", 100)])
def test_without_javascript_a_number_is_typed(
    open_phone: OpenPage, site: Site, typed: str, tenths: int
) -> None:
    """S57"""
    page = open_phone(javascript=False)
    site.sign_in(page, site.world.participant, tier=1)
    at = begin(site, site.world.participant, "before")
    page.goto(f"{at}/1")
    page.get_by_label("Skriv ett tal").press_sequentially(typed)
    page.get_by_role("button", name="Nästa").tap()
    page.wait_for_url("**/2")
    assert answers(site) == {"energy": tenths}


def test_without_javascript_what_is_no_number_stays_in_the_box(open_phone: OpenPage, site: Site) -> None:
    page = open_phone(javascript=False)
    site.sign_in(page, site.world.participant, tier=1)
    page.goto(begin(site, site.world.participant, "before") + "/1")
    page.get_by_label("Skriv ett tal").press_sequentially("sju")
    page.get_by_role("button", name="Nästa").tap()
    expect(page.locator("#value-error")).to_be_visible()
    expect(page.get_by_label("Skriv ett tal")).to_have_value("sju")
    screenshot(page, "check-in-sv-nojs-error")


def test_the_coach_reads_the_curve(open_phone: OpenPage, site: Site) -> None:
    person = site.world.participant
    for week, value in enumerate([52, 55, 61, 58, 66, 70, 49]):
        site.frozen.move(timedelta(days=14))
        for instrument in ("before", "after"):
            at = begin(site, person, instrument)
            with site.database.transaction() as session:
                asker, made, now = asker_of(site, person), uuid.UUID(at.rsplit("/", 1)[1]), site.frozen.moment
                for number in range(1, 6):
                    tenths = None if week == 3 and number == 2 else value + number
                    service.answer_line(session, asker, made, number, tenths, now=now)
                if instrument == "after" and week % 3 == 0:
                    service.answer_comment(session, asker, made, "Vi pratade inte om rätt sak.", now=now)
                key = session.scalars(select(Response.submission_key).where(Response.sent_at.is_(None))).one()
                service.send(session, asker, made, key, now=now)
    desk = open_phone(desk=True)
    site.sign_in(desk, site.world.coach)
    desk.goto(f"/staff/people/{person.id}/answers")
    expect(desk.get_by_role("img", name="Avstämning före samtalet")).to_be_visible()
    look(desk, "answers-desk")
    small = open_phone(dark=True)
    site.sign_in(small, site.world.coach)
    small.goto(f"/staff/people/{person.id}/answers")
    look(small, "answers-phone-dark")
