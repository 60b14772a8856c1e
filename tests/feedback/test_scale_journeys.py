"""ORS in a real browser: a coach with four numbers from paper, a participant with the scale on the phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.feedback.models import CheckIn
from portal.identity.models import Person
from portal.instruments.models import Response, ResponseLine
from portal.organisation.models import Organisation
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.packs import MARK, install
from tests.support.paper import typed
from tests.support.site import Site

pytestmark = pytest.mark.browser
DAY, WEEK = timedelta(days=1), timedelta(days=14)


def look(page: Page, name: str) -> None:
    """What a page must bear: axe, its width, a photograph; without scripts a photograph alone."""
    if not name.endswith("nojs"):
        no_axe_violations(page)
        nothing_sticks_out(page)
    screenshot(page, name)


def ready(site: Site, **settings: object) -> None:
    """Both packs are installed, these settings hold, and Amina and Yonas meet Karin in an hour."""
    now, world = site.frozen.moment, site.world
    with site.database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = dict(settings)
        for key in ("ors", "srs"):
            install(session, key, now)
        for number, person in enumerate((world.participant, world.second_participant), start=1):
            add_meeting(session, person, world.coach, now + timedelta(hours=number), now - 9 * DAY)


def totals(site: Site) -> list[tuple[str, int | None]]:
    """What is stored, in order of time."""
    with site.database.reading() as session:
        rows = session.execute(select(Response.instrument, Response.total).order_by(Response.sent_at))
        return [(row.instrument, row.total) for row in rows]


def history(site: Site, person: Person, ors: list[tuple[int | None, ...]]) -> None:
    """ORS and SRS every other week, typed from paper; the last one two weeks ago."""
    now = site.frozen.moment
    with site.database.transaction() as session:
        coach = asker_of(session, site.world.coach)
        for number, values in enumerate(ors):
            at = now - WEEK * (len(ors) - number)
            typed(session, coach, person.id, values, at)
            typed(session, coach, person.id, (95, 92, 90, 94), at + timedelta(hours=1), scale="srs")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_coach_types_ors_from_paper(open_phone: OpenPage, site: Site, javascript: bool) -> None:
    """S57: from the morning's list, one tap, four numbers and Enter; then the curve, and a slip mended."""
    ready(site, before_with="paper", after_with="paper")
    history(site, site.world.participant, [(40, 50, 35, 45), (55, 60, 50, 52), (60, 66, 58, 61)])
    page = open_phone(javascript=javascript)
    way = "js" if javascript else "nojs"
    site.sign_in(page, site.world.coach)
    page.goto("/staff")
    look(page, f"paper-today-{way}")
    page.get_by_role("link", name="Skriv in ORS").first.tap()
    expect(page.get_by_label("Påhittad rad 1")).to_be_focused()
    look(page, f"paper-empty-{way}")
    for number, words in enumerate(("3,5", "4", "3.2", "3"), start=1):
        page.get_by_label(f"Påhittad rad {number}").fill(words)
        if javascript:
            page.keyboard.press("Enter")
    if not javascript:
        page.get_by_role("button", name="Spara ORS").tap()
    expect(page.get_by_text("Sparat. Summan är 13,7 av 40.")).to_be_visible()
    look(page, f"paper-saved-{way}")
    page.get_by_role("link", name="Ändra talen").tap()
    page.get_by_label("Påhittad rad 2").fill("4,4")
    page.get_by_label("Varför ändrar du?").fill("Jag skrev fel")
    page.get_by_role("button", name="Spara").tap()
    expect(page.get_by_text("Påhittad rad 2: 4 blev 4,4.")).to_be_visible()
    look(page, f"paper-corrected-{way}")
    page.get_by_role("link", name="Se kurvan").tap()
    expect(page.get_by_role("img", name="ORS")).to_be_visible()
    expect(page.get_by_text("ORS är 10,4 lägre än förra gången. Fråga vad som har hänt.")).to_be_visible()
    look(page, f"paper-curve-{way}")
    assert totals(site)[-1] == ("ors", 141)
    page.goto("/staff")
    expect(page.get_by_text("ORS är 10,4 lägre än förra gången.").first).to_be_visible()
    look(page, f"paper-today-after-{way}")


