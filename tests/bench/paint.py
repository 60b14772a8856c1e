"""Bytes that a page costs, and when its largest part is painted on a slow phone, beside a bare page."""

from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.bench.places import Place, serving
from tests.bench.rates import MAIN_PAGES
from tests.browser.test_every_page import bytes_of
from tests.support.browser import CHROMIUM, FLAGS, PHONE

TIMES = 9
# A slow mobile network and a phone four times slower than this machine.
NETWORK = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50 * 1024,
    "uploadThroughput": 50 * 1024,
}
SLOWER = 4
LARGEST = """new Promise(done => new PerformanceObserver(found =>
    done(found.getEntries().at(-1).startTime)).observe({type: "largest-contentful-paint", buffered: true}))"""


@dataclass(frozen=True)
class Paint:
    """One page: requests and bytes the first time and the next, seconds until painted, the bare page's."""

    page: str
    requests: int
    cold: int
    warm: int
    seconds: float
    bare: float


def paints(place: Place) -> list[Paint]:
    """Every main page of a participant; ours and the bare one take turns."""
    with serving(place) as (ours, bare), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        cookie = place.cookie("participant")
        found = [
            _paint(browser, name, ours + path, bare, cookie)
            for name, who, path in MAIN_PAGES
            if who == "participant"
        ]
        browser.close()
    return found


def _paint(browser: Browser, name: str, url: str, bare: str, cookie: str) -> Paint:
    context = _phone(browser, url, cookie)
    page = context.new_page()
    page.goto(url)
    requests, cold = bytes_of(page)
    size = len(page.content().encode())
    page.goto(url)
    warm = bytes_of(page)[1]
    context.close()
    turns = [(_seconds(browser, url, cookie), _seconds(browser, f"{bare}/{size}", "")) for _ in range(TIMES)]
    mine, floor = (median(values) for values in zip(*turns, strict=True))
    return Paint(name, requests, cold, warm, mine, floor)


def _phone(browser: Browser, url: str, cookie: str) -> BrowserContext:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="sv")
    if cookie:
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": url}])
    return context


def _seconds(browser: Browser, url: str, cookie: str) -> float:
    """Until the largest part is painted, in a browser that has never been here."""
    context = _phone(browser, url, cookie)
    page: Page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", NETWORK)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url)
    found: float = page.evaluate(LARGEST)
    context.close()
    return found / 1000
