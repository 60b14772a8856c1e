"""A voice that rings up about a meeting, in a real browser: Swedish, Arabic, and without JavaScript."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.worker import Worker
from tests.journeys.test_reached import WAYS, follow, open_one, press
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.meetings import add_meeting
from tests.support.signing_in import give_pin
from tests.support.site import Site

pytestmark = pytest.mark.browser

DAY = timedelta(days=1)
SAID = {
    "sv": "Kom ihåg: Du har ett möte onsdag 25 november klockan 9 noll noll.",
    "ar": "تذكير: لديك موعد الأربعاء 25 نوفمبر الساعة 9 تمامًا.",
}


@pytest.fixture(params=WAYS, ids=lambda way: f"{way[0]}-{'js' if way[1] else 'plain'}")
def way(request: pytest.FixtureRequest) -> tuple[str, bool]:
    """The language, and whether there is JavaScript."""
    found: tuple[str, bool] = request.param
    return found


@pytest.fixture
def person(site: Site, way: tuple[str, bool]) -> Person:
    """A participant with a PIN, who reads this language and has a meeting tomorrow."""
    found, now = site.world.participant, site.frozen.moment
    give_pin(site.database, found)
    with site.database.transaction() as session:
        session.execute(update(Person).where(Person.id == found.id).values(language=way[0]))
        add_meeting(session, found, site.world.coach, now + DAY, now - 9 * DAY)
    return found


def look(page: Page, name: str, way: tuple[str, bool]) -> None:
    nothing_sticks_out(page)
    if way[1]:
        no_axe_violations(page)
    screenshot(page, f"voice-{name}-{way[0]}-{'js' if way[1] else 'plain'}")


def choose(page: Page, site: Site, person: Person, way: tuple[str, bool]) -> None:
    """From "me" to a voice, and the reminder's time comes."""
    site.sign_in(page, person)
    page.goto("/me")
    follow(page, "/me/reach")
    page.locator("input[name=way][value=voice]").check()
    look(page, "choice", way)
    press(page, "/me/reach")
    expect(page.locator("input[name=way][value=voice]")).to_be_checked()
    site.frozen.move(timedelta(hours=2))
    assert Worker(site.app, most=100).once()


def row(site: Site) -> OutboxMessage:
    with site.database.reading() as session:
        return session.scalars(select(OutboxMessage)).one()


def test_the_phone_rings_and_is_answered(
    site: Site, open_phone: OpenPage, person: Person, way: tuple[str, bool]
) -> None:
    """From the participant's choice to "answered" on the coach's page; the provider's report comes once."""
    phone, desk = open_one(site, open_phone, way), open_phone(desk=True)
    choose(phone, site, person, way)
    assert (row(site).channel, row(site).state) == ("voice", messaging.SENT)
    phone.goto("/dev/phone")
    look(phone, "rings", way)
    press(phone, f"/dev/phone/{row(site).id}/answer")
    expect(phone.locator("main p[lang]")).to_have_text(SAID[way[0]])
    look(phone, "answered", way)
    site.sign_in(desk, site.world.coach)
    desk.goto(f"/staff/people/{person.id}/messages")
    expect(desk.locator(f"#sms-{row(site).id}")).to_contain_text("Samtal Svarade")
    look(desk, "staff-answered", ("sv", True))
    assert Worker(site.app, most=100).once()
    assert row(site).state == messaging.DELIVERED


def test_nobody_answers_and_the_coach_rings(
    site: Site, open_phone: OpenPage, person: Person, way: tuple[str, bool]
) -> None:
    phone, desk = open_one(site, open_phone, way), open_phone(desk=True)
    choose(phone, site, person, way)
    phone.goto("/dev/phone")
    press(phone, f"/dev/phone/{row(site).id}/leave")
    expect(phone.locator("main p[lang]")).to_have_count(0)
    look(phone, "unanswered", way)
    site.sign_in(desk, site.world.coach)
    desk.goto("/staff")
    caused = desk.locator(".attention", has_text="Amina")
    expect(caused).to_contain_text(
        "Rösten ringde, men nådde inte personen. Ring och påminn om mötet onsdag 25 november klockan 09.00."
    )
    look(desk, "staff-list", ("sv", True))
    follow(desk, "/staff/sending-today")
    expect(desk.locator("main")).to_contain_text("Samtal Ingen svarade")
    look(desk, "staff-trouble", ("sv", True))
    desk.goto("/staff")
    caused.locator("summary").click()
    caused.get_by_role("button", name="Ringt").click()
    expect(desk.locator(".attention", has_text="Amina")).to_have_count(0)
