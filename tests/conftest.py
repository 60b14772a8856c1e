"""Fixtures for every test: databases on both engines, a frozen clock, the app, people, pages."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock, crypto
from portal.config import DEMO_KEY, Settings
from portal.db import Database
from portal.identity import sessions
from portal.identity.models import Person, RoleGrant
from portal.identity.signin import hashing
from portal.installation import use_settings
from portal.tables import metadata
from tests.support import canaries, databases
from tests.support.apps import shared_app
from tests.support.browser import browser, engine, open_phone, phone, quick_browser
from tests.support.fake_elks import FakeElks
from tests.support.fake_twilio import FakeTwilio
from tests.support.pages import Client
from tests.support.schema import build_schema
from tests.support.site import origin, site
from tests.support.world import World, build

# Here and nowhere below: a second `browser` in the same process would start a second Playwright, which fails.
__all__ = ["browser", "engine", "open_phone", "origin", "phone", "quick_browser", "site"]

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""A Tuesday, 09.00 in Stockholm."""
OWN_HASHER = hashing._HASHER


# A machine that is busy with other tests is slow; that is no fault of the code. What passed must pass again,
# so the examples are the same every time; `pytest --hypothesis-profile=search` looks for new ones.
hypothesis.settings.register_profile("stigen", deadline=None, derandomize=True)
hypothesis.settings.register_profile("search", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("stigen")


def pytest_configure(config: pytest.Config) -> None:
    """Tie the private PostgreSQL to the life of the run."""
    databases.reserve(config)


class FrozenClock:
    """A clock that moves only when a test moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, by: timedelta) -> datetime:
        """Let this much time pass; returns the new moment."""
        self.moment += by
        return self.moment


@pytest.fixture(autouse=True)
def no_canary_gets_out() -> Iterator[None]:
    """Fail a test in which a person's name or number reached a log line or an address (S44)."""
    with canaries.listening():
        yield


@pytest.fixture(autouse=True)
def keys() -> crypto.Keyring:
    """Keys for sealed columns, the same as the app of `settings` installs."""
    ring = crypto.Keyring({"demo": DEMO_KEY}, DEMO_KEY)
    crypto.use(ring)
    return ring


@pytest.fixture(scope="session", autouse=True)
def installed() -> None:
    """Settings as every process has them, also for tests without an application; the machine's clock."""
    use_settings(Settings.from_environment({"DEPLOYMENT": "demo"}))
    clock.use(clock.system_time)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """PINs and passwords hashed at the least cost there is: `own_hasher` is for tests of the real one."""
    with pytest.MonkeyPatch.context() as patch:
        use_hasher(patch, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def own_hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hasher that the portal uses."""
    use_hasher(monkeypatch, OWN_HASHER)
    yield
    hashing._nobodys.cache_clear()


def use_hasher(patch: pytest.MonkeyPatch, hasher: PasswordHasher) -> None:
    """Hash with this one, from nobody's password on."""
    patch.setattr(hashing, "_HASHER", hasher)
    hashing._nobodys.cache_clear()


@pytest.fixture
def frozen() -> Iterator[FrozenClock]:
    """The clock that the app reads; `frozen.move(timedelta(...))` lets time pass."""
    source = FrozenClock(NOW)
    clock.use(source)
    yield source
    clock.use(clock.system_time)


@pytest.fixture
def now(frozen: FrozenClock) -> datetime:
    """2026-11-24 08:00 UTC, a Tuesday, 09.00 in Stockholm."""
    return frozen.moment


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_database(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Database]:
    """One database a run, engine and worker; `database` empties it after each test."""
    kind = cast(databases.Kind, request.param)
    fresh = Database(databases.database_url(kind, worker_id, build=build_schema), durable=False)
    yield fresh
    fresh.close()


@pytest.fixture
def database(shared_database: Database, keys: crypto.Keyring) -> Iterator[Database]:
    """An empty database with the schema in place, on each engine in turn."""
    yield shared_database
    with shared_database.transaction() as session:
        connection = session.connection()
        # PostgreSQL takes them all at once: waiting for a hundred answers is long.
        together = connection.dialect.name == "postgresql"
        # The driver's own cursor: the statements cost SQLAlchemy more than they cost SQLite.
        cursor = connection.connection.cursor()
        for statement in ["; ".join([UNBOUND, *EMPTYING])] if together else EMPTYING:
            cursor.execute(statement)
        cursor.close()


EMPTYING = [f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables)]
UNBOUND = "SET LOCAL session_replication_role = replica"
"""Foreign keys are not looked at until the commit: all rows go, and to ask of each whether another leans on
it takes ten times as long as to delete it."""


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session. Commit what another session (the app's) is to see."""
    with database.writing() as fresh:
        yield fresh


@pytest.fixture
def world(database: Database, now: datetime) -> World:
    """A populated organisation, committed; a second one that must never be seen."""
    with database.transaction() as fresh:
        return build(fresh, now)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The demo's settings, with a folder of their own."""
    return Settings.from_environment({"DEPLOYMENT": "demo", "INSTANCE": str(tmp_path)})


@pytest.fixture
def app(settings: Settings, database: Database, frozen: FrozenClock) -> Flask:
    """The whole application on this database, reading the frozen clock."""
    made = shared_app(settings, database)
    clock.use(frozen)
    return made


@pytest.fixture
def client(app: Flask) -> Client:
    """Somebody's browser, signed out; every page it fetches is checked."""
    return cast(Client, app.test_client())


SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(app: Flask, database: Database, frozen: FrozenClock) -> SignIn:
    """`sign_in(person, tier=2)` gives a browser in which this person is signed in."""

    def signed_in(person: Person, tier: int = 2) -> Client:
        with database.transaction() as fresh:
            grants = fresh.query(RoleGrant).filter(RoleGrant.person_id == person.id)
            roles = frozenset(grant.role for grant in grants)
            token = sessions.open_session(
                fresh,
                person.id,
                roles=roles,
                tier=tier,
                now=frozen.moment,
                longest=timedelta(hours=8),
            )
        browser = cast(Client, app.test_client())
        with browser.session_transaction(base_url="http://127.0.0.1:8000") as cookie:
            cookie["_user_id"] = token
        return browser

    return signed_in


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    """Twilio on loopback, which must have understood all that it was sent."""
    with FakeTwilio() as running:
        yield running
    assert running.problems == []


@pytest.fixture
def elks() -> Iterator[FakeElks]:
    """46elks on loopback, which must have understood all that it was sent."""
    with FakeElks() as running:
        yield running
    assert running.problems == []
