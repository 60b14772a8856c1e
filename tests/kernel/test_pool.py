"""When every connection is taken, people are told to try again: never an unforeseen error (S51)."""

from typing import cast

import pytest
from sqlalchemy import text

from portal import db
from portal.app import create_app
from portal.config import Settings
from portal.db import Database
from portal.tables import metadata
from tests.support.pages import Client


def test_a_pool_that_is_used_up_is_a_503(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "CONNECTIONS", 1)
    monkeypatch.setattr(db, "WAIT_SECONDS", 0)
    settings.instance.mkdir(parents=True, exist_ok=True)
    small = Database(settings.database_url)
    metadata.create_all(small.engine)
    app = create_app(settings, small)
    app.test_client_class = Client
    held = [small.engine.connect() for _ in range(11)]
    for connection in held:
        connection.execute(text("select 1"))
    answer = cast(Client, app.test_client()).get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    for connection in held:
        connection.close()
    small.engine.dispose()
