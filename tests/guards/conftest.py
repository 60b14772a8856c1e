"""The whole portal, populated and still, for the guards that ask it questions."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from portal import clock
from portal.config import Settings
from portal.db import Database
from tests.conftest import NOW
from tests.support import databases
from tests.support.apps import fresh_app
from tests.support.matrix import MakeMatrix, Matrix
from tests.support.objects import populate
from tests.support.schema import build_schema
from tests.support.world import build


class StillClock(clock.DemoClock):
    """The demo's clock, which can be moved and yet stands still: each question starts at the same moment."""

    def __call__(self) -> datetime:
        return NOW


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo's settings."""
    return Settings.from_environment(
        {"DEPLOYMENT": "demo", "INSTANCE": str(tmp_path_factory.mktemp("access"))}
    )


@pytest.fixture(scope="module")
def make(settings: Settings, worker_id: str) -> Iterator[MakeMatrix]:
    """Makes a populated portal; `more` may add routes to it."""
    made: list[Matrix] = []

    def make_matrix(more: Callable[[Flask], None] | None = None) -> Matrix:
        url = databases.database_url(
            "sqlite", f"matrix_{worker_id}_{len(made)}", build=build_schema, template="site"
        )
        database = Database(url, durable=False)
        app = fresh_app(settings, database)
        clock.use(StillClock(settings.instance / "demo-clock"))
        if more:
            more(app)
        with database.transaction() as session:
            world = build(session, NOW)
            objects = populate(session, world, NOW)
        matrix = Matrix(app, database, world, objects)
        matrix.begin(NOW)
        made.append(matrix)
        return matrix

    yield make_matrix
    for matrix in made:
        matrix.close()
        matrix.database.close()
    clock.use(clock.system_time)


@pytest.fixture(scope="module")
def matrix(make: MakeMatrix) -> Matrix:
    """The portal as it is."""
    return make()
