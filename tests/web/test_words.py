"""Which language a page is in, and this page in Swedish on one tap."""

import re

from tests.conftest import SignIn
from tests.support.pages import Client, text_of
from tests.support.world import World


def language_of(page: str) -> str:
    found = re.search(r'<html lang="(\w+)" dir="(\w+)"', page)
    assert found is not None
    return found.group(1)


def test_a_person_reads_in_their_own_language(sign_in: SignIn, world: World) -> None:
    page = sign_in(world.second_participant).get("/home").get_data(as_text=True)
    assert '<html lang="ar" dir="rtl"' in page


def test_a_browser_that_nobody_has_signed_in_to_is_asked(client: Client) -> None:
    page = client.get("/about", headers={"Accept-Language": "ar-SY,ar;q=0.9"}).get_data(as_text=True)
    assert language_of(page) == "ar"
    page = client.get("/about", headers={"Accept-Language": "xx,tlh;q=0.9"}).get_data(as_text=True)
    assert language_of(page) == "sv"


def test_a_draft_page_has_itself_in_swedish_and_nothing_is_remembered(sign_in: SignIn, world: World) -> None:
    """S24: showing a page once in Swedish writes nothing."""
    phone = sign_in(world.second_participant)
    page = phone.get("/home").get_data(as_text=True)
    link = re.search(r'href="([^"]*in=sv)"', page)
    assert link is not None
    swedish = phone.get(link.group(1)).get_data(as_text=True)
    assert language_of(swedish) == "sv"
    assert "in=sv" not in swedish
    back = re.search(r'href="([^"]+)" lang="ar"', swedish)
    assert back is not None
    assert language_of(phone.get(back.group(1)).get_data(as_text=True)) == "ar"
    assert language_of(phone.get("/home").get_data(as_text=True)) == "ar"


def test_a_language_that_we_do_not_have_changes_nothing(sign_in: SignIn, world: World) -> None:
    page = sign_in(world.second_participant).get("/home?in=tlh").get_data(as_text=True)
    assert language_of(page) == "ar"


def test_the_signed_in_read_whom_to_call_where_a_page_is_missing(sign_in: SignIn, world: World) -> None:
    missing = sign_in(world.participant).get("/no-such-page")
    assert missing.status_code == 404
    assert "010-123 45 67" in text_of(missing)
