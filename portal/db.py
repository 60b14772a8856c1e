"""The database: its tables' base, its two kinds of session, and who owns the transaction.

The method of a request decides its transaction before anything is read: an unsafe one opens a
writing transaction (SQLite: BEGIN IMMEDIATE, so that two writers queue instead of both reading
first), a safe one reads and is always rolled back. See docs/decisions/0001-one-owner-of-the-commit.md.
"""

import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from flask import current_app, g, request
from sqlalchemy import (
    ColumnElement,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    String,
    create_engine,
    event,
    literal_column,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

WAIT_SECONDS = 5
"""How long a request waits for a lock, or for a server that says nothing, before it answers 503 (S51)."""

STATEMENT_SECONDS = 2 * WAIT_SECONDS
"""The longest a PostgreSQL server works on one statement, the wait for a lock included."""

CONNECTIONS = 16
"""As many as eight threads may want at once: each its request's session, and one apart."""

# What stands in a row must not stand in an error: errors are logged (S44).
COMMON: dict[str, Any] = {
    "hide_parameters": True,
    "pool_size": CONNECTIONS,
    "pool_timeout": WAIT_SECONDS,
}

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


DISK_FULL = "53100"
"""What PostgreSQL says when there is no room left."""


def is_full(error: BaseException) -> bool:
    """Whether this is the database saying that there is no room left (S50)."""
    said = getattr(error, "orig", None)
    if isinstance(said, sqlite3.Error):
        return getattr(said, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(said, "sqlstate", None) == DISK_FULL


class _Compiled(dict[Any, Any]):
    """The compiled forms of statements, each found by which object it is.

    The engine's own cache compares a statement column by column on every asking. One that is derived from
    another is another object, and finds nothing of its here.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        dialect, said, *rest = key
        found = super().get((dialect, id(said), *rest))
        return found[1] if found else default

    def __setitem__(self, key: Any, compiled: Any) -> None:
        dialect, said, *rest = key
        # What is kept holds the object, so that nobody else gets its id.
        super().__setitem__((dialect, id(said), *rest), (said, compiled))


_SAID_ONCE: dict[str, Any] = {"compiled_cache": _Compiled()}


def ask(session: Session, constant: Executable, values: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """What a statement finds that is a constant, with `bindparam`s where the asker's values come.

    For constants alone, since their compiled forms are never thrown away; and for plain columns, which need
    nothing of the mapper: it would cost a third of the asking.
    """
    session.flush()
    return _connection(session).execute(constant, values, execution_options=_SAID_ONCE)


_HELD = "connection"


def _connection(session: Session) -> Connection:
    """The connection of the session's transaction; to ask the session for it costs as much as a question."""
    transaction, held = session.info.get(_HELD, (None, None))
    # One that has failed is asked for too: the session refuses it, and nobody reads what was not kept.
    if held is None or transaction is not session.get_transaction() or not session.is_active:
        held = session.connection()
        session.info[_HELD] = session.get_transaction(), held
    return cast(Connection, held)


def word(ours: str) -> ColumnElement[str]:
    """One of our own words, written out in a constant statement: what never changes need not be filled in.

    Raises ValueError for anything but a plain word: what comes from people never stands in a statement.
    """
    if ours and not (ours.isascii() and ours.isidentifier()):
        raise ValueError("only a word of ours is written out in a statement")
    return literal_column(f"'{ours}'", String)


class Instant(TypeDecorator[datetime]):
    """A moment: aware and in UTC on both sides, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table. A row has its id from the moment it is made, before it is stored."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant}

    def __init__(self, **values: Any) -> None:
        if isinstance(self, Row):
            # First of all: what is sealed is bound to the id.
            values = {"id": values.get("id") or uuid.uuid4(), **values}
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, value)


class Row:
    """A table whose rows are named by a random UUID."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


def _open_sqlite(connection: sqlite3.Connection, durable: bool) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
    connection.execute("PRAGMA foreign_keys=ON")
    # What is deleted is overwritten, however SQLite was built.
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgresql(patient: bool) -> dict[str, Any]:
    """How psycopg connects so that a machine that is gone is noticed, and no statement lasts for ever."""
    seconds = 0 if patient else STATEMENT_SECONDS
    return {
        "connect_timeout": WAIT_SECONDS,
        "tcp_user_timeout": WAIT_SECONDS * 1000,
        # Who only waits for an answer sends nothing that could go unheard: a question each second does.
        "keepalives_idle": WAIT_SECONDS,
        "keepalives_interval": 1,
        "options": f"-c lock_timeout={WAIT_SECONDS}s -c statement_timeout={seconds}s -c timezone=UTC",
    }


class Database:
    """One database and its two kinds of session.

    `durable=False` is for tests only; `patient=True` for migrations, whose statements may last.
    """

    def __init__(self, url: str, *, durable: bool = True, patient: bool = False) -> None:
        self.url = url
        self.engine = self._engine(url, durable, patient)
        self._writing_engine = self.engine.execution_options(writing=True)
        self._reading_engine = self._for_reading()

    @staticmethod
    def _server(url: str, connecting: dict[str, Any], **how: Any) -> Engine:
        return create_engine(url, connect_args=connecting, pool_pre_ping=True, **COMMON, **how)

    @staticmethod
    def _engine(url: str, durable: bool, patient: bool) -> Engine:
        if not url.startswith("sqlite"):
            return Database._server(url, _postgresql(patient))
        engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS}, **COMMON)
        event.listen(engine, "connect", lambda connection, _: _open_sqlite(connection, durable))
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _for_reading(self) -> Engine:
        """On PostgreSQL each statement stands alone, in connections that the server lets only read.

        Two statements of one transaction see no more of each other there (read committed), and what opens
        and ends it costs as much as a question.
        """
        if self.engine.dialect.name == "sqlite":
            return self.engine
        connecting = _postgresql(patient=False)
        connecting["options"] += " -c default_transaction_read_only=on"
        return self._server(self.url, connecting, isolation_level="AUTOCOMMIT")

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Each engine that has connections of its own."""
        return tuple(dict.fromkeys((self.engine, self._reading_engine)))

    def close(self) -> None:
        """Let go of every connection."""
        for engine in self.engines:
            engine.dispose()

    def reading(self) -> Session:
        """A session that may only read."""
        return Session(self._reading_engine, expire_on_commit=False)

    def writing(self) -> Session:
        """A session whose transaction writes: on SQLite it holds the one writer's place at once."""
        return Session(self._writing_engine, expire_on_commit=False)

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that sees one moment of the database, however long it reads and whoever writes."""
        options = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with (
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
            Session(connection, expire_on_commit=False) as fresh,
        ):
            yield fresh

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing session that commits at the end, or rolls back when anything is raised."""
        with self.writing() as fresh, fresh.begin():
            yield fresh


def database() -> Database:
    """The app's database."""
    return cast(Database, current_app.extensions["stigen_database"])


def session() -> Session:
    """This request's one session; the method has decided whether it writes."""
    if "session" not in g:
        late = g.get("late_transaction", False)
        g.writing = request.method not in SAFE_METHODS and not late
        g.session = database().writing() if g.writing else database().reading()
    return cast(Session, g.session)


def begin_writing() -> Session:
    """End the reading session of a view that opens its transaction late, and open the writing one.

    Late is for sign-in alone: a hash takes 0.2 s and must not hold SQLite's one writer.
    """
    if g.get("writing", False):
        raise RuntimeError("this request already writes")
    if "session" in g:
        g.session.close()
    g.writing = True
    g.session = database().writing()
    return cast(Session, g.session)


@contextmanager
def apart() -> Iterator[Session]:
    """A session that commits by itself, whatever becomes of the request.

    For attempt counters, the journal and last-seen only. Raises RuntimeError inside an open writing
    transaction, which SQLite would lock against itself.
    """
    if g.get("writing", False) and g.session.in_transaction():
        raise RuntimeError("apart() inside an open writing transaction")
    with database().transaction() as fresh:
        yield fresh
