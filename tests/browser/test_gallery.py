"""Every part of the look, photographed in each language and theme, and judged by axe."""

import pytest
from playwright.sync_api import Page

from portal.languages import LANGUAGES
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_is_accessible(site: Site, open_phone: OpenPage, language: str, dark: bool) -> None:
    page: Page = open_phone(language=language, dark=dark)
    page.goto(f"/dev/gallery?language={language}")
    screenshot(page, f"gallery-{language}-{'dark' if dark else 'light'}")
    nothing_sticks_out(page)
    no_axe_violations(page)
