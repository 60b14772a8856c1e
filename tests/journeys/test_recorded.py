"""An administrator puts a person's voice into calls, in a real browser: Swedish, Arabic, no JavaScript."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from portal.identity.models import Person
from tests.journeys.test_reached import WAYS, follow, open_one, press
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site
from tests.support.sounds import SAID, wav

pytestmark = pytest.mark.browser

LIST = "/staff/organisation/recordings"
ONE = f"{LIST}/reminder/sv"
LENGTH = """async () => {
    const sound = document.querySelector("audio");
    sound.preload = "auto";
    sound.load();
    await new Promise((yes, no) => { sound.onloadedmetadata = yes; sound.onerror = no; });
    return sound.duration;
}"""


@pytest.fixture(params=WAYS, ids=lambda way: f"{way[0]}-{'js' if way[1] else 'plain'}")
def way(request: pytest.FixtureRequest) -> tuple[str, bool]:
    """The language, and whether there is JavaScript."""
    found: tuple[str, bool] = request.param
    return found


def look(page: Page, name: str, way: tuple[str, bool]) -> None:
    nothing_sticks_out(page)
    if way[1]:
        no_axe_violations(page)
    screenshot(page, f"recorded-{name}-{way[0]}-{'js' if way[1] else 'plain'}")


def test_a_recording_is_uploaded_heard_and_removed(
    site: Site, open_phone: OpenPage, tmp_path: Path, way: tuple[str, bool]
) -> None:
    """A file that is something else first; what was typed stays, and the file is chosen again."""
    with site.database.transaction() as session:
        session.execute(update(Person).where(Person.id == site.world.admin.id).values(language=way[0]))
    page = open_one(site, open_phone, way)
    sound, other = tmp_path / "sound.mp3", tmp_path / "other.mp3"
    sound.write_bytes(wav(2))
    other.write_bytes(b"<html>")
    site.sign_in(page, site.world.admin)
    page.goto("/staff/organisation")
    follow(page, LIST)
    look(page, "none", way)
    follow(page, ONE)
    page.locator("#words").fill(SAID)
    page.locator("#sound").set_input_files(other)
    press(page, ONE)
    expect(page.locator("#sound-error")).to_contain_text("wav")
    expect(page.locator("#words")).to_have_value(SAID)
    look(page, "wrong", way)
    page.locator("#sound").set_input_files(sound)
    press(page, ONE)
    expect(page.locator("main .own").first).to_have_text(SAID)
    look(page, "kept", way)
    if way[1]:
        assert page.evaluate(LENGTH) == 2
    page.locator("main details summary").click()
    press(page, f"{ONE}/remove")
    expect(page.locator("audio")).to_have_count(0)
