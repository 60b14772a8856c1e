"""Bringing a backup into an empty database, so that nothing is said or opened twice (S55)."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    CursorResult,
    Date,
    Float,
    LargeBinary,
    MetaData,
    String,
    Time,
    Uuid,
    bindparam,
    column,
    delete,
    func,
    insert,
    inspect,
    select,
    table,
    text,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from portal import schema
from portal.booking.feed_models import CalendarFeed
from portal.booking.network.models import MeetingParty
from portal.config import Settings
from portal.db import Database, Instant
from portal.identity.session_models import (
    DeskCode,
    KeptForm,
    MailCode,
    PinRequest,
    SignInCode,
    WebSession,
)
from portal.interpreting.models import InterpreterGrant
from portal.journal import chain_queries
from portal.journal import service as journal
from portal.journal.chain_queries import Verdict
from portal.journal.chain_rules import Head
from portal.keeping import file_rules
from portal.keeping.backup_service import fingerprints
from portal.keeping.file_rules import About, Damaged
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.ops import service as ops
from portal.reminders import service as reminders
from portal.reminders.models import CancelCode
from portal.web.errors import Refused

BATCH = 500
DOORS = (CalendarFeed, CancelCode, DeskCode, KeptForm, MailCode, PinRequest, SignInCode, WebSession)
"""What lets somebody in, or belongs to a session: nothing of it survives. Those that point come first."""
TYPES: dict[str, TypeEngine[Any]] = {
    "uuid": Uuid(),
    "moment": Instant(),
    "date": Date(),
    "time": Time(),
    "bytes": LargeBinary(),
    "json": JSON(none_as_null=True),
    "bool": Boolean(),
    "int": BigInteger(),
    "float": Float(),
    "text": String(),
}


class NotEmpty(Refused):
    """The database has tables already."""


class WrongKind(Refused):
    """A backup of made-up people for a real installation, or the other way round."""


class UnknownRevision(Refused):
    """The backup was made by a newer version of the portal."""


class OtherKeys(Refused):
    """The settings' keys are not those of the backup; `names` says which."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass
class Restored:
    """What came in. `in_doubt`: messages that may have left since the backup was made.

    `unput`: kinds of the errors for which reminders that were due could not be put, and so not be marked.
    """

    made_at: datetime
    rows: int
    in_doubt: int
    unput: tuple[str, ...]
    journal: Verdict


