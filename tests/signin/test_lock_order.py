"""Whoever lets somebody in takes the rows in the order of whoever counts a try: the address comes first."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from portal.db import Database
from tests.conftest import FrozenClock, SignIn
from tests.signin.test_staff_door import NEW, sign_in_as
from tests.support.pages import Client
from tests.support.signing_in import PASSWORD, PIN, come_in, give_account, give_pin
from tests.support.world import World

KNOWN = "070-174 06 05"
HELD = "SELECT attempt_counter.kind"


@pytest.fixture
def said(database: Database) -> Iterator[list[str]]:
    """The statements that the database was given, in order."""
    statements: list[str] = []

    def note(*args: Any) -> None:
        statements.append(" ".join(args[2].split()))

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in database.engines:
        event.remove(engine, "before_cursor_execute", note)


def held_before(said: list[str], *changes: str) -> bool:
    """Whether the address was held before the first of these changes, and before anybody was locked."""
    held = next((place for place, one in enumerate(said) if one.startswith(HELD)), len(said))
    changed = [place for place, one in enumerate(said) if one.startswith(changes)]
    assert changed
    return held < changed[0]


def test_a_code(client: Client, world: World, database: Database, said: list[str]) -> None:
    """S12."""
    come_in(client, database, KNOWN)
    assert held_before(said, "UPDATE sign_in_code SET used_at", "DELETE FROM attempt_counter")


def test_a_pin(client: Client, world: World, database: Database, said: list[str]) -> None:
    """S12, S13."""
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    said.clear()
    assert client.post("/pin", data={"pin": PIN}).status_code == 303
    assert held_before(said, "DELETE FROM attempt_counter", "UPDATE web_session SET expires_at")


def test_staff(
    client: Client, world: World, database: Database, frozen: FrozenClock, said: list[str]
) -> None:
    """S12, S29."""
    give_account(database, world.coach)
    said.clear()
    assert sign_in_as(client, frozen)[0] == 303
    assert held_before(said, "UPDATE staff_account SET totp_last_step", "DELETE FROM attempt_counter")


def test_another_password(world: World, database: Database, sign_in: SignIn, said: list[str]) -> None:
    """S12, S18."""
    give_account(database, world.coach)
    here = sign_in(world.coach)
    said.clear()
    data = {"password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    assert here.post("/staff/password", data=data).status_code == 303
    assert held_before(said, "UPDATE staff_account SET password", "DELETE FROM attempt_counter")
