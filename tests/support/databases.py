"""Empty databases with the schema in place, a moment each, on both engines.

The schema is built once per run and engine, whoever comes first; everything after that is a copy.

    # tests/conftest.py
    def pytest_configure(config):
        databases.reserve(config)

    @pytest.fixture(scope="session", params=["sqlite", "postgresql"])
    def database(request, worker_id):
        return databases.database_url(request.param, worker_id, build=upgrade_to_head)
"""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from tests.support import postgres

Kind = Literal["sqlite", "postgresql"]
Build = Callable[[str], None]


def reserve(config: pytest.Config) -> None:
    """Tie the run's directory (and the server that may start in it) to pytest's own life.

    Call it from `pytest_configure`: the workers of pytest-xdist then share what the first one starts.
    """
    reservation = postgres.reserve()
    reservation.__enter__()

    def release() -> None:
        reservation.__exit__(None, None, None)

    config.add_cleanup(release)


def database_url(kind: Kind, worker: str, *, build: Build, template: str = "schema") -> str:
    """The SQLAlchemy address of a fresh database with the schema in place.

    `worker` names it: the same name again gives a fresh one in its place, so name it by worker (and by
    test, where a test wants one of its own). `build` brings the empty database at the address it is
    given to the wanted schema and closes its connections; it runs once per run and `template`.
    """
    if kind == "sqlite":
        return _sqlite(worker, build, template)
    with postgres.cluster() as server, postgres.locked(home() / f"{template}.lock"):
        if not server.has(template):
            build(server.create(f"{template}_being_built"))
            server.rename(f"{template}_being_built", template)
        return server.create(f"test_{worker}", template=template)


def home() -> Path:
    """The run's directory: shared by its workers, removed at its end."""
    return Path(os.environ[postgres.HOME_VARIABLE])


def _sqlite(worker: str, build: Build, template: str) -> str:
    original = home() / f"{template}.sqlite"
    with postgres.locked(home() / f"{template}.sqlite.lock"):
        if not original.exists():
            unfinished = original.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            build(f"sqlite:///{unfinished}")
            _copy(unfinished, original)
    mine = home() / f"test_{worker}.sqlite"
    for leftover in home().glob(f"{mine.name}*"):
        leftover.unlink()
    _copy(original, mine)
    return f"sqlite:///{mine}"


def _copy(source: Path, target: Path) -> None:
    """Copy a database by SQLite's own backup: a plain copy of a file misses what its log still holds."""
    before, after = sqlite3.connect(source), sqlite3.connect(target)
    with before, after:
        before.backup(after)
    before.close()
    after.close()
