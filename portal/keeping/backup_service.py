"""Taking the whole database out: one moment of it, whatever is written meanwhile (S55)."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Time,
    Uuid,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from portal import schema
from portal.config import Settings
from portal.crypto import key_of
from portal.db import Database, Instant
from portal.journal import chain_queries
from portal.keeping import file_rules
from portal.keeping.file_rules import Damaged, Writer
from portal.web.errors import Refused

AT_ONCE = 1000
DATA = "DATA_KEYS "
"""What stands before the id of a data key where keys are named."""
KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Uuid, "uuid"),
    (DateTime, "moment"),
    (Date, "date"),
    (Time, "time"),
    (LargeBinary, "bytes"),
    (JSON, "json"),
    (Boolean, "bool"),
    (Integer, "int"),
    (Numeric, "float"),
    (Float, "float"),
    (String, "text"),
)


class NotCurrent(Refused):
    """The database has not the tables of this version."""


class NoBackupKey(Refused):
    """BACKUP_KEY is not set."""


class Exists(Refused):
    """There is a file of this name already."""


@dataclass(frozen=True)
class Done:
    """What a backup holds: rows in all, and where the journal's chain ended."""

    rows: int
    head: str


def kind_of(kind: TypeEngine[Any]) -> str:
    """How values of a column's type stand in the file. Raises TypeError for one that we do not know."""
    if isinstance(kind, Instant):
        return "moment"
    for known, name in KINDS:
        if isinstance(kind, known):
            return name
    raise TypeError(f"no way to write {kind!r} into a backup")


def backup(database: Database, settings: Settings, metadata: MetaData, target: Path, now: datetime) -> Done:
    """Write the file, read it again from end to end, and only then give it its name.

    Raises NoBackupKey, NotCurrent, Exists, Damaged, OSError; none of them leaves a file behind.
    """
    if not settings.backup_key:
        raise NoBackupKey
    if target.exists():
        raise Exists
    part = target.with_name(f".{target.name}.part")
    patient = Database(database.url, patient=True)
    try:
        with patient.snapshot() as session:
            if not schema.is_current(session):
                raise NotCurrent
            done = _write_whole(part, session, settings, metadata, now)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
        patient.close()
    _settle(target.parent)
    return done


def _write_whole(part: Path, session: Session, settings: Settings, metadata: MetaData, now: datetime) -> Done:
    part.unlink(missing_ok=True)
    # Nobody but its owner reads it, from the first byte on.
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        done = _write(out, session, settings, metadata, now)
        out.flush()
        os.fsync(out.fileno())
    with part.open("rb") as source:
        lines = sum(1 for _ in file_rules.read(source, settings.backup_key))
    tables = len(metadata.sorted_tables)
    if lines != done.rows + tables + 2:
        raise Damaged("what was written cannot be read again")
    return done


def _write(out: BinaryIO, session: Session, settings: Settings, metadata: MetaData, now: datetime) -> Done:
    connection = session.connection()
    (revision,) = MigrationContext.configure(connection).get_current_heads()
    writer = Writer(out, settings.backup_key, file_rules.about(now, settings.stamp, revision))
    head = str(chain_queries.head(session))
    writer.line({"head": head})
    rows, used = 0, set[str]()
    for table in metadata.sorted_tables:
        rows += _write_table(writer, connection, table, used)
    prints = fingerprints(settings)
    needed = {name: prints[name] for name in prints if not name.startswith(DATA) or name[len(DATA) :] in used}
    writer.line({"end": rows, "keys": needed})
    writer.close()
    return Done(rows, head)


def fingerprints(settings: Settings) -> dict[str, str]:
    """What tells each key of the database from another one, by the key's name."""
    keys = {"LOOKUP_KEY": settings.lookup_key, "PIN_KEY": settings.pin_key}
    keys |= {f"{DATA}{key_id}": key for key_id, key in settings.data_keys.items()}
    return {name: file_rules.fingerprint(key) for name, key in keys.items()}


def _write_table(writer: Writer, connection: Connection, table: Table, used: set[str]) -> int:
    kinds = tuple(kind_of(column.type) for column in table.columns)
    names = [column.name for column in table.columns]
    writer.line(
        {
            "table": table.name,
            "columns": [[name, kind] for name, kind in zip(names, kinds, strict=True)],
            "key": [column.name for column in table.primary_key],
            "own": sorted(own_references(table)),
        }
    )
    sealed = [place for place, name in enumerate(names) if name.endswith("_sealed")]
    count = 0
    # In the order of their keys: the order in which rows came may tell what nothing else does (S39).
    rows = select(table).order_by(*table.primary_key)
    for row in connection.execute(rows, execution_options={"yield_per": AT_ONCE}):
        used.update(key_of(row[place]) for place in sealed if row[place])
        writer.line(file_rules.encode(kinds, tuple(row)))
        count += 1
    return count


def own_references(table: Table) -> set[str]:
    """The columns that point at other rows of the same table: they are filled in when all rows stand."""
    return {
        element.parent.name
        for constraint in table.foreign_key_constraints
        if constraint.referred_table is table
        for element in constraint.elements
    }


def _settle(folder: Path) -> None:
    """Let the new name survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
