"""The parts in a real browser: readable, reachable, mirrored; the scale for thumb, keys and screen reader."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from portal.languages import LANGUAGES
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser


def gallery(page: Page, *, text: int = 100, look: str = "") -> Page:
    """Open the gallery; `text` is the size of the reader's text in per cent."""
    page.goto(f"/dev/gallery{look}")
    page.evaluate("size => { document.documentElement.style.fontSize = size }", f"{text}%")
    return page


def first_slider(page: Page) -> Locator:
    """The scale that nobody has touched yet."""
    return page.locator(".slider").first


def answer(page: Page) -> str:
    """What would be posted for the first scale."""
    return page.locator("input[name=line-1]").input_value()


def place(page: Page) -> float:
    """Where the first ring stands along its line, from the left, 0 to 1."""
    ring, line = page.locator(".ring").first.bounding_box(), first_slider(page).bounding_box()
    assert ring
    assert line
    return (ring["x"] + ring["width"] / 2 - line["x"]) / line["width"]


@pytest.mark.parametrize("text", [100, 200])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_is_accessible(open_phone: OpenPage, language: str, dark: bool, text: int) -> None:
    page = gallery(open_phone(language=language, dark=dark), text=text)
    no_axe_violations(page)
    nothing_sticks_out(page)
    screenshot(page, f"gallery-{language}-{'dark' if dark else 'light'}-{text}")


