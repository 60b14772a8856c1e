"""How one is reached and comes in, in a real browser: Swedish, Arabic, and without JavaScript."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.worker import Worker
from tests.support import outbox
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.meetings import add_meeting
from tests.support.signing_in import PIN, give_pin
from tests.support.site import Site

pytestmark = pytest.mark.browser

DAY = timedelta(days=1)
WAYS = [("sv", True), ("ar", True), ("sv", False), ("ar", False)]


@pytest.fixture(params=WAYS, ids=lambda way: f"{way[0]}-{'js' if way[1] else 'plain'}")
def way(request: pytest.FixtureRequest) -> tuple[str, bool]:
    """The language, and whether there is JavaScript."""
    found: tuple[str, bool] = request.param
    return found


@pytest.fixture
def person(site: Site, way: tuple[str, bool]) -> Person:
    """A participant with a PIN who reads this language."""
    found = site.world.participant
    give_pin(site.database, found)
    with site.database.transaction() as session:
        session.execute(update(Person).where(Person.id == found.id).values(language=way[0]))
    return found


def look(page: Page, name: str, way: tuple[str, bool]) -> None:
    nothing_sticks_out(page)
    if way[1]:
        no_axe_violations(page)
    screenshot(page, f"reached-{name}-{way[0]}-{'js' if way[1] else 'plain'}")


def press(page: Page, form: str) -> None:
    """Press the button of the form that leads there."""
    with page.expect_navigation():
        page.locator(f"form[action='{form}'] button[type=submit]").first.click()


def follow(page: Page, href: str) -> None:
    """Follow the link that leads there."""
    with page.expect_navigation():
        page.locator(f"a[href='{href}']").first.click()


def open_one(site: Site, open_phone: OpenPage, way: tuple[str, bool]) -> Page:
    return open_phone(language=way[0], dark=way[0] == "ar", javascript=way[1])


def test_call_me(site: Site, open_phone: OpenPage, person: Person, way: tuple[str, bool]) -> None:
    """From the participant's choice to the coach's list, rung and ticked off; no SMS goes."""
    now = site.frozen.moment
    with site.database.transaction() as session:
        add_meeting(session, person, site.world.coach, now + DAY, now - 9 * DAY)
    phone, desk = open_one(site, open_phone, way), open_phone(desk=True)
    site.sign_in(phone, person)
    phone.goto("/me")
    look(phone, "me", way)
    follow(phone, "/me/reach")
    look(phone, "choices", way)
    phone.locator("input[name=way][value=call]").check()
    press(phone, "/me/reach")
    look(phone, "call", way)
    site.frozen.move(timedelta(hours=2))
    assert Worker(site.app, most=100).once()
    site.sign_in(desk, site.world.coach)
    desk.goto("/staff")
    row = desk.locator(".attention", has_text="Amina")
    expect(row).to_contain_text("Ring och påminn om mötet onsdag 25 november klockan 09.00.")
    row.locator("summary").click()
    expect(row.locator("a[href^='tel:']")).to_be_visible()
    look(desk, "list", ("sv", True))
    row.get_by_role("button", name="Ringt").click()
    expect(desk.locator(".attention", has_text="Amina")).to_have_count(0)
    with site.database.reading() as session:
        assert session.scalars(select(OutboxMessage)).all() == []


def test_more_in_the_sms_after_seeing_it(
    site: Site, open_phone: OpenPage, person: Person, way: tuple[str, bool]
) -> None:
    """S31: the text that is shown is the text that is sent."""
    now = site.frozen.moment
    with site.database.transaction() as session:
        meeting = add_meeting(session, person, site.world.coach, now + DAY, now - 9 * DAY)
        meeting.place = "Storgatan 1"
    phone = open_one(site, open_phone, way)
    site.sign_in(phone, person)
    phone.goto("/me/reach")
    follow(phone, "/me/sms")
    look(phone, "ask", way)
    phone.locator("input[name=place]").check()
    phone.locator("input[name=coach]").check()
    press(phone, "/me/sms/text")
    look(phone, "text", way)
    shown = phone.locator("main p[lang]").last.inner_text()
    press(phone, "/me/sms")
    look(phone, "chosen", way)
    assert Worker(site.app, most=100).once()
    with site.database.reading() as session:
        sent = session.scalars(select(OutboxMessage)).one()
        assert sent.body == shown
        assert "Storgatan 1" in sent.body
        assert "Karin" in sent.body
    press(phone, "/me/sms/less")
    expect(phone.locator("main p[lang]").last).not_to_contain_text("Storgatan")


def test_sms_is_not_safe_and_in_again_with_the_coachs_code(
    site: Site, open_phone: OpenPage, person: Person, way: tuple[str, bool]
) -> None:
    """S34: everything stops at once; then another device, the coach's code and the PIN."""
    with site.database.transaction() as session:
        outbox.put(session, site.frozen.moment, recipient_id=person.id)
    phone, desk = open_one(site, open_phone, way), open_phone(desk=True)
    site.sign_in(phone, person)
    phone.goto("/me")
    follow(phone, "/me/unsafe")
    look(phone, "unsafe-ask", way)
    press(phone, "/me/unsafe")
    look(phone, "unsafe-done", way)
    with site.database.reading() as session:
        assert session.scalars(select(OutboxMessage)).one().state == messaging.CANCELLED

    site.sign_in(desk, site.world.coach)
    desk.goto(f"/staff/people/{person.id}/reach")
    look(desk, "desk", ("sv", True))
    with desk.expect_navigation():
        desk.get_by_role("button", name="Visa en kod").click()
    code = desk.locator(".shown-code").inner_text()
    look(desk, "desk-code", (way[0], True))

    other = open_one(site, open_phone, way)
    other.goto("/norrby/sign-in")
    look(other, "door", way)
    follow(other, "/norrby/sign-in/coach")
    other.locator("#code").fill(code)
    other.locator("#pin").fill("111222")
    press(other, "/norrby/sign-in/coach")
    look(other, "wrong", way)
    expect(other.locator("#code")).to_have_value(code)
    other.locator("#pin").fill(PIN)
    press(other, "/norrby/sign-in/coach")
    other.wait_for_url("**/home")
    expect(other.locator("h1")).to_contain_text("Amina")
    other.goto("/plan")
    assert other.url.endswith("/plan")


