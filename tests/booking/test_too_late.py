"""Where a meeting can no longer be changed here, it is said, one tap rings, and what to say stands there."""

from datetime import datetime, timedelta

import pytest

from portal.db import Database
from portal.identity.models import Person
from portal.organisation.models import Organisation
from tests.booking.conftest import Tell
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import text_of
from tests.support.world import World

FRIDAY_9 = datetime.fromisoformat("2026-11-27T08:00+00:00")
HOUR = timedelta(hours=1)
OPENING = "Hej! Jag har ett möte hos er."
PAGES = ("/meetings", "/meetings/{id}", "/meetings/{id}/move", "/meetings/{id}/cancel")


@pytest.mark.parametrize("tier", [1, 2])
def test_every_page_says_that_it_is_too_late_and_rings_in_one_tap(
    open_world: World, booked_by_staff: Tell, sign_in: SignIn, frozen: FrozenClock, *, tier: int
) -> None:
    meeting, phone = booked_by_staff(FRIDAY_9), open_world.organisation.phone
    browser = sign_in(open_world.participant, tier=tier)
    assert "Ring om du inte kan komma" not in text_of(browser.get("/home"))
    assert "för sent" not in text_of(browser.get("/meetings"))
    frozen.moment = FRIDAY_9 - HOUR
    browser = sign_in(open_world.participant, tier=tier)
    home = browser.get("/home")
    assert "Ring om du inte kan komma" in text_of(home)
    assert f'href="tel:{phone}"' in home.text
    for path in PAGES:
        page = browser.get(path.format(id=meeting.id))
        assert "Det är för sent att ändra mötet här. Ring oss så hjälper vi dig." in text_of(page), path
        assert f'href="tel:{phone}"' in page.text, path
        assert OPENING in text_of(page), path
    frozen.moment = FRIDAY_9 + HOUR / 2
    assert "Ring om du inte kan komma" not in text_of(sign_in(open_world.participant, tier=tier).get("/home"))


def test_what_to_say_stands_in_swedish_and_in_ones_own_language(
    database: Database, open_world: World, booked_by_staff: Tell, sign_in: SignIn, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        session.get_one(Person, open_world.participant.id).language = "en"
    meeting = booked_by_staff(FRIDAY_9)
    frozen.moment = FRIDAY_9 - HOUR
    page = sign_in(open_world.participant).get(f"/meetings/{meeting.id}")
    assert f'<p lang="sv" dir="ltr">{OPENING}' in page.text
    assert "Hello! I have a meeting with you." in page.text


def test_a_house_without_a_number_says_what_else_to_do(
    database: Database, open_world: World, booked_by_staff: Tell, sign_in: SignIn, frozen: FrozenClock
) -> None:
    meeting = booked_by_staff(FRIDAY_9)
    with database.transaction() as session:
        session.get_one(Organisation, open_world.organisation.id).phone = ""
    frozen.moment = FRIDAY_9 - HOUR
    browser = sign_in(open_world.participant)
    for path in ("/home", *PAGES):
        page = browser.get(path.format(id=meeting.id))
        assert 'href="tel:"' not in page.text, path
    assert "Skriv till din coach, eller kom till oss." in text_of(page)
