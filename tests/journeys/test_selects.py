"""How often each page asks the database, its session included: as seldom with 300 participants as with 10."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule

from portal.db import Database
from tests.conftest import SignIn
from tests.guards.access_table import TABLE
from tests.support.matrix import path_of
from tests.support.objects import Objects, populate
from tests.support.pages import Client
from tests.support.world import World, add_participant

HOME, PARTICIPANT, STAFF = 4, 8, 15
FEW, MANY = 10, 300
SIGNED_IN = ("participant", "staff")
ROLES = ("participant", "coach", "admin", "lead", "translator", "user_auditor")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The SELECTs of a block."""
    found: list[str] = []

    def note(*call: object) -> None:
        statement = str(call[2])
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            found.append(statement)

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    yield found
    for engine in database.engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def objects(database: Database, world: World, now: datetime) -> Objects:
    """One object of each kind, and so many participants of one coach as a coach has."""
    with database.transaction() as session:
        made = populate(session, world, now)
    add_people(database, world, now, range(2, FEW))
    return made


def add_people(database: Database, world: World, now: datetime, numbers: range) -> None:
    with database.transaction() as session:
        for number in numbers:
            phone = f"+467017{number:05d}"
            add_participant(session, world.here, f"Person {number}", now, coach=world.coach, phone=phone)


def pages(app: Flask, objects: Objects) -> dict[str, tuple[str, str]]:
    """Each page behind a sign-in: who opens it, and its address."""
    rules: Mapping[str, Rule] = {
        rule.endpoint: rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    found = {}
    for name, row in TABLE.items():
        method, endpoint = name.split()
        kind = row.who.split()[0]
        if method != "GET" or kind not in SIGNED_IN:
            continue
        viewer = next(role for role in ROLES if opens(row.who, role))
        owners = dict.fromkeys(row.holds, "participant")
        found[endpoint] = (viewer, path_of(app, rules[endpoint], row.holds, owners, objects))
    return found


def opens(who: str, role: str) -> bool:
    """Whether a role may open what declares itself so."""
    kind, *roles = who.split()
    return kind == role or (kind == "staff" and role != "participant" and (not roles or role in roles))


def asked(database: Database, browser: Client, path: str) -> list[str]:
    browser.get(path)
    with counted(database) as found:
        answer = browser.get(path)
    assert answer.status_code in (200, 303), path
    return found


def test_pages_ask_seldom_and_no_oftener_for_many_people(
    app: Flask, database: Database, world: World, now: datetime, objects: Objects, sign_in: SignIn
) -> None:
    browsers = {name: sign_in(getattr(world, name)) for name in ROLES}
    walked = pages(app, objects)
    few = {name: asked(database, browsers[who], path) for name, (who, path) in walked.items()}
    add_people(database, world, now, range(FEW, MANY))
    many = {name: asked(database, browsers[who], path) for name, (who, path) in walked.items()}
    assert {name: len(found) for name, found in many.items()} == {
        name: len(found) for name, found in few.items()
    }
    too_many = {name: found for name, found in few.items() if len(found) > most(name, walked[name][0])}
    assert not too_many, {name: (len(found), found) for name, found in too_many.items()}


def most(name: str, who: str) -> int:
    """How many questions a page may ask."""
    if name == "home.show_home":
        return HOME
    return PARTICIPANT if who == "participant" else STAFF
