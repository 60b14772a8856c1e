"""A run of forgetting, and what is in the database before and after it."""

from datetime import date, datetime

from sqlalchemy import select

from portal.db import Database
from portal.organisation.models import Organisation
from portal.privacy import retention_queries, retention_service
from portal.privacy.retention_rules import Forgetting
from portal.tables import metadata

LONG_AGO = date(2024, 6, 14)
Keys = dict[str, set[tuple[object, ...]]]


def everything(database: Database) -> Keys:
    """The primary keys of all rows of all tables."""
    with database.reading() as session:
        return {
            table.name: {tuple(row) for row in session.execute(select(*table.primary_key.columns))}
            for table in metadata.sorted_tables
        }


def places(database: Database) -> list[Organisation]:
    with database.reading() as session:
        return list(session.scalars(select(Organisation)))


def planned(database: Database, now: datetime) -> Forgetting:
    with database.snapshot() as session:
        return retention_queries.forgetting(session, now, places(database))


def forget(database: Database, now: datetime, **more: str) -> Forgetting:
    with database.transaction() as session:
        return retention_service.forget(session, now, places(database), **more)
