"""A database that says nothing, or works for ever, is waited for only so long (S51)."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal import db
from portal.app import create_app
from portal.config import Settings
from portal.db import Database
from tests.support.pages import Client

LONGEST = 30
"""Seconds after which the mute server hangs up by itself, so that a test fails and does not hang."""


class Mute:
    """A server that takes every connection and never says a word."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.gave_up = False
        self._timer = threading.Timer(LONGEST, self._give_up)
        self._timer.daemon = True
        self._timer.start()

    def _give_up(self) -> None:
        self.gave_up = True
        self._listening.close()

    def close(self) -> None:
        """Hang up."""
        self._timer.cancel()
        self._listening.close()


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mute]:
    # The shortest that libpq waits.
    monkeypatch.setattr(db, "WAIT_SECONDS", 2)
    with contextlib.closing(Mute()) as server:
        yield server


def test_a_server_that_never_answers_is_a_503(mute: Mute, settings: Settings) -> None:
    silent = Database(f"postgresql+psycopg://stigen@127.0.0.1:{mute.port}/stigen")
    app = create_app(settings, silent)
    app.test_client_class = Client
    answer = app.test_client().get("/health", base_url="http://127.0.0.1:8000")
    assert answer.status_code == 503
    assert answer.get_json()["database"] is False
    assert not mute.gave_up


def test_a_statement_and_a_lock_have_their_longest_time(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as connection:
            assert connection.scalar(text("pragma busy_timeout")) == 5000
        return
    with database.engine.connect() as connection:
        assert connection.scalar(text("show lock_timeout")) == "5s"
        assert connection.scalar(text("show statement_timeout")) == "10s"
        raw = connection.connection.dbapi_connection
        assert raw is not None
        asked = raw.info.get_parameters()
    assert (asked["connect_timeout"], asked["tcp_user_timeout"]) == ("5", "5000")
    assert (asked["keepalives_idle"], asked["keepalives_interval"]) == ("5", "1")


def test_a_statement_that_lasts_too_long_is_a_database_that_does_not_answer(
    database: Database,
) -> None:
    """It is told like a server that is away, so that the person gets a 503 and what they typed."""
    if database.engine.dialect.name == "sqlite":
        return
    with database.writing() as session:
        session.execute(text("set local statement_timeout = 1"))
        with pytest.raises(OperationalError):
            session.execute(text("select pg_sleep(30)"))


def test_migrations_may_take_their_time(database: Database) -> None:
    patient = Database(database.url, patient=True)
    if patient.engine.dialect.name == "postgresql":
        with patient.engine.connect() as connection:
            assert connection.scalar(text("show statement_timeout")) == "0"
    patient.close()
