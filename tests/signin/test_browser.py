"""Signing in on a phone, as people see it: by day in Swedish, by night in Arabic, with no script."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from portal.identity.models import Person
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.signing_in import PIN, code_in, messages
from tests.support.site import Site

pytestmark = pytest.mark.browser

WAYS = [("sv", False, True), ("ar", True, True), ("sv", False, False)]


def look(page: Page, name: str, language: str, *, scripts: bool = True) -> None:
    """What every page must be. Without scripts nothing can be asked of it: there we walk only."""
    if scripts:
        no_axe_violations(page)
        nothing_sticks_out(page)
        screenshot(page, f"signin-{name}-{language}")


def press(page: Page, form: str) -> None:
    """Press the button of the form that posts there."""
    page.locator(f"form[action='{form}'] button[type=submit]").first.click()


@pytest.mark.parametrize(("language", "dark", "javascript"), WAYS)
def test_the_whole_way_in(
    site: Site, open_phone: OpenPage, language: str, dark: bool, javascript: bool
) -> None:
    """S10, S13, S57: number, code, the coach's yes, a PIN; every page looked at."""
    with site.database.transaction() as session:
        session.execute(
            update(Person).where(Person.id == site.world.participant.id).values(language=language)
        )
    phone = open_phone(language=language, dark=dark, javascript=javascript)
    desk = open_phone(desk=True)
    site.sign_in(desk, site.world.coach)

    phone.goto(f"{site.url}/")
    look(phone, "choose", language, scripts=javascript)
    phone.get_by_text("Samordningen i Norrby").click()
    look(phone, "entry", language, scripts=javascript)
    phone.locator("a[href='/norrby/sign-in']").click()
    look(phone, "phone", language, scripts=javascript)
    phone.locator("#phone").fill("08-123 456 78")
    press(phone, "/norrby/sign-in")
    look(phone, "phone-wrong", language, scripts=javascript)
    expect(phone.locator("#phone")).to_have_value("08-123 456 78")
    phone.locator("#phone").fill("070-174 06 05")
    press(phone, "/norrby/sign-in")
    look(phone, "code", language, scripts=javascript)
    code = code_in(messages(site.database)[-1].body)
    phone.locator("#code").fill(f"{code[:4]} {code[4:]}")
    press(phone, "/norrby/sign-in/code")
    phone.goto(f"{site.url}/me")
    look(phone, "me", language, scripts=javascript)

    phone.goto(f"{site.url}/pin/choose?next=/me")
    look(phone, "pin-choose", language, scripts=javascript)
    press(phone, "/pin/choose/ask")
    look(phone, "pin-waiting", language, scripts=javascript)
    desk.goto(f"{site.url}/staff/people/{site.world.participant.id}/pin")
    look(desk, "staff-pin", language)
    expect(desk.locator(".shown-code")).to_have_text(phone.locator(".shown-code").inner_text())
    desk.locator("button[value=desk]").click()
    if not javascript:
        phone.locator("#waiting a.button").click()
    phone.locator("#pin").fill(PIN)
    look(phone, "pin-form", language, scripts=javascript)
    phone.locator("#pin_again").fill(PIN)
    press(phone, "/pin/choose")
    phone.wait_for_url("**/me")

    site.frozen.move(timedelta(minutes=2))
    press(phone, "/sign-out")
    phone.wait_for_url("**/norrby")


@pytest.mark.parametrize(("language", "dark"), [("sv", False), ("ar", True)])
def test_pages_that_anybody_may_read(site: Site, open_phone: OpenPage, language: str, dark: bool) -> None:
    phone = open_phone(language=language, dark=dark)
    for path in ("turn-to?at=norrby", "about?at=norrby", "accessibility?at=norrby", "language?next=/norrby"):
        phone.goto(f"{site.url}/{path}")
        look(phone, path.split("?", 1)[0], language)


def test_staff_pages_on_a_phone_and_at_a_desk(site: Site, open_phone: OpenPage) -> None:
    for desk in (False, True):
        page = open_phone(desk=desk)
        page.goto(f"{site.url}/staff/sign-in")
        look(page, "staff", "desk" if desk else "phone")
        site.sign_in(page, site.world.coach)
        page.goto(f"{site.url}/staff/password")
        look(page, "password", "desk" if desk else "phone")


def test_what_was_typed_is_sent_again_by_the_browser_itself(site: Site, open_phone: OpenPage) -> None:
    """S17: shown after signing in again, and posted to the form's own address with a fresh token."""
    phone = open_phone()
    site.sign_in(phone, site.world.participant, tier=2)
    phone.goto(f"{site.url}/me")
    site.frozen.move(timedelta(minutes=20))
    phone.evaluate(
        """() => {
            const form = document.querySelector("form[action='/sign-out']");
            form.action = "/pin/choose/ask";
            const words = document.createElement("textarea");
            words.name = "goal";
            words.value = "Jag vill bli kock\\noch laga mat";
            form.append(words);
            HTMLFormElement.prototype.submit.call(form);
        }"""
    )
    phone.wait_for_url("**/norrby/sign-in")
    site.sign_in(phone, site.world.participant, tier=2)
    phone.goto(f"{site.url}/kept")
    look(phone, "kept", "sv")
    expect(phone.locator("blockquote")).to_contain_text("Jag vill bli kock")
    press(phone, "/kept/send")
    expect(phone).to_have_url(re.compile("/pin/choose"))
    expect(phone.locator(".shown-code")).to_be_visible()
