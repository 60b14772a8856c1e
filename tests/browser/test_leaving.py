"""S20, S32: after leaving, nothing personal can be seen, neither at once nor by going back."""

import pytest
from playwright.sync_api import Page

from tests.support.browser import OpenPage
from tests.support.site import Site

pytestmark = pytest.mark.browser

ELSEWHERE = "/accessibility"


def at_home(site: Site, page: Page) -> Page:
    """A participant who has read two pages, with the way out leading to a page that we may visit here."""
    site.sign_in(page, site.world.participant)
    for path in ("/me", "/home"):
        page.goto(path)
        assert "Amina" in page.content()
    page.evaluate("to => { document.querySelector('form[data-leave]').dataset.leave = to }", ELSEWHERE)
    return page


def wait_until_forgotten(page: Page) -> None:
    """Wait for the answer that nobody is there to read: it takes the cookie away."""
    for _ in range(200):
        if not page.context.cookies():
            return
        page.evaluate("() => new Promise(done => setTimeout(done, 20))")
    raise AssertionError("the browser still holds its session")


def test_the_way_out_takes_the_page_along_and_going_back_shows_nothing(site: Site, phone: Page) -> None:
    page = at_home(site, phone)
    page.get_by_role("button", name="Lämna sidan").click()
    page.wait_for_url(f"**{ELSEWHERE}")
    wait_until_forgotten(page)
    page.go_back()
    assert not page.url.endswith("/home")
    assert "Amina" not in page.content()


def test_the_page_is_white_before_the_net_has_answered(site: Site, phone: Page) -> None:
    page = at_home(site, phone)
    page.evaluate("document.querySelector('form[data-leave]').dataset.leave = '#'")
    page.route("**/leave?gone", lambda _: None)
    page.get_by_role("button", name="Lämna sidan").click()
    assert page.evaluate("getComputedStyle(document.documentElement).display") == "none"


def test_without_javascript_the_way_out_is_a_form(site: Site, open_phone: OpenPage) -> None:
    page = open_phone(javascript=False)
    site.sign_in(page, site.world.participant)
    page.goto("/home")
    form = page.locator("form[action='/leave']")
    assert form.get_attribute("method") == "post"
    assert form.locator("input").count() == 0


def test_a_page_that_the_browser_kept_asks_again_who_is_there(site: Site, phone: Page) -> None:
    """A page from the back/forward cache is fetched anew, and then there is nobody."""
    page = at_home(site, phone)
    page.context.clear_cookies()
    with page.expect_navigation():
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert "Amina" not in page.content()


def walk_back(page: Page, steps: int) -> str:
    """Everything that going back so many times shows, one page after the other."""
    seen = ""
    for _ in range(steps):
        page.go_back()
        seen += page.content() + page.title()
    return seen


def test_after_signing_out_the_back_button_shows_nothing_personal(site: Site, phone: Page) -> None:
    """S20: every page that was read, back to the first, from the network or from the browser's own cache."""
    site.sign_in(phone, site.world.participant)
    for path in ("/home", "/plan", "/meetings", "/me"):
        phone.goto(path)
    phone.locator("form[action='/sign-out'] button").click()
    phone.wait_for_url("**/norrby")
    seen = walk_back(phone, 4)
    assert "Amina" not in seen
    assert "Min plan" not in seen


def test_after_the_way_out_every_page_of_before_is_empty_too(site: Site, phone: Page) -> None:
    """S20, S32: the page one left from is replaced, and those before it ask again who is there."""
    page = at_home(site, phone)
    page.get_by_role("button", name="Lämna sidan").click()
    page.wait_for_url(f"**{ELSEWHERE}")
    wait_until_forgotten(page)
    assert "Amina" not in walk_back(page, 1)


def test_without_javascript_the_back_button_shows_nothing_either(site: Site, open_phone: OpenPage) -> None:
    """S20, S57"""
    page = open_phone(javascript=False)
    site.sign_in(page, site.world.participant)
    for path in ("/home", "/me"):
        page.goto(path)
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url("**/norrby")
    assert "Amina" not in walk_back(page, 2)


STORES = """async () => ({
  local: localStorage.length,
  session: sessionStorage.length,
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
PAGES = ("/home", "/plan", "/meetings", "/meetings/times", "/me", "/me/reach", "/me/unsafe", "/turn-to")


def test_nothing_of_a_person_stays_in_the_browser(site: Site, phone: Page) -> None:
    """S21: no page writes to any of the browser's own stores, while signed in or after."""
    site.sign_in(phone, site.world.participant)
    for path in PAGES:
        phone.goto(path)
        assert set(phone.evaluate(STORES).values()) == {0}, path
    phone.goto("/me")
    phone.locator("form[action='/sign-out'] button").click()
    phone.wait_for_url("**/norrby")
    assert set(phone.evaluate(STORES).values()) == {0}