@dataclass
class _Loading:
    """A table that is being filled: rows wait for their batch, references to its own rows for the end."""

    name: str
    columns: list[str]
    kinds: tuple[str, ...]
    key: list[str]
    own: list[str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    later: list[dict[str, Any]] = field(default_factory=list)


def restore(
    database: Database, settings: Settings, metadata: MetaData, source: Path, now: datetime
) -> Restored:
    """Bring the backup in, all of it or nothing, and hold the worker back.

    Raises Damaged, WrongKind, UnknownRevision, OtherKeys, NotEmpty, OSError.
    """
    front = _check(settings, source)
    with ExitStack() as stack:
        patient = Database(database.url, patient=True)
        stack.callback(patient.close)
        connection = stack.enter_context(patient.engine.execution_options(writing=True).connect())
        stack.enter_context(connection.begin())
        if inspect(connection).get_table_names():
            raise NotEmpty
        schema.upgrade_within(connection, front.revision)
        with source.open("rb") as opened:
            rows, head = _load(connection, file_rules.read(opened, settings.backup_key))
        schema.upgrade_within(connection)
        _number_on(connection, metadata)
        with Session(connection, expire_on_commit=False) as session:
            failed: list[Exception] = []
            in_doubt = _void(session, now, failed)
            ops.hold(session, now, copied_at=front.moment)
            journal.note(session, None, action="change", kind="restored", subject=None)
            journal.write_own(session, now)
            session.flush()
            found = chain_queries.verify(session, [head])
        kinds = tuple(type(error).__name__ for error in failed)
        return Restored(front.moment, rows, in_doubt, kinds, found)


def _check(settings: Settings, source: Path) -> About:
    """Read the file from end to end before anything is touched."""
    with source.open("rb") as opened:
        front = file_rules.front_of(opened)
        opened.seek(0)
        end: Any = None
        for line in file_rules.read(opened, settings.backup_key):
            end = line
    if not isinstance(end, dict) or "end" not in end:
        raise Damaged("the end is missing")
    if front.stamp != settings.stamp:
        raise WrongKind
    if not schema.knows(front.revision):
        raise UnknownRevision
    here = fingerprints(settings)
    other = [name for name, wanted in end["keys"].items() if here.get(name) != wanted]
    if other:
        raise OtherKeys(other)
    return front


def _load(connection: Connection, lines: Iterator[Any]) -> tuple[int, Head]:
    head = Head.parse(next(lines)["head"])
    current: _Loading | None = None
    waiting: list[_Loading] = []
    rows = 0
    for line in lines:
        if isinstance(line, list):
            assert current is not None
            _take(current, line)
            rows += 1
            if len(current.rows) >= BATCH:
                _flush(connection, current)
            continue
        if current is not None:
            _flush(connection, current)
            waiting.append(current)
        current = _begin(line) if "table" in line else None
    for one in waiting:
        _point(connection, one)
    return rows, head


def _begin(line: dict[str, Any]) -> _Loading:
    names = [name for name, _ in line["columns"]]
    return _Loading(
        line["table"], names, tuple(kind for _, kind in line["columns"]), line["key"], line["own"]
    )


def _take(into: _Loading, line: list[Any]) -> None:
    row = dict(zip(into.columns, file_rules.decode(into.kinds, line), strict=True))
    pointing = {name: row[name] for name in into.own if row[name] is not None}
    if pointing:
        into.later.append(
            {f"key_{name}": row[name] for name in into.key} | {name: row[name] for name in into.own}
        )
        row |= dict.fromkeys(pointing)
    into.rows.append(row)


def _shape(one: _Loading) -> Any:
    columns = zip(one.columns, one.kinds, strict=True)
    return table(one.name, *(column(name, TYPES[kind]) for name, kind in columns))


def _flush(connection: Connection, one: _Loading) -> None:
    if one.rows:
        connection.execute(insert(_shape(one)), one.rows)
        one.rows.clear()


def _point(connection: Connection, one: _Loading) -> None:
    """Let rows point at others of their table, now that all of them stand."""
    if not one.later:
        return
    shape = _shape(one)
    connection.execute(
        update(shape)
        .where(*(shape.c[name] == bindparam(f"key_{name}") for name in one.key))
        .values({name: bindparam(name) for name in one.own}),
        one.later,
    )


def _number_on(connection: Connection, metadata: MetaData) -> None:
    """Let what counts by itself go on after the highest number. (SQLite does so anyway.)"""
    if connection.dialect.name == "sqlite":
        return
    for one in metadata.sorted_tables:
        counted = one.autoincrement_column
        if counted is None:
            continue
        highest = connection.scalar(select(func.max(counted)))
        name = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"),
            {"table": one.name, "column": counted.name},
        )
        if highest is not None and name is not None:
            connection.execute(text("SELECT setval(:name, :highest)"), {"name": name, "highest": highest})


def _void(session: Session, now: datetime, failed: list[Exception]) -> int:
    """End sessions and codes; what would be said at once becomes `unknown`. Returns how many that were.

    `failed` gets what kept a reminder from being put: that one is not marked, and would leave again.
    """
    for door in DOORS:
        session.execute(delete(door))
    # These stay, ended: the journal names interpreters by them.
    session.execute(
        update(InterpreterGrant)
        .where(InterpreterGrant.ended_at.is_(None))
        .values(ended_at=now, code_expires_at=now)
        .execution_options(synchronize_session=False)
    )
    # So do those who are asked to a meeting: their next e-mail has another address of their page.
    session.execute(
        update(MeetingParty)
        .values(token_sealed=None, token_hash=None)
        .execution_options(synchronize_session=False)
    )
    # What has become due since the backup was made has left already, or may have: it is put, and not sent.
    reminders.tick(session, now, failed.append)
    session.execute(
        update(OutboxMessage).where(OutboxMessage.kind == messaging.SIGN_IN_CODE).values(body_sealed=None)
    )
    done = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state.in_(messaging.WAITING))
        .values(state=messaging.UNKNOWN, error_code="stopped", changed_at=now)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", done).rowcount
