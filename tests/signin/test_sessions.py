"""Sessions: new at sign-in, over in time, left at once, and what was typed when they ended."""

from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.db import Database
from portal.identity import sessions
from portal.identity.session_models import WebSession
from portal.journal.models import JournalRow
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import Client, text_of
from tests.support.signing_in import HOME, come_in
from tests.support.world import World

KNOWN = "070-174 06 05"


def test_a_planted_cookie_is_never_authenticated(client: Client, world: World, database: Database) -> None:
    """S16: what somebody else put in the browser is gone after sign-in, and opens nothing before it."""
    with client.session_transaction(base_url="http://127.0.0.1:8000") as cookie:
        cookie["_user_id"] = "planted"
        cookie["browser"] = "planted"
        cookie["extra"] = "planted"
    assert client.get("/me").status_code == 303
    come_in(client, database, KNOWN)
    with client.session_transaction(base_url="http://127.0.0.1:8000") as cookie:
        assert "planted" not in cookie.values()
        assert "browser" not in cookie


def test_each_sign_in_has_a_session_of_its_own(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S16."""
    come_in(client, database, KNOWN)
    first = client.get_cookie("stigen", domain="127.0.0.1")
    frozen.move(timedelta(minutes=2))
    come_in(client, database, KNOWN)
    second = client.get_cookie("stigen", domain="127.0.0.1")
    assert first is not None
    assert second is not None
    assert first.value != second.value


def test_the_page_says_truly_when_the_session_ends(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17: last-seen is written once a minute, and the promise reckons with it."""
    come_in(client, database, KNOWN)
    frozen.move(timedelta(seconds=50))
    page = client.get("/me").get_data(as_text=True)
    promised = int(page.partition('data-session-ends="')[2].partition('"')[0])
    frozen.move(timedelta(seconds=promised - 1))
    assert client.get("/language").data.count(b"data-signed-in") == 1


def test_a_tap_stays_and_absolute_expiry_ends_it_all_the_same(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17."""
    come_in(client, database, KNOWN)
    for _ in range(47):
        frozen.move(timedelta(minutes=10))
        assert client.post("/stay").status_code == 204
    frozen.move(timedelta(minutes=10))
    assert client.post("/stay").status_code == 303
    assert client.get("/me").status_code == 303


def test_signing_out_ends_the_session_and_clears_the_browser(
    client: Client, world: World, database: Database
) -> None:
    """S18, S19."""
    come_in(client, database, KNOWN)
    before = client.get_cookie("stigen", domain="127.0.0.1")
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/norrby")
    assert '"cache"' in answer.headers["Clear-Site-Data"]
    assert before is not None
    client.set_cookie("stigen", before.value, domain="127.0.0.1")
    assert client.get("/me").status_code == 303


def test_signing_out_twice_is_no_error(client: Client, world: World) -> None:
    assert client.post("/sign-out").location == "/"


def test_the_quick_exit_needs_no_token_and_leaves_nothing(
    client: Client, world: World, database: Database
) -> None:
    """S32, S24."""
    come_in(client, database, KNOWN)
    answer = client.post("/leave", csrf=False)
    assert answer.status_code == 303
    assert answer.location == client.application.config["STIGEN"].leave_to
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get("/me").status_code == 303
    with database.reading() as session:
        assert session.scalars(select(WebSession)).one().ended_at is not None


def test_a_script_that_has_left_already_is_sent_nowhere(
    client: Client, world: World, database: Database
) -> None:
    """S32: the session ends all the same."""
    come_in(client, database, KNOWN)
    answer = client.post("/leave?gone", csrf=False)
    assert answer.status_code == 204
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get("/me").status_code == 303
    with database.reading() as session:
        assert session.scalars(select(WebSession)).one().ended_at is not None


def test_the_quick_exit_works_signed_out_too(client: Client, world: World) -> None:
    """S32."""
    assert client.post("/leave", csrf=False).status_code == 303


@pytest.mark.parametrize("path", ["/leave", "/leave?gone"])
def test_the_quick_exit_leads_away_though_the_database_does_not_answer(
    client: Client, world: World, database: Database, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """S32, S51: somebody stands behind the person; an error page would keep them here."""
    come_in(client, database, KNOWN)

    def refuse(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("locked"))

    monkeypatch.setattr(sessions, "load", refuse)
    answer = client.post(path, csrf=False)
    assert answer.status_code == (204 if "gone" in path else 303)
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    monkeypatch.undo()
    assert client.get("/me").status_code == 303


def test_what_was_said_inside_is_not_said_outside(world: World, sign_in: SignIn, frozen: FrozenClock) -> None:
    """S30: an answer that got lost leaves its notice for the next page, which may be a sign-in page."""
    browser = sign_in(world.participant)
    with browser.session_transaction(base_url="http://127.0.0.1:8000") as cookie:
        cookie["_flashes"] = [("pine", "Karin har fått din fråga.")]
    frozen.move(timedelta(minutes=20))
    for page in ("/", HOME, "/turn-to", "/nowhere/at/all"):
        assert "Karin" not in browser.get(page).text


def test_ones_own_page_is_noted_as_read(world: World, sign_in: SignIn, database: Database) -> None:
    """S42: own reads too."""
    sign_in(world.participant).get("/me")
    with database.reading() as session:
        assert session.scalars(select(JournalRow.kind)).all() == ["me"]


def test_everything_else_needs_the_token(client: Client, world: World) -> None:
    """S24."""
    for path in (HOME, f"{HOME}/code", f"{HOME}/again", "/language", "/sign-out", "/staff/sign-in"):
        answer = client.post(path, csrf=False)
        assert "för gammal" in text_of(answer) or answer.status_code == 400 or answer.status_code == 419


# --- where the way leads then ------------------------------------------------------------------------


def test_a_page_asked_for_too_late_is_shown_after_sign_in(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17, S25."""
    come_in(client, database, KNOWN)
    frozen.move(timedelta(minutes=20))
    door = client.get("/pin/forgotten?a=1").location
    assert door == f"{HOME}?next=%2Fpin%2Fforgotten%3Fa%3D1"
    page = client.get(door).get_data(as_text=True)
    assert 'name="next" value="/pin/forgotten?a=1"' in page


def test_staff_are_led_to_their_own_door(world: World, sign_in: SignIn, frozen: FrozenClock) -> None:
    browser = sign_in(world.coach)
    frozen.move(timedelta(minutes=20))
    assert browser.get("/staff/password").location == "/staff/sign-in?next=%2Fstaff%2Fpassword"
    assert cast(Client, browser.application.test_client()).get("/me").location == "/?next=%2Fme"
