"""No page and no round of the worker reads a table that grows from end to end."""

import re
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import event, text

from portal.db import Database
from portal.worker import Worker
from tests.conftest import SignIn
from tests.journeys.test_selects import ROLES, objects, pages
from tests.support.objects import Objects
from tests.support.world import World

__all__ = ["objects"]

GROWING = (
    *("appointment", "attention", "busy_time", "check_in", "enrolment", "help_request", "journal"),
    *("interpreter_order", "outbox_message", "person", "plan", "plan_event", "plan_step", "response"),
    *("group_part", "group_seat", "group_session", "response_line"),
    *("sending", "source_text", "translation", "web_session"),
)
Asked = dict[str, Any]


def listen(database: Database) -> Asked:
    """Every SELECT from here on, with the values it was asked with."""
    found: Asked = {}

    def note(*call: Any) -> None:
        if str(call[2]).lstrip().upper().startswith(("SELECT", "WITH")):
            found[str(call[2])] = call[3]

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    return found


def read_whole(database: Database, asked: Asked) -> dict[str, list[str]]:
    """The tables that each question reads from end to end, whatever they hold."""
    sqlite = database.engine.dialect.name == "sqlite"
    found = {}
    with database.engine.connect() as connection:
        if not sqlite:
            # A small table is always read whole: here that costs so much that any index is better.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, values in list(asked.items()):
            how = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
            lines = [str(row[-1]) for row in connection.exec_driver_sql(how + statement, values)]
            whole = [line for line in lines if scans(line, sqlite)]
            if whole:
                found[statement] = whole
    return found


def scans(line: str, sqlite: bool) -> bool:
    """Whether this line of a plan reads a growing table without an index."""
    if sqlite:
        return bool(re.match(rf"SCAN ({'|'.join(GROWING)})\b(?!.*USING)", line))
    return bool(re.search(rf'Seq Scan on "?({"|".join(GROWING)})\b', line))


def test_growing_tables_are_read_by_an_index(
    app: Flask, database: Database, world: World, now: datetime, objects: Objects, sign_in: SignIn
) -> None:
    browsers = {name: sign_in(getattr(world, name)) for name in ROLES}
    asked = listen(database)
    for who, path in pages(app, objects).values():
        browsers[who].get(path)
    Worker(app, most=100).once()
    assert len(asked) > 50
    assert read_whole(database, asked) == {}
