"""Moments, and the two kinds of session, on both databases."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import (
    IntegrityError,
    InternalError,
    OperationalError,
    PendingRollbackError,
    StatementError,
)

from portal import db
from portal.app import create_app
from portal.config import Settings
from portal.db import Database
from portal.organisation.models import Installation
from portal.schema import WrongStamp, refuse_wrong_stamp, stamp
from portal.tables import metadata

MOMENT = datetime(2026, 11, 24, 8, 0, 0, 123456, tzinfo=UTC)


def test_a_moment_comes_back_as_it_was(database: Database) -> None:
    stockholm = timezone(timedelta(hours=1))
    with database.transaction() as session:
        session.add(Installation(id=1, stamp="demo", stamped_at=MOMENT.astimezone(stockholm)))
    with database.reading() as session:
        found = session.scalars(select(Installation.stamped_at)).one()
    assert found == MOMENT
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with database.writing() as session, pytest.raises(StatementError, match="zone"):
        session.execute(select(Installation).where(Installation.stamped_at == MOMENT.replace(tzinfo=None)))


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def half_way() -> None:
        with database.transaction() as session:
            session.add(Installation(id=1, stamp="demo", stamped_at=MOMENT))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_way()
    with database.reading() as session:
        assert session.scalars(select(Installation)).all() == []


def test_a_reading_session_cannot_write(database: Database) -> None:
    """S24: on SQLite what it writes is rolled back; PostgreSQL, where nothing is to roll back, refuses."""
    with database.reading() as session:
        session.add(Installation(id=1, stamp="demo", stamped_at=MOMENT))
        with suppress(InternalError):
            session.flush()
    with database.reading() as session:
        assert session.scalars(select(Installation)).all() == []


def test_a_second_writer_does_not_even_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """S49, S51: on SQLite two that have both read "free" cannot exist; readers go on."""
    monkeypatch.setattr(db, "WAIT_SECONDS", 0)
    small = Database(f"sqlite:///{tmp_path / 'small.db'}")
    metadata.create_all(small.engine)
    with small.transaction() as first:
        first.execute(select(Installation))
        with small.writing() as second, pytest.raises(OperationalError, match="locked"):
            second.execute(select(Installation))
        with small.reading() as reader:
            assert reader.scalars(select(Installation)).all() == []
    small.close()


def test_a_database_is_stamped_once(database: Database) -> None:
    with database.transaction() as session:
        stamp(session, "demo", MOMENT)
        stamp(session, "demo", MOMENT)
    with database.writing() as session, pytest.raises(WrongStamp, match="demo"):
        stamp(session, "real", MOMENT)


def test_neither_starts_as_the_other(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        stamp(session, "real", MOMENT)
    with pytest.raises(WrongStamp, match="real"):
        create_app(settings, database)


def test_a_database_without_tables_bears_no_stamp(settings: Settings, tmp_path: Path) -> None:
    refuse_wrong_stamp(Database(f"sqlite:///{tmp_path / 'empty.db'}"), settings.stamp)


def test_a_constant_statement_is_compiled_once_and_answers_each_asker_anew(database: Database) -> None:
    asked = select(Installation.stamp).where(Installation.id == bindparam("which"))
    narrower = asked.where(Installation.stamp == "nobody's")
    kept = db._SAID_ONCE["compiled_cache"]
    with database.transaction() as session:
        session.add(Installation(id=1, stamp="demo", stamped_at=MOMENT))
    with database.reading() as session:
        before = len(kept)
        found: list[Sequence[str]] = [
            db.ask(session, asked, {"which": which}).scalars().all() for which in (1, 2, 1)
        ]
        assert len(kept) == before + 1
        assert found == [["demo"], [], ["demo"]]
        assert db.ask(session, narrower, {"which": 1}).scalars().all() == []


def test_a_constant_statement_sees_what_its_session_has_not_stored_yet(database: Database) -> None:
    asked = select(Installation.stamp)
    with database.writing() as session:
        assert db.ask(session, asked, {}).scalars().all() == []
        session.add(Installation(id=1, stamp="demo", stamped_at=MOMENT))
        assert db.ask(session, asked, {}).scalars().all() == ["demo"]
        session.rollback()
        assert db.ask(session, asked, {}).scalars().all() == []
        session.commit()
        assert db.ask(session, asked, {}).scalars().all() == []


def test_a_transaction_that_has_failed_answers_nothing_more(database: Database) -> None:
    """What it would say is not what was written in it."""
    asked = select(Installation.stamp)
    with database.writing() as session:
        db.ask(session, asked, {})
        session.execute(insert(Installation).values(id=1, stamp="demo", stamped_at=MOMENT))
        session.add(Installation(id=1, stamp="demo", stamped_at=MOMENT))
        with pytest.raises(IntegrityError):
            session.flush()
        with pytest.raises(PendingRollbackError):
            db.ask(session, asked, {})
        session.rollback()
        assert db.ask(session, asked, {}).scalars().all() == []


def test_only_a_word_of_ours_is_written_out_in_a_statement(database: Database) -> None:
    with database.reading() as session:
        assert session.scalars(select(db.word("booked"))).one() == "booked"
        assert session.scalars(select(db.word(""))).one() == ""
    for wrong in ("it's", "two words", "å", "%s", "1"):
        with pytest.raises(ValueError, match="word of ours"):
            db.word(wrong)