def test_what_was_typed_wrongly_is_undone_at_once(open_phone: OpenPage, site: Site) -> None:
    ready(site, before_with="paper", after_with="own")
    page = open_phone(language="ar", dark=True)
    site.sign_in(page, site.world.coach)
    with site.database.transaction() as session:
        session.get_one(Person, site.world.coach.id).language = "ar"
    page.goto(f"/staff/people/{site.world.participant.id}/record/ors")
    for number, box in enumerate(page.locator("[inputmode=decimal]").all()):
        box.fill(str(number + 2))
    look(page, "paper-ar")
    page.locator(".form [type=submit]").tap()
    page.wait_for_url("**/answers/*")
    look(page, "paper-saved-ar")
    assert totals(site) == [("ors", 140)]
    page.locator("form[action$=undo] button").tap()
    page.wait_for_url("**/answers")
    assert totals(site) == []


def test_the_curve_on_a_desk(open_phone: OpenPage, site: Site) -> None:
    ready(site, before_with="digital", after_with="paper")
    history(
        site,
        site.world.participant,
        [
            (40, 50, 35, 45),
            (55, 60, 50, 52),
            (58, None, 58, 61),
            (60, 66, 58, 61),
            (66, 70, 61, 64),
            (70, 72, 66, 69),
        ],
    )
    desk = open_phone(desk=True)
    site.sign_in(desk, site.world.coach)
    desk.goto(f"/staff/people/{site.world.participant.id}/answers")
    expect(desk.get_by_text("Kliniskt signifikant förändring")).to_be_visible()
    look(desk, "scale-curve-desk")
    desk.emulate_media(media="print")
    screenshot(desk, "scale-curve-print")
    desk.emulate_media(media="screen")
    desk.goto(f"/staff/people/{site.world.participant.id}")
    look(desk, "scale-person-desk")
    with site.database.transaction() as session:
        session.get_one(Person, site.world.coach.id).language = "ar"
    arabic = open_phone(language="ar", dark=True)
    site.sign_in(arabic, site.world.coach)
    arabic.goto(f"/staff/people/{site.world.participant.id}/answers")
    look(arabic, "scale-curve-ar-dark")


WAYS = [("sv", True), ("ar", True), ("sv", False)]


@pytest.mark.parametrize("language, javascript", WAYS, ids=["Swedish", "Arabic", "without JavaScript"])
def test_a_participant_answers_the_scale_on_the_phone(
    open_phone: OpenPage, site: Site, language: str, javascript: bool
) -> None:
    """S57: the same one question a screen, with the licence's words on each."""
    ready(site, before_with="digital", after_with="digital")
    person = site.world.second_participant if language == "ar" else site.world.participant
    page = open_phone(language=language, dark=language == "ar", javascript=javascript)
    way = language if javascript else "nojs"
    site.sign_in(page, person, tier=1)
    page.goto("/home")
    look(page, f"digital-home-{way}")
    page.locator("form[action*='/check-in/'] button").tap()
    page.wait_for_url("**/check-in/*")
    look(page, f"digital-start-{way}")
    page.goto(page.url + "/1")
    for number in range(1, 5):
        if javascript:
            page.get_by_role("slider").press("End" if number % 2 else "Home")
        else:
            page.locator("#value").fill("10" if number % 2 else "0")
        look(page, f"digital-{number}-{way}")
        page.locator("button[value=next]").tap()
        page.wait_for_url("**/check" if number == 4 else f"**/{number + 1}")
    look(page, f"digital-check-{way}")
    page.locator("form[action$='/send'] button").tap()
    page.wait_for_url("**/thanks")
    look(page, f"digital-thanks-{way}")
    mark = "نص تجريبي – ليس المقياس المرخص" if language == "ar" else MARK
    expect(page.get_by_text(mark)).to_be_visible()
    assert totals(site) == [("ors", 200)]
    with site.database.reading() as session:
        lines = session.scalars(select(ResponseLine.tenths).order_by(ResponseLine.line)).all()
        assert session.scalars(select(CheckIn.instrument)).all() == ["ors"]
    assert lines == [100, 0, 100, 0]
