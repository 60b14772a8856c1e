"""The tables of audits come and go with data, and keep no order of their rows (S39, S56)."""

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.db import Database
from portal.user_audit.models import Audit
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support.audits import audits
from tests.support.objects import asker_of
from tests.support.world import build

__all__ = ["bare"]


def before(title: str) -> str:
    """The revision that stands before the one whose first line begins so."""
    script = ScriptDirectory(str(schema.MIGRATIONS))
    found = next(one for one in script.walk_revisions() if one.doc.startswith(title))
    return str(found.down_revision)


def test_an_audit_goes_and_comes_back_without_an_order_of_its_rows(bare: Database) -> None:
    """S39, S56: SQLite keeps who got a ticket, and the texts, by their keys alone."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        audits(session, world, asker_of(session, world.user_auditor), NOW)
    if bare.engine.dialect.name == "sqlite":
        for table in ("audit_issue", "audit_text"):
            with bare.engine.connect() as connection, pytest.raises(DBAPIError, match="rowid"):
                connection.execute(text(f"SELECT rowid FROM {table}"))
    schema.downgrade(bare.url, before("Audits:"))
    assert not {table for table in tables(bare) if table.startswith("audit")}
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(Audit)) == 0
