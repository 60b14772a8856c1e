"""Data keys are changed without loss, wherever it is cut off (S38)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, select, update
from sqlalchemy.orm import Session

from portal import crypto
from portal.config import DEMO_KEY
from portal.db import Database
from portal.identity.models import Person
from portal.keeping import key_service
from portal.tables import metadata
from tests.support import objects
from tests.support.world import World

NEW = b"n" * 32


def turn(*order: str) -> None:
    """Let these keys be known, the first one seal."""
    known = {"demo": DEMO_KEY, "new": NEW}
    crypto.use(crypto.Keyring({key_id: known[key_id] for key_id in order}, DEMO_KEY))


def readable(database: Database) -> dict[str, str]:
    """Every sealed value there is, opened: {place: text}."""
    found = {}
    with database.reading() as session:
        for place in key_service.places():
            for row_id, sealed in session.execute(select(place.table.c.id, place.table.c[place.column])):
                if sealed:
                    where = place.text_of(row_id)
                    found[where] = crypto.keys().open(cast(bytes, sealed), where)
    return found


def counts(database: Database) -> dict[str, int]:
    with database.snapshot() as session:
        return key_service.counts(session)


@pytest.fixture
def full(database: Database, world: World, now: datetime) -> Database:
    """One object of each kind for three people."""
    with database.transaction() as session:
        objects.populate(session, world, now)
    return database


def test_every_sealed_column_is_found() -> None:
    """A bytes column whose name says that it is sealed has its descriptor, and the other way round."""
    named = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name.endswith("_sealed")
    }
    assert {(place.table.name, place.column) for place in key_service.places()} == named
    assert ("person", "name_sealed") in named


def test_everything_is_sealed_anew_and_the_old_key_can_go(full: Database) -> None:
    before = readable(full)
    assert counts(full) == {"demo": len(before)}
    turn("new", "demo")
    done = key_service.rotate(full, batch=3)
    assert (done.anew, done.broken) == (len(before), {})
    assert counts(full) == {"new": len(before)}
    turn("new")
    assert readable(full) == before
    assert key_service.rotate(full).anew == 0


class Cut(Exception):
    """Stands for a kill."""


def test_cut_off_anywhere_nothing_is_lost_and_it_goes_on(
    full: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, whole = readable(full), Database.transaction
    turn("new", "demo")
    cuts = left = 0
    while True:
        left = cuts
        cuts += 1

        @contextmanager
        def cut(database: Database, late: bool = cuts % 2 == 0) -> Iterator[Session]:
            nonlocal left
            if left == 0 and not late:
                raise Cut
            with whole(database) as session:
                yield session
                if left == 0 and late:
                    raise Cut
            left -= 1

        monkeypatch.setattr(Database, "transaction", cut)
        try:
            key_service.rotate(full, batch=10)
            break
        except Cut:
            monkeypatch.setattr(Database, "transaction", whole)
            assert readable(full) == before
    monkeypatch.setattr(Database, "transaction", whole)
    assert cuts > 20
    assert counts(full) == {"new": len(before)}
    assert readable(full) == before


def test_a_swapped_value_is_left_and_told(full: Database, world: World) -> None:
    with full.transaction() as session:
        rows = dict(
            session.execute(
                select(Person.id, Person.name_sealed).where(Person.name_sealed.is_not(None))
            ).all()
        )
        session.execute(
            update(Person).where(Person.id == world.coach.id).values(name_sealed=rows[world.lead.id])
        )
    turn("new", "demo")
    done = key_service.rotate(full)
    assert done.broken == {"person.name_sealed": 1}
    assert counts(full)["demo"] == 1


def test_what_is_changed_meanwhile_is_not_overwritten(
    full: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and writing somebody else saves: theirs stays."""
    turn("new", "demo")
    if full.engine.dialect.name == "sqlite":
        return  # there, nobody writes meanwhile
    seal = crypto.Keyring.seal

    def slow(ring: crypto.Keyring, text: str, place: str) -> bytes:
        if place == f"person:name_sealed:{world.coach.id}" and text == "Karin Lund":
            with full.writing() as other:
                value = seal(ring, "Karin Ny", place)
                other.execute(update(Person).where(Person.id == world.coach.id).values(name_sealed=value))
                other.commit()
        return seal(ring, text, place)

    monkeypatch.setattr(crypto.Keyring, "seal", slow)
    key_service.rotate(full)
    assert readable(full)[f"person:name_sealed:{world.coach.id}"] == "Karin Ny"


def test_the_commands_say_how_far_it_is(app: Flask, full: Database) -> None:
    runner, many = app.test_cli_runner(), len(readable(full))
    turn("new", "demo")
    before = runner.invoke(args=["keys", "status"])
    assert before.output.splitlines() == ["new: 0 values. seals what is new", f"demo: {many} values."]
    said = runner.invoke(args=["keys", "rotate", "--batch", "7"])
    assert said.exit_code == 0
    assert said.output.splitlines() == [
        f"{many} values sealed anew with new.",
        f"new: {many} values. seals what is new",
        "demo: 0 values. may be removed from DATA_KEYS",
    ]
    turn("demo")
    gone = runner.invoke(args=["keys", "rotate"])
    assert gone.exit_code == 1
    assert "IS NOT IN DATA_KEYS" in gone.output
