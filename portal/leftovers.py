"""What a row was before: the states that an engine leaves lying in its files beside the row that stands.

Where the states of a row tell more than the row itself, they are swept away when the transaction is over.
SQLite keeps them in its log until that is copied and cut off, PostgreSQL in the table until that is written
anew. Nobody is held up: what is in use now is swept by the worker a little later.
"""

import re
import sqlite3
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

WAIT_MILLISECONDS = 100
"""How long a sweep waits for whoever reads: as long as others then wait for it."""
_WANTED = "leftovers"


def sweep_after(session: Session, tables: Iterable[str]) -> None:
    """Sweep these tables once the session's transaction has ended, committed or not."""
    session.info[_WANTED] = tuple(tables)


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    # A savepoint has a parent: what it ends is not over.
    if transaction.parent is None and (tables := session.info.pop(_WANTED, None)):
        sweep(session.get_bind().engine, tables)


def sweep(engine: Engine, tables: Iterable[str]) -> bool:
    """Sweep away what the rows of these tables were before; False, and nothing worse, if it cannot be now."""
    try:
        return _cut_log(engine) if engine.dialect.name == "sqlite" else _write_anew(engine, tables)
    except (SQLAlchemyError, sqlite3.Error):
        return False


def _cut_log(engine: Engine) -> bool:
    """Copy SQLite's log into the file, where what is deleted is overwritten, and cut it off: all tables."""
    pooled = engine.raw_connection()
    try:
        cursor: Any = pooled.cursor()
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={WAIT_MILLISECONDS}")
        try:
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")
        return not busy
    finally:
        pooled.close()


def _write_anew(engine: Engine, tables: Iterable[str]) -> bool:
    """Give PostgreSQL's tables new files. VACUUM alone leaves the bytes where they were.

    Whoever began to read before, in any table of the database, might still want what the rows were: then it
    is written along, and has to be swept once more.
    """
    swept = 0
    left: list[int] = []
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        told: Any = connection.connection.driver_connection

        def hear(notice: Any) -> None:
            # "3 dead row versions cannot be removed yet.", in the language of the server.
            left.extend(int(number) for number in re.findall(r"\d+", notice.message_detail or "")[:1])

        connection.execute(text(f"SET lock_timeout = {WAIT_MILLISECONDS}"))
        told.add_notice_handler(hear)
        try:
            for table in tables:
                connection.execute(text(f'VACUUM (FULL, VERBOSE) "{table}"'))
                swept += 1
        finally:
            told.remove_notice_handler(hear)
            connection.execute(text("RESET lock_timeout"))
    # A table of which the server has told nothing is not known to be swept.
    return len(left) == swept and not any(left)
