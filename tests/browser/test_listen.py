"""The page read aloud by the phone's own voices, by a voice that only writes down what it is told to say."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser

VOICES = """
window.said = [];
const silent = {};
silent.voices = %s;
silent.getVoices = () => silent.voices;
silent.speak = (one) => window.said.push(one);
silent.cancel = () => { window.cancelled = (window.cancelled || 0) + 1; };
Object.defineProperty(window, "speechSynthesis", { value: silent, configurable: true });
window.SpeechSynthesisUtterance = class extends EventTarget {
  constructor(text) { super(); this.text = text; }
  set onend(heard) { this.addEventListener("end", heard); }
};
"""
SAID = "window.said.map(one => [one.lang, one.voice.lang, one.text])"


def speaking(page: Page, *languages: str) -> Page:
    """A phone with a voice for each of these languages."""
    page.add_init_script(VOICES % [{"lang": language} for language in languages])
    return page


def said(page: Page) -> list[list[Any]]:
    """What was said: language, the voice's language, text."""
    found: list[list[Any]] = page.evaluate(SAID)
    return found


def test_the_page_is_read_from_its_heading_on_and_stops_at_the_second_tap(
    open_phone: OpenPage, site: Site
) -> None:
    page = speaking(open_phone(), "en-GB", "sv_SE")
    site.sign_in(page, site.world.participant)
    page.goto("/home")
    button = page.get_by_role("button", name="Lyssna")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert said(page) == []
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    screenshot(page, "listen-sv")
    no_axe_violations(page)
    nothing_sticks_out(page)
    texts = [text for _, _, text in said(page)]
    assert texts[0] == "Hej Amina!"
    assert "Lyssna" not in texts
    assert {(lang, voice) for lang, voice, _ in said(page)} == {("sv", "sv_SE")}
    before = page.evaluate("window.cancelled || 0")
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.cancelled") == before + 1


def test_when_all_is_said_the_button_comes_up_again(open_phone: OpenPage, site: Site) -> None:
    page = speaking(open_phone(), "sv-SE")
    page.goto("/norrby")
    button = page.get_by_role("button", name="Lyssna")
    button.tap()
    page.evaluate("window.said[0].dispatchEvent(new Event('end'))")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.evaluate("window.said.at(-1).dispatchEvent(new Event('end'))")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_islands_are_read_in_their_own_language_or_not_at_all(open_phone: OpenPage, site: Site) -> None:
    """A question that exists in Swedish alone is not read with an Arabic voice."""
    page = speaking(open_phone(language="ar"), "ar-SA")
    page.goto("/norrby")
    page.evaluate("document.querySelector('#main h1').lang = 'sv'")
    page.locator("[data-listen]").tap()
    assert {lang for lang, _, _ in said(page)} == {"ar"}
    heading = page.locator("#main h1").inner_text()
    assert heading not in [text for _, _, text in said(page)]
    page.locator("[data-listen]").tap()
    page.evaluate("speechSynthesis.voices = [{lang: 'ar-SA'}, {lang: 'sv-SE'}]; window.said = []")
    page.locator("[data-listen]").tap()
    assert ["sv", "sv-SE", heading] in said(page)


def test_it_is_hidden_where_the_phone_has_no_voice_and_comes_when_the_voice_does(
    open_phone: OpenPage, site: Site
) -> None:
    page = speaking(open_phone(), "en-GB")
    page.goto("/norrby")
    expect(page.locator("[data-listen]")).to_be_hidden()
    page.evaluate("speechSynthesis.voices.push({lang: 'sv-SE'})")
    page.evaluate("speechSynthesis.onvoiceschanged()")
    expect(page.locator("[data-listen]")).to_be_visible()


def test_it_is_hidden_without_javascript(open_phone: OpenPage, site: Site) -> None:
    page = open_phone(javascript=False)
    page.goto("/norrby")
    expect(page.locator("[data-listen]")).to_be_hidden()


def test_what_is_hidden_or_typed_is_not_read(open_phone: OpenPage, site: Site) -> None:
    page = speaking(open_phone(), "sv-SE")
    page.goto("/norrby/sign-in")
    page.get_by_label("Ditt mobilnummer").fill("070-174 06 05")
    page.locator("[data-listen]").tap()
    text = " ".join(text for _, _, text in said(page))
    assert "Skriv ditt mobilnummer" in text
    assert "174" not in text
    assert "Har du ny telefon" in text
    assert "Samma nummer i en ny telefon" not in text


def test_leaving_the_page_makes_it_silent(open_phone: OpenPage, site: Site) -> None:
    """S32: who leaves in a hurry is not read on about."""
    page = speaking(open_phone(), "sv-SE")
    site.sign_in(page, site.world.participant)
    page.goto("/home")
    page.locator("[data-listen]").tap()
    page.evaluate("document.querySelector('form[data-leave]').dataset.leave = '#'")
    page.route("**/leave?gone", lambda _: None)
    before = page.evaluate("window.cancelled || 0")
    page.get_by_role("button", name="Lämna sidan").tap()
    assert page.evaluate("window.cancelled") > before


@pytest.mark.parametrize("path", ["/home", "/plan", "/meetings", "/meetings/times", "/me", "/pin/choose"])
def test_every_main_journey_has_it(open_phone: OpenPage, site: Site, path: str) -> None:
    page = speaking(open_phone(), "sv-SE")
    site.sign_in(page, site.world.participant)
    page.goto(path)
    expect(page.get_by_role("button", name="Lyssna")).to_be_visible()
    nothing_sticks_out(page)
