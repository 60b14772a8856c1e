"""Bringing a database to the tables of this version, and back."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.db import Database
from portal.organisation.models import Installation

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class WrongStamp(Exception):
    """A database of made-up people was started as a real one, or the other way round."""


def configuration(url: str) -> Config:
    """Alembic's settings for the database at this address."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to this revision."""
    command.upgrade(configuration(url), revision)


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """Bring the database to this revision inside a transaction that the caller ends."""
    config = configuration("")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def knows(revision: str) -> bool:
    """Whether this version of the code has such a revision."""
    script = ScriptDirectory(str(MIGRATIONS))
    return revision in {one.revision for one in script.walk_revisions()}


def downgrade(url: str, revision: str) -> None:
    """Take the database back to this revision; "base" is before the first table."""
    command.downgrade(configuration(url), revision)


def is_current(session: Session) -> bool:
    """Whether the database has exactly the tables of this version."""
    wanted = set(ScriptDirectory(str(MIGRATIONS)).get_heads())
    return set(MigrationContext.configure(session.connection()).get_current_heads()) == wanted


def stamp(session: Session, wanted: str, now: datetime) -> None:
    """Stamp a fresh database `demo` or `real`. Raises `WrongStamp` when it bears the other one."""
    found = session.scalar(select(Installation.stamp))
    if found is None:
        session.add(Installation(id=1, stamp=wanted, stamped_at=now))
        session.flush()
    elif found != wanted:
        raise WrongStamp(f"this database is stamped {found}; it cannot be started as {wanted}")


def refuse_wrong_stamp(database: Database, wanted: str) -> None:
    """Raise `WrongStamp` when the database bears the other stamp. One without tables yet bears none."""
    try:
        with database.reading() as session:
            found = session.scalar(select(Installation.stamp))
    except DBAPIError:
        return
    if found not in (None, wanted):
        raise WrongStamp(f"this database is stamped {found}; it cannot be started as {wanted}")
