"""The whole application with a small populated organisation, served to real browsers."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from portal import clock
from portal.config import Settings
from portal.db import Database
from portal.identity import sessions
from portal.identity.models import Person, RoleGrant
from tests.support import databases
from tests.support.apps import fresh_app
from tests.support.interpreting import GRANT, grant_token
from tests.support.objects import asker_of
from tests.support.schema import build_schema
from tests.support.served import served
from tests.support.world import World, build


class Frozen(Protocol):
    """The clock of tests/conftest.py."""

    moment: datetime

    def __call__(self) -> datetime:
        """The moment."""
        ...

    def move(self, by: timedelta) -> datetime:
        """Let this much time pass."""
        ...


@dataclass
class Site:
    """A running portal: its address, its application, its people and its clock."""

    url: str
    app: Flask
    database: Database
    world: World
    frozen: Frozen

    def sign_in(self, page: Page, person: Person, tier: int = 2) -> None:
        """Give the page's browser a session of this person, as if they had just signed in."""
        with self.database.transaction() as session:
            roles = session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person.id))
            token = sessions.open_session(
                session,
                person.id,
                roles=frozenset(roles),
                tier=tier,
                now=self.frozen.moment,
                longest=timedelta(hours=8),
            )
        self._carry(page, "_user_id", token)

    def let_in(self, page: Page, meeting_id: object) -> None:
        """Let the page's browser read as the interpreter of this meeting, as if the code had been typed."""
        with self.database.transaction() as session:
            coach = asker_of(session, self.world.coach)
            token = grant_token(session, coach, meeting_id, self.frozen.moment)
        self._carry(page, GRANT, token)

    def _carry(self, page: Page, held: str, token: str) -> None:
        browser = self.app.test_client()
        with browser.session_transaction(base_url=self.url) as cookie:
            cookie[held] = token
        name = self.app.config["SESSION_COOKIE_NAME"]
        value = browser.get_cookie(name, domain="127.0.0.1")
        assert value is not None
        page.context.add_cookies([{"name": name, "value": value.value, "url": self.url}])


@contextlib.contextmanager
def running(name: str, folder: Path, frozen: Frozen) -> Iterator[Site]:
    """A portal of its own, on SQLite, with `frozen` as its clock; `name` keeps its database apart."""
    url = databases.database_url("sqlite", name, build=build_schema, template="site")
    database = Database(url, durable=False)
    basis = Settings.from_environment({"DEPLOYMENT": "demo", "INSTANCE": str(folder)})
    made: list[Flask] = []

    def make(address: str) -> Flask:
        made.append(fresh_app(replace(basis, public_base_url=address), database))
        clock.use(frozen)
        return made[0]

    with served(make) as address:
        with database.transaction() as session:
            world = build(session, frozen.moment)
        yield Site(address, made[0], database, world, frozen)
    database.close()


@pytest.fixture
def site(worker_id: str, tmp_path: Path, frozen: Frozen) -> Iterator[Site]:
    """A portal for this test alone."""
    with running(f"site_{worker_id}", tmp_path, frozen) as made:
        yield made


@pytest.fixture
def origin(site: Site) -> str:
    """The only address that a page may ask."""
    return site.url