@pytest.mark.parametrize("dark", [False, True])
def test_the_staff_look_is_accessible(open_phone: OpenPage, dark: bool) -> None:
    page = gallery(open_phone(desk=True, dark=dark), look="?look=staff")
    no_axe_violations(page)
    nothing_sticks_out(page)
    screenshot(page, f"gallery-staff-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("text", [100, 200])
def test_what_one_can_tap_is_large_enough(open_phone: OpenPage, text: int) -> None:
    """44 px each way for links, buttons and fields that stand alone; a box counts with its label."""
    page = gallery(open_phone(), text=text)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, select, textarea, .choice, .slider')]
            .filter(e => e.checkVisibility() && !e.closest('.skip, .errors, .rows'))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44)
            .map(([html, box]) => `${html} ${box.width} x ${box.height}`)"""
    )
    assert small == []


def test_lines_are_short_enough_to_read(open_phone: OpenPage) -> None:
    page = gallery(open_phone(desk=True))
    limit = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") * 55 * 0.75
    widths = page.evaluate(
        "() => [...document.querySelectorAll('main p:not(.notice):not(.ends):not(.bars)')]"
        ".filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().width)"
    )
    assert max(widths) <= limit


def test_the_ring_is_absent_until_touched(phone: Page) -> None:
    page = gallery(phone)
    slider = first_slider(page)
    expect(page.locator(".ring").first).to_be_hidden()
    expect(slider).to_have_attribute("aria-valuetext", "Inget svar än")
    assert answer(page) == ""
    slider.focus()
    page.keyboard.press("Tab")
    assert answer(page) == "", "passing by with the keyboard answers nothing"


def test_a_tap_answers_to_the_millimetre_and_shows_no_number(phone: Page) -> None:
    page = gallery(phone)
    slider = first_slider(page)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2)
    assert float(answer(page)) == pytest.approx(7.0, abs=0.1)
    assert place(page) == pytest.approx(0.7, abs=0.01)
    expect(page.locator("input[name=line-1]")).to_be_hidden()
    expect(page.locator("[data-plain]").first).to_be_hidden()
    assert not any(sign.isdigit() for sign in page.locator(".scale").first.inner_text())


def test_keys_move_the_ring(phone: Page) -> None:
    page = gallery(phone)
    first_slider(page).focus()
    for key, stands in [
        ("ArrowRight", "0.1"),
        ("PageUp", "1.1"),
        ("ArrowUp", "1.2"),
        ("ArrowLeft", "1.1"),
        ("End", "10.0"),
        ("PageUp", "10.0"),
        ("PageDown", "9.0"),
        ("ArrowDown", "8.9"),
        ("Home", "0.0"),
        ("ArrowLeft", "0.0"),
    ]:
        page.keyboard.press(key)
        assert answer(page) == stands, key
    expect(page.locator(".ring").first).to_be_visible()
    expect(first_slider(page)).to_have_attribute("aria-valuenow", "0.0")


def test_the_scale_is_mirrored_in_arabic(open_phone: OpenPage) -> None:
    """Low stands where reading starts: on the right."""
    page = gallery(open_phone(language="ar", dark=True))
    slider = first_slider(page)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    assert float(answer(page)) == pytest.approx(1.0, abs=0.1)
    assert place(page) == pytest.approx(0.9, abs=0.01)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert float(answer(page)) == pytest.approx(1.1, abs=0.1)
    page.keyboard.press("ArrowUp")
    assert float(answer(page)) == pytest.approx(1.2, abs=0.1)
    page.keyboard.press("End")
    assert place(page) == pytest.approx(0.0, abs=0.01)


def test_the_scale_says_its_question_and_its_place(phone: Page) -> None:
    page = gallery(phone)
    slider = page.get_by_role("slider", name="Hur mycket kraft har du haft i veckan?").nth(1)
    expect(slider).to_have_attribute("aria-valuetext", "7,3 av 10")
    expect(slider).to_have_attribute("aria-valuemin", "0")
    expect(slider).to_have_attribute("aria-valuemax", "10")


def test_a_scale_that_came_back_leads_to_its_error(phone: Page) -> None:
    page = gallery(phone)
    wrong = page.locator("#line-3")
    expect(wrong).to_have_attribute("aria-describedby", "line-3-error")
    expect(wrong).to_have_attribute("role", "slider")


def test_without_javascript_the_number_box_is_there(open_phone: OpenPage) -> None:
    page = open_phone(javascript=False)
    page.goto("/dev/gallery")
    box = page.get_by_label("Skriv ett tal från 0 till 10. 0 är Ingen kraft. 10 är Mycket kraft.").first
    expect(box).to_be_visible()
    expect(page.locator(".slider")).to_have_count(0)


def test_two_taps_post_once_and_the_way_opens_again(phone: Page) -> None:
    page = gallery(phone)
    posts: list[str] = []

    def stop(route: Route) -> None:
        posts.append(route.request.method)
        route.abort("aborted")

    page.route("**/dev/gallery", stop)
    page.evaluate(
        "() => { const form = document.querySelector('main form');"
        " form.requestSubmit(); form.requestSubmit(); form.requestSubmit(); }"
    )
    expect(page.locator("form[data-sent]")).to_have_count(1)
    expect(page.locator("button[aria-disabled]")).to_have_count(1)
    assert posts == ["POST"]
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    assert page.locator("form[data-sent]").count() == 0
    assert page.locator("button[aria-disabled]").count() == 0


def test_leaving_goes_white_at_once_and_leaves_no_way_back(phone: Page) -> None:
    """S32: the page is gone before the net has answered, and the history holds the other page instead."""
    page = gallery(phone)
    page.evaluate("document.querySelector('form[data-leave]').dataset.leave = '/dev/gallery?left'")
    asked: list[str] = []

    def answered(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(status=200)

    page.route("**/leave?gone", answered)
    length = page.evaluate("history.length")
    page.get_by_role("button", name="Lämna sidan").click()
    page.wait_for_url("**/dev/gallery?left")
    assert asked == ["POST"]
    assert page.evaluate("history.length") == length


def test_the_focus_can_be_seen_and_the_first_tab_skips_to_the_page(phone: Page) -> None:
    page = phone
    page.goto("/dev/no-such-page")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Hoppa till innehållet")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


def test_what_went_wrong_takes_the_focus(phone: Page) -> None:
    page = gallery(phone)
    expect(page.locator("[data-focus]").first).to_be_focused()
    assert page.locator(".errors[data-focus]").count() == 1


def test_a_signed_in_page_warns_before_the_session_ends_and_one_tap_stays(site: Site, phone: Page) -> None:
    """S17: a polite word, hidden until it is time; staying hides it until the next time."""
    site.sign_in(phone, site.world.participant)
    phone.clock.install()
    page = gallery(phone)
    ends = int(page.locator("body").get_attribute("data-session-ends") or 0)
    assert ends > 300
    asked: list[str] = []

    def answered(route: Route) -> None:
        asked.append(route.request.post_data or "")
        route.fulfill(status=204)

    page.route("**/stay", answered)
    warning = page.get_by_role("button", name="Stanna kvar")
    page.clock.run_for((ends - 180) * 1000)
    expect(warning).to_be_hidden()
    page.clock.run_for(70 * 1000)
    expect(warning).to_be_visible()
    no_axe_violations(page)
    warning.click()
    expect(warning).to_be_hidden()
    assert len(asked) == 1
    assert "csrf_token" in asked[0]
    page.clock.run_for(60 * 1000)
    expect(warning).to_be_hidden()


def test_a_text_is_copied_in_one_tap(open_phone: OpenPage) -> None:
    page = open_phone(desk=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    gallery(page, look="?look=staff")
    page.get_by_role("button", name="Kopiera texten").click()
    expect(page.get_by_role("button", name="Kopierat")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator(".copy").input_value()


class Thumb:
    """A finger on the first scale; places are parts of the line's width and pixels above its middle."""

    def __init__(self, page: Page) -> None:
        line = first_slider(page)
        line.evaluate("line => line.scrollIntoView({ block: 'center' })")
        box = line.bounding_box()
        assert box
        self._box = box
        self._devtools = page.context.new_cdp_session(page)

    def _touch(self, kind: str, along: float | None = None, up: float = 0) -> None:
        box = self._box
        middle = box["y"] + box["height"] / 2
        points = [] if along is None else [{"x": box["x"] + box["width"] * along, "y": middle - up}]
        self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def move(self, start: float, *through: tuple[float, float]) -> None:
        """Put the finger down, move it through these places, lift it."""
        self._touch("touchStart", start)
        for along, up in through:
            self._touch("touchMove", along, up)
        self._touch("touchEnd")


def test_a_thumb_can_drag_the_ring(phone: Page) -> None:
    page = gallery(phone)
    Thumb(page).move(0.2, (0.3, 0), (0.4, 2), (0.5, 4), (0.6, 4))
    assert float(answer(page)) == pytest.approx(6.0, abs=0.1)


def test_a_thumb_that_scrolls_past_answers_nothing(phone: Page) -> None:
    page = gallery(phone)
    thumb = Thumb(page)
    before = page.evaluate("scrollY")
    thumb.move(0.5, *((0.5, float(up)) for up in range(10, 210, 10)))
    page.wait_for_function("before => scrollY > before", arg=before)
    assert answer(page) == ""
    expect(page.locator(".ring").first).to_be_hidden()