def test_the_first_pin_is_chosen_at_the_coachs_desk(
    site: Site, open_phone: OpenPage, way: tuple[str, bool]
) -> None:
    """S13, S34: for somebody who never gets an SMS from us."""
    yonas = site.world.second_participant
    with site.database.transaction() as session:
        values = {"sms_unsafe": True, "language": way[0]}
        session.execute(update(Person).where(Person.id == yonas.id).values(**values))
    desk, phone = open_phone(desk=True), open_one(site, open_phone, way)
    site.sign_in(desk, site.world.coach)
    desk.goto(f"/staff/people/{yonas.id}/reach")
    desk.get_by_role("button", name="Visa en kod").click()
    expect(desk.get_by_role("alert")).to_be_visible()
    desk.locator("#here-0").check()
    with desk.expect_navigation():
        desk.get_by_role("button", name="Visa en kod").click()
    code = desk.locator(".shown-code").inner_text()
    phone.goto("/norrby/sign-in/coach")
    follow(phone, "/norrby/sign-in/coach/pin")
    look(phone, "first-pin", way)
    phone.locator("#code").fill(code)
    phone.locator("#pin").fill(PIN)
    phone.locator("#pin_again").fill(PIN)
    press(phone, "/norrby/sign-in/coach/pin")
    phone.wait_for_url("**/home")
    expect(phone.locator("h1")).to_contain_text("Yonas")
