"""The watch over a page sees what it should, and lets a sound page pass."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask, Response, request
from playwright.sync_api import Browser, Page

from tests.support.browser import (
    PATIENCE,
    PHONE,
    OpenPage,
    Watch,
    no_axe_violations,
    nothing_sticks_out,
    settled,
)
from tests.support.served import served

pytestmark = pytest.mark.browser

SOUND = (
    '<!doctype html><html lang="sv"><title>Hej</title><link rel="icon" href="data:,">'
    "<main><h1>Hej</h1></main>"
)
PAGES = {
    "sound": SOUND,
    "error": SOUND + "<script>console.error('oj')</script>",
    "throws": SOUND + "<script>undefinedThing()</script>",
    "policy": SOUND + "<img src='/missing.png' alt='' style='color: red'>",
    "outside": SOUND + "<img src='http://127.0.0.2:9/a.png' alt=''>",
    "wide": SOUND + "<p><svg width='800' height='10'></svg>",
    "unlabelled": SOUND + "<input>",
    "link": SOUND + "<a href='/late'>Vidare</a>",
    "late": SOUND + "<script defer src='/late.js'></script>",
}


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    app = Flask(__name__)

    @app.get("/<name>")
    def page(name: str) -> tuple[str, dict[str, str]]:
        if name == "echo":
            return f"{SOUND}<p>{request.accept_languages.best}</p><noscript><b>utan</b></noscript>", {}
        policy = {"Content-Security-Policy": "style-src 'none'"} if name == "policy" else {}
        return PAGES[name], policy

    asked = threading.Event()

    @app.get("/go")
    def go() -> str:
        asked.set()
        return ""

    @app.get("/late.js")
    def late() -> Response:
        assert asked.wait(PATIENCE / 1000)
        return Response("document.body.append(document.createElement('input'))", mimetype="text/javascript")

    with served(lambda address: app.wsgi_app) as address:
        yield address


def test_a_sound_page_passes(open_phone: OpenPage) -> None:
    page = open_phone()
    page.goto("/sound")
    assert page.viewport_size == PHONE
    no_axe_violations(page)
    nothing_sticks_out(page)


@pytest.mark.parametrize(
    ("name", "said"),
    [("error", "console: oj"), ("throws", "script:"), ("policy", "console: "), ("outside", "left the site")],
)
def test_the_watch_sees_what_is_wrong(browser: Browser, origin: str, name: str, said: str) -> None:
    watch = Watch(origin)
    with browser.new_context() as context:
        watch.over(context)
        context.new_page().goto(f"{origin}/{name}")
    assert any(problem.startswith(said) for problem in watch.problems), watch.problems


def test_a_page_that_sticks_out_or_lacks_labels_fails(browser: Browser, origin: str) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(f"{origin}/wide")
        with pytest.raises(AssertionError, match="too wide"):
            nothing_sticks_out(page)
        page.goto(f"{origin}/unlabelled")
        with pytest.raises(AssertionError, match="label"):
            no_axe_violations(page)


def test_a_page_has_settled_when_all_of_it_is_here(open_phone: OpenPage) -> None:
    page = open_phone()
    page.goto("/link")
    page.click("a")
    assert page.evaluate("document.readyState") != "complete"
    page.evaluate("() => { fetch('/go') }")
    assert settled(page).evaluate("document.readyState") == "complete"
    assert page.locator("input").count() == 1


@pytest.mark.parametrize("phone", [{"language": "ar", "dark": True, "javascript": False}], indirect=True)
def test_a_phone_can_be_another(phone: Page) -> None:
    phone.goto("/echo")
    assert phone.text_content("p") == "ar"
    assert phone.is_visible("b")
    assert phone.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")


def test_a_phone_can_be_far_away(open_phone: OpenPage) -> None:
    page = open_phone(slow=True)
    page.goto("/sound")
    took = page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
    assert took >= 800
