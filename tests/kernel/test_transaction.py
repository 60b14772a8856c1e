"""The end of a request's transaction: an answer that cannot be kept does not leave."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any, NoReturn

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import QueuePool

from portal.availability.models import OwnTerms
from portal.db import Database
from portal.journal import service as journal
from tests.conftest import SignIn
from tests.support.pages import text_of
from tests.support.world import World


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that takes no more lines of the journal."""

    def refuse(*_: Any) -> NoReturn:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(journal, "write", refuse)


def test_a_reading_that_cannot_be_noted_is_a_503_s51(
    world: World, sign_in: SignIn, full_disk: None, caplog: pytest.LogCaptureFixture
) -> None:
    """No record, no answer (S42), and the answer instead has every header (S19)."""
    answer = sign_in(world.coach).get(f"/staff/people/{world.participant.id}/plan")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert world.participant.name not in text_of(answer)
    assert "Traceback" not in caplog.text


def test_a_change_that_cannot_be_kept_is_not_called_saved_s51(
    world: World, database: Database, sign_in: SignIn, full_disk: None
) -> None:
    browser = sign_in(world.coach)
    answer = browser.post("/staff/availability/terms", data={"place": "Storgatan 1"})
    assert answer.status_code == 503
    page = answer.get_data(as_text=True)
    assert 'value="Storgatan 1"' in page
    assert "Sparat." not in page
    assert "Sparat." not in text_of(browser.get("/staff/sign-in"))
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(OwnTerms)) == 0


@pytest.fixture
def used_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """Others hold every connection; the wait for one is short. Close it to let go of them."""
    with ExitStack() as held:
        for engine in database.engines:
            assert isinstance(engine.pool, QueuePool)
            monkeypatch.setattr(engine.pool, "_timeout", 0.01)
            with suppress(NoConnection):
                while True:
                    held.enter_context(engine.connect())
        yield held


def test_without_a_connection_what_was_typed_is_given_back_s51(
    world: World, database: Database, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    browser = sign_in(world.coach)
    held: ExitStack = request.getfixturevalue("used_up")
    answer = browser.post("/staff/availability/terms", data={"place": "Storgatan 1"})
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert 'value="Storgatan 1"' in answer.get_data(as_text=True)
    assert browser.post("/leave", csrf=False).status_code == 303, "the quick exit leads away (S32)"
    held.close()
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(OwnTerms)) == 0
    again = sign_in(world.coach)
    assert again.post("/staff/availability/terms", data={"place": "Storgatan 1"}).status_code == 303


def test_an_error_tells_no_values_s44(database: Database) -> None:
    with database.reading() as fresh, pytest.raises(DBAPIError, match="no_such_function") as told:
        fresh.execute(select(func.no_such_function("kanariefagel")))
    assert "kanariefagel" not in str(told.value)
