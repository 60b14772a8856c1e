"""Every route, asked by everybody, about everybody's objects: what the access guard walks through."""

import re
import sqlite3
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from flask import Flask
from flask import session as cookie
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.db import Database
from portal.identity import sessions
from portal.identity.models import RoleGrant
from tests.support.interpreting import GRANT, grant_token
from tests.support.objects import asker_of
from tests.support.world import World

BASE = "http://127.0.0.1:8000"
COOKIE = "stigen"
# Who asks: the person in the world, and through which door they came.
VIEWERS = {
    "participant1": ("participant", 1),
    "participant2": ("participant", 2),
    "other_participant": ("other_participant", 2),
    "far_participant": ("far_participant", 2),
    "coach": ("coach", 2),
    "other_coach": ("other_coach", 2),
    "far_coach": ("far_coach", 2),
    "lead": ("lead", 2),
    "admin": ("admin", 2),
    "translator": ("translator", 2),
    "user_auditor": ("user_auditor", 2),
}
NOBODY, INTERPRETER = "nobody", "interpreter"
# Let in to the participant's meeting by a code: no person of the world, and through no door.
VIEWERS[INTERPRETER] = ("", 0)
# Whose objects are asked for: one in the team, one in another team, one in another organisation, none.
OWNERS = ("participant", "other_participant", "far_participant")
MISSING = "missing"
# Kept whatever the answer: who asked, when a session was last seen, tries, what was typed at a closed door.
KEPT_ANYHOW = {"journal", "web_session", "attempt_counter", "kept_form"}
DOORS = ("/", "/pin", "/staff/sign-in")
Objects = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class Answer:
    """What one question got."""

    status: int
    body: str
    headers: str
    location: str
    changed: tuple[str, ...]

    @property
    def door(self) -> bool:
        """Whether it leads to signing in."""
        return self.status == 303 and self.location.split("?")[0] in DOORS

    @property
    def permitted(self) -> bool:
        """Whether the page let the person in (a form with errors in it did)."""
        return (self.status < 400 and not self.door) or self.status == 422


@dataclass
class Matrix:
    """A populated portal that answers each question from the same beginning."""

    app: Flask
    database: Database
    world: World
    objects: Objects
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)
    observer: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self.observer = sqlite3.connect(self.database.url.removeprefix("sqlite:///"))

    def begin(self, now: datetime) -> None:
        """Sign everybody in and remember the database as it is."""
        for name, (person, tier) in VIEWERS.items():
            if person:
                self._sign_in(name, person, tier, now)
        self._let_in(now)
        self._give_token(NOBODY, {})
        tables = self.observer.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        self.rows = {table: self._rows(table) for (table,) in tables}

    def close(self) -> None:
        """Let go of the file."""
        self.observer.close()

    def ask(self, viewer: str, method: str, path: str, data: Mapping[str, object] | None = None) -> Answer:
        """One request, with its CSRF token; afterwards the database is as before."""
        before = self._version()
        response = self.fetch(viewer, method, path, data)
        changed = self.restore() if self._version() != before else ()
        body = plain(response.get_data().decode(errors="replace"), path)
        location = response.headers.get("Location", "")
        headers = f"{response.headers}{self._carried(response)}"
        return Answer(response.status_code, body, headers, location, changed)

    def restore(self) -> tuple[str, ...]:
        """Let the database be as it was at the beginning; returns the tables that were not.

        Only the tables that differ are written: most questions leave a line in the journal and nothing else.
        What is kept whatever the answer is put back as well, and not told of.
        """
        changed: list[str] = []
        with self.observer:
            for table, kept in self.rows.items():
                now = self._rows(table)
                if now == kept:
                    continue
                # A row that went and came again stands elsewhere, and is the same.
                if table not in KEPT_ANYHOW and sorted(map(repr, now)) != sorted(map(repr, kept)):
                    changed.append(table)
                self.observer.execute(f'DELETE FROM "{table}"')
                if kept:
                    places = ", ".join("?" * len(kept[0]))
                    self.observer.executemany(f'INSERT INTO "{table}" VALUES ({places})', kept)
        return tuple(changed)

    def fetch(
        self,
        viewer: str,
        method: str,
        path: str,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """One request as it is answered, with its CSRF token; what it changes stays changed."""
        unsafe = method not in {"GET", "HEAD", "OPTIONS"}
        return self.app.test_client(use_cookies=False).open(
            path,
            method=method,
            base_url=BASE,
            data={"csrf_token": self.tokens[viewer], **(data or {})} if unsafe else None,
            headers={"Cookie": f"{COOKIE}={self.cookies[viewer]}", **(headers or {})},
        )

    def path(self, rule: Rule, values: Mapping[str, str], owners: Mapping[str, str]) -> str:
        """A route's address: `values` says what each place in it holds, `owners` whose object that is."""
        return path_of(self.app, rule, values, owners, self.objects)

    def _carried(self, response: TestResponse) -> str:
        """What the session's cookie holds, which is signed and packed but can be read by anybody."""
        found = ""
        for header in response.headers.getlist("Set-Cookie"):
            name, _, value = header.partition(";")[0].partition("=")
            if name == COOKIE and value:
                found += repr(self._serializer().loads(value))
        return found

    def _serializer(self) -> URLSafeTimedSerializer:
        made = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert made is not None
        return made

    def _sign_in(self, name: str, person: str, tier: int, now: datetime) -> None:
        someone = getattr(self.world, person)
        with self.database.transaction() as session:
            roles = session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == someone.id))
            token = sessions.open_session(
                session, someone.id, roles=frozenset(roles), tier=tier, now=now, longest=timedelta(hours=8)
            )
        self._give_token(name, {"_user_id": token})

    def _let_in(self, now: datetime) -> None:
        with self.database.transaction() as session:
            coach = asker_of(session, self.world.coach)
            token = grant_token(session, coach, self.objects["meeting"]["participant"], now)
        self._give_token(INTERPRETER, {GRANT: token})

    def _give_token(self, name: str, values: dict[str, str]) -> None:
        with self.app.test_request_context(base_url=BASE):
            cookie.update(values)
            self.tokens[name] = generate_csrf()
            self.cookies[name] = self._serializer().dumps(dict(cookie))

    def _rows(self, table: str) -> list[tuple[object, ...]]:
        return self.observer.execute(f'SELECT * FROM "{table}"').fetchall()

    def _version(self) -> int:
        """A number that moves when anybody else commits."""
        found: int = self.observer.execute("PRAGMA data_version").fetchone()[0]
        return found


MakeMatrix = Callable[..., Matrix]


def path_of(
    app: Flask, rule: Rule, values: Mapping[str, str], owners: Mapping[str, str], objects: Objects
) -> str:
    """A route's address, filled with somebody's objects, with missing ones, or with fixed values."""
    filled: dict[str, object] = {}
    for argument in rule.arguments:
        kind = values[argument]
        if kind.startswith("="):
            filled[argument] = kind[1:]
        elif owners.get(argument) == MISSING:
            filled[argument] = uuid.UUID(int=7)
        else:
            filled[argument] = objects[kind][owners[argument]]
    return str(app.url_map.bind("127.0.0.1:8000").build(rule.endpoint, filled, method=None))


def plain(body: str, path: str) -> str:
    """A page without what differs between two fetches of it: its token, its own address, ids."""
    body = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", body)
    for form in (path, quote(path), quote(path, safe="")):
        body = body.replace(form, "PATH")
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", body)
