"""The survey in a real browser: from the offer on the first page to the lead's table (S57)."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from portal.identity.models import Person
from portal.surveys.freeze_service import freeze
from portal.surveys.queries import current
from tests.support.browser import PHONE, OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site
from tests.support.world import add_participant
from tests.surveys.conftest import add_sheet, open_survey

pytestmark = pytest.mark.browser

QUESTIONS = len(current().questions)
CHOICES = [number for number, one in enumerate(current().questions, start=1) if one.options]
DECEMBER_1 = datetime(2026, 12, 1, 8, tzinfo=UTC)


def look(page: Page, name: str) -> None:
    """What every page must bear: axe, its width, a photograph."""
    no_axe_violations(page)
    nothing_sticks_out(page)
    screenshot(page, f"survey-{name}")


def ask(site: Site, *people: Person) -> None:
    """Let the third month of these people be over."""
    with site.database.transaction() as session:
        for person in people:
            open_survey(session, person)
            facts = {"gender": "woman", "born_in_sweden": True, "municipality": "norr"}
            session.execute(update(Person).where(Person.id == person.id).values(**facts))


def answer_all(page: Page, name: str, forward: str, first: int = 1) -> None:
    """The first answer of each question from `first` on, and nothing written; every page is looked at."""
    for number in range(first, QUESTIONS + 1):
        page.wait_for_url(f"**/ongoing/{number}")
        look(page, f"{name}-{number}")
        if number in CHOICES:
            page.get_by_role("radio").first.check()
        page.get_by_role("button", name=forward, exact=True).click()
    page.wait_for_url("**/check")


def test_from_the_offer_to_the_leads_table(open_phone: OpenPage, site: Site) -> None:
    world = site.world
    ask(site, world.participant, world.second_participant)
    page = open_phone()
    site.sign_in(page, world.participant, tier=1)
    page.goto(f"{site.url}/home")
    look(page, "sv-home")
    page.get_by_role("link", name="Berätta hur det är hos oss").tap()
    expect(page.get_by_text("Ingen hos oss kan öppna dina svar.")).to_be_visible()
    look(page, "sv-start")
    page.get_by_role("link", name="Börja").tap()
    page.get_by_role("button", name="Nästa").tap()
    expect(page.locator("#error")).to_be_focused()
    look(page, "sv-1-error")
    page.get_by_text("Mycket bra").tap()
    page.get_by_role("button", name="Nästa").tap()
    page.get_by_text("Jag vet inte").tap()
    page.get_by_role("button", name="Nästa").tap()
    page.get_by_role("button", name="Hoppa över").tap()
    page.wait_for_url("**/4")
    # Another day, another session: on at the first empty question, and nothing is read back.
    later = open_phone()
    site.sign_in(later, world.participant, tier=1)
    later.goto(f"{site.url}/home")
    later.get_by_role("link", name="Fortsätt berätta hur det är hos oss").tap()
    later.get_by_role("link", name="Fortsätt").tap()
    later.wait_for_url("**/4")
    answer_all(later, "sv", "Nästa", first=4)
    look(later, "sv-check")
    send = later.get_by_role("button", name="Skicka").bounding_box()
    assert send is not None
    assert send["y"] + send["height"] < 2 * PHONE["height"], "all the answers and the button, on two screens"
    later.get_by_role("button", name="Skicka").tap()
    expect(later.get_by_role("heading", name="Tack!")).to_be_visible()
    look(later, "sv-thanks")

    phone = open_phone(language="ar", dark=True)
    site.sign_in(phone, world.second_participant, tier=1)
    phone.goto(f"{site.url}/home")
    look(phone, "ar-home")
    phone.locator('a[href="/survey/ongoing"]').tap()
    phone.wait_for_url("**/ongoing")
    look(phone, "ar-start")
    phone.locator('a[href="/survey/ongoing/1"]').tap()
    answer_all(phone, "ar", "التالي")
    look(phone, "ar-check")
    phone.locator('form[action="/survey/ongoing/send"] button').tap()
    phone.wait_for_url("**/thanks")
    look(phone, "ar-thanks")

    more_answers(site)
    with site.database.transaction() as session:
        freeze(session, DECEMBER_1)
    site.frozen.move(timedelta(days=7))
    the_lead_reads(open_phone, site)


def more_answers(site: Site) -> None:
    """Ten others, whose answers came in another way."""
    with site.database.transaction() as session:
        for number in range(10):
            other = add_participant(
                session,
                site.world.here,
                "Svar Svarsson",
                site.frozen.moment,
                coach=site.world.coach,
                phone=f"+46701741{number:03d}",
                gender="man" if number % 2 else "woman",
                born_in_sweden=True,
                municipality="norr",
            )
            open_survey(session, other)
            said = {"reception": "very-good" if number else "bad", "better": "Mer tid, tack."}
            add_sheet(session, other, site.frozen.moment - timedelta(days=1), "ongoing", said)


def the_lead_reads(open_phone: OpenPage, site: Site) -> None:
    """The figure, its table, a split, and an answer left out with its reason."""
    desk = open_phone(desk=True)
    site.sign_in(desk, site.world.lead)
    desk.goto(f"{site.url}/staff")
    desk.get_by_role("link", name="Enkät").click()
    desk.wait_for_url("**/surveys")
    look(desk, "lead-teams")
    desk.get_by_role("link", name="Efter några månader").click()
    section = desk.locator("section", has=desk.get_by_role("heading", name="Hur är vi mot dig"))
    expect(section.get_by_text("11 av 12 (92 %)").first).to_be_visible()
    expect(section.get_by_role("row", name="Mycket bra 11")).to_be_visible()
    expect(section.get_by_role("row", name="Dåligt 1", exact=False).first).to_be_visible()
    look(desk, "lead-figures")
    section.get_by_role("link", name="Lämna svar utanför").click()
    desk.wait_for_url("**/leave-out/**")
    look(desk, "lead-leave-out")
    desk.get_by_label("Vilket svar").select_option("bad")
    desk.get_by_label("Hur många").fill("1")
    desk.get_by_label("Varför").fill("Svaret gällde en annan fråga.")
    desk.get_by_role("button", name="Visa båda siffrorna").click()
    expect(section.get_by_text("11 av 12 (92 %)").first).to_be_visible()
    expect(section.get_by_text("11 av 11 (100 %)")).to_be_visible()
    desk.get_by_role("link", name="Kvinnor och män").click()
    desk.wait_for_url("**by=gender**")
    look(desk, "lead-split")
    with desk.expect_download() as found:
        desk.get_by_role("link", name="Hämta som XLSX").click()
    assert found.value.suggested_filename == "survey-ongoing-2026-2.xlsx"


def test_without_javascript_nothing_is_missing(open_phone: OpenPage, site: Site) -> None:
    ask(site, site.world.participant)
    page = open_phone(javascript=False)
    site.sign_in(page, site.world.participant, tier=1)
    page.goto(f"{site.url}/home")
    page.get_by_role("link", name="Berätta hur det är hos oss").click()
    page.get_by_role("link", name="Börja").click()
    for number in range(1, QUESTIONS):
        if number in CHOICES:
            page.get_by_role("radio").last.check()
        else:
            page.get_by_role("textbox").fill("Jag vågar mer.")
        page.get_by_role("button", name="Nästa").click()
    page.get_by_role("button", name="Tillbaka").click()
    expect(page.get_by_role("textbox")).to_have_value("Jag vågar mer.")
    page.get_by_role("button", name="Nästa").click()
    page.get_by_role("button", name="Hoppa över").click()
    expect(page.get_by_text("Du hoppade över frågan")).to_be_visible()
    screenshot(page, "survey-sv-plain-check")
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("heading", name="Tack!")).to_be_visible()
