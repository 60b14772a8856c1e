"""A real browser on a small phone, watched: what it logs, refuses or asks of others fails the test.

Fixtures, for every test (tests/conftest.py imports them):

    def test_home(open_phone, site):
        page = open_phone(language="ar", dark=True)      # javascript=False, slow=True
        page.goto(site.url + "/")
        no_axe_violations(page)
        screenshot(page, "home-ar-dark")
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# The same engine without a screen's machinery: half the time a page, for tests that open hundreds of them.
SHELL = "/usr/bin/chromium-headless-shell"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=800)
SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
# 50 kbit/s and 800 ms (S57), in the units of the DevTools protocol.
SLOW = {"offline": False, "latency": 800, "downloadThroughput": 6_250, "uploadThroughput": 6_250}
# Every rule is tried, and only what fails is sent: what is sound costs Python more to read than all the rest.
AXE = f"{AXE_SCRIPT}\n;axe.run({{resultTypes: ['violations']}}).then(found => found.violations)"
PATIENCE = 60_000
"""Milliseconds until a test gives up waiting: more than a page takes where other tests keep the machine busy,
which has once been more than ten seconds."""
# A form that comes back (422) or a page that is not there is an answer, though the browser calls it an error.
ANSWER = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


@dataclass
class Watch:
    """What went wrong on the pages of one context."""

    origin: str
    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.on("console", self.console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("request", self.request)
        context.on("response", self.response)

    def console(self, message: ConsoleMessage) -> None:
        """Errors and warnings of the page; a breach of the content policy is one of them."""
        if message.type in {"error", "warning"} and not ANSWER.match(message.text):
            self.problems.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        """Whatever leaves the site."""
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:", "about:")):
            self.problems.append(f"left the site: {request.method} {request.url}")

    def response(self, response: Response) -> None:
        """An answer that the server is ashamed of, or a file that is not there."""
        page = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not page):
            self.problems.append(f"answer {response.status}: {response.url}")


@pytest.fixture(scope="session")
def engine() -> Iterator[Playwright]:
    """What drives the browsers: there can be one in a process."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(engine: Playwright) -> Iterator[Browser]:
    """The system's Chromium, one for each worker."""
    chromium = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def quick_browser(engine: Playwright) -> Iterator[Browser]:
    """Chromium without a screen, for looking at page after page; the whole one where it is not installed."""
    shell = SHELL if os.access(SHELL, os.X_OK) else CHROMIUM
    chromium = engine.chromium.launch(executable_path=shell, args=FLAGS)
    yield chromium
    chromium.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_phone(browser: Browser, origin: str) -> Iterator[OpenPage]:
    """Opens phones: `open_phone(language="sv", dark=False, javascript=True, slow=False, desk=False)`.

    Each is a browser of its own (cookies apart). At the end the test fails with what any of them logged.
    """
    watch = Watch(origin)
    contexts: list[BrowserContext] = []

    def open_page(
        *,
        language: str = "sv",
        dark: bool = False,
        javascript: bool = True,
        slow: bool = False,
        desk: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=origin,
            viewport=DESK if desk else PHONE,
            has_touch=not desk,
            is_mobile=not desk,
            locale=language,
            timezone_id="Europe/Stockholm",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        watch.over(context)
        context.set_default_timeout(PATIENCE * (2 if slow else 1))
        page = context.new_page()
        if slow:
            context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not watch.problems, "\n" + "\n".join(watch.problems)


@pytest.fixture
def phone(request: pytest.FixtureRequest, open_phone: OpenPage) -> Page:
    """One phone: Swedish, light, with JavaScript; parametrised (indirectly) with `open_phone`'s arguments."""
    return open_phone(**getattr(request, "param", {}))


def settled(page: Page) -> Page:
    """The page, once all of it is here.

    A click returns as soon as the answer has begun: what is read at once after it (count, all, content,
    evaluate) may be read of a page that has nothing on it yet.
    """
    page.wait_for_load_state("load")
    return page


def no_axe_violations(page: Page) -> None:
    """Fail with every rule of axe that the page breaks, where and why."""
    settled(page)
    violations: list[dict[str, Any]] = page.evaluate(AXE)
    broken = [
        f"{rule['id']}: {rule['help']}\n    {node['html'][:160]}\n    {node.get('failureSummary', '')}"
        for rule in violations
        for node in rule["nodes"]
    ]
    assert not broken, f"\n{page.url}\n" + "\n".join(broken)


def nothing_sticks_out(page: Page) -> None:
    """Fail when the page can be pushed sideways."""
    settled(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def screenshot(page: Page, name: str) -> None:
    """With SCREENSHOTS=1 set, photograph the whole page into screenshots/ (not kept in git)."""
    if os.environ.get("SCREENSHOTS"):
        SCREENSHOTS.mkdir(exist_ok=True)
        settled(page).screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
