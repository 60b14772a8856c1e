"""A running portal and a running bare page on the same database, each behind a server of its own kind."""

import contextlib
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.app import create_app
from portal.config import Settings
from portal.db import Database
from portal.identity import sessions
from portal.identity.models import Person, RoleGrant
from portal.installation import use_settings
from tests.support import databases
from tests.support.objects import Objects, populate
from tests.support.schema import build_schema
from tests.support.world import World, build

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30


@dataclass
class Place:
    """A portal with one of everything in it, not served yet. `kind` is the database's."""

    kind: databases.Kind
    settings: Settings
    database: Database
    app: Flask
    world: World
    objects: Objects

    def cookie(self, who: str, tier: int = 2) -> str:
        """A Cookie header with a session of somebody of the world, as after their first page."""
        person: Person = getattr(self.world, who)
        with self.database.transaction() as session:
            roles = session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person.id))
            token = sessions.open_session(
                session,
                person.id,
                roles=frozenset(roles),
                tier=tier,
                now=clock.now(),
                longest=timedelta(hours=8),
            )
        browser = self.app.test_client()
        with browser.session_transaction(base_url=self.settings.public_base_url) as kept:
            kept["_user_id"] = token
        # The first page puts the form token in the cookie; from then on the browser sends it back as it is.
        browser.get(
            "/me" if tier < 2 or who == "participant" else "/staff", base_url=self.settings.public_base_url
        )
        name = self.app.config["SESSION_COOKIE_NAME"]
        value = browser.get_cookie(name, domain="127.0.0.1")
        assert value is not None
        return f"{name}={value.value}"


@contextlib.contextmanager
def place(kind: databases.Kind, folder: Path) -> Iterator[Place]:
    """A populated portal on a fresh database of this kind, reading the real clock."""
    url = databases.database_url(kind, f"bench_{kind}", build=build_schema)
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = {"DEPLOYMENT": "demo", "INSTANCE": str(folder), "DATABASE_URL": url, "PORT": str(port)}
    settings = Settings.from_environment(environment)
    database = Database(url)
    app = create_app(replace(settings), database)
    use_settings(settings)
    now = clock.now()
    with database.transaction() as session:
        world = build(session, now)
    with database.transaction() as session:
        objects = populate(session, world, now)
    yield Place(kind, settings, database, app, world, objects)
    database.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@contextlib.contextmanager
def serving(place: Place) -> Iterator[tuple[str, str]]:
    """The portal and the bare page behind one process of gunicorn each; yields both addresses."""
    port = free_port()
    floor = f"http://127.0.0.1:{port}"
    with (
        _server("tests.bench.served:create_app()", place.settings.public_base_url, place) as ours,
        _server("tests.bench.bare:create_app()", floor, place) as bare,
    ):
        yield ours, bare


@contextlib.contextmanager
def _server(app: str, address: str, place: Place) -> Iterator[str]:
    environment = {
        **os.environ,
        "DEPLOYMENT": "demo",
        "INSTANCE": str(place.settings.instance),
        "DATABASE_URL": place.settings.database_url,
        "PORT": address.rpartition(":")[2],
    }
    how = ["--workers", "1", "--threads", "8", "--log-level", "warning", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", "--bind", address.removeprefix("http://"), *how, app]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Until the server answers anything at all. RuntimeError when it ends instead, or says nothing."""
    for _ in range(START_SECONDS * 10):
        try:
            urllib.request.urlopen(address, timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                raise RuntimeError(f"{address} ended with {process.wait(0.1)}") from None
        else:
            return
    raise RuntimeError(f"{address} says nothing")
