"""The journal's chain in the database: chained by workers, verified by a command (S43)."""

import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Executable, delete, insert, select, text, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.journal import chain_queries, chain_service
from portal.journal.chain_queries import Verdict
from portal.journal.chain_rules import Head
from portal.journal.models import JournalCheckpoint, JournalHead, JournalRow
from portal.worker import Worker
from tests.support.world import World


def write(database: Database, now: datetime, count: int) -> None:
    """So many lines, a second apart."""
    with database.transaction() as session:
        session.execute(
            insert(JournalRow),
            [
                {
                    "at": now + timedelta(seconds=number),
                    "actor_id": uuid.uuid4(),
                    "action": "read",
                    "kind": "plan",
                    "subject_id": uuid.uuid4(),
                }
                for number in range(count)
            ],
        )


def chain(database: Database, now: datetime, most: int = 500) -> int:
    with database.transaction() as session:
        return chain_service.chain(session, now, most)


def verify(database: Database) -> Verdict:
    with database.snapshot() as session:
        return chain_queries.verify(session)


@pytest.fixture
def chained(database: Database, now: datetime) -> Database:
    """Ten chained lines."""
    write(database, now, 10)
    assert chain(database, now) == 10
    return database


def test_new_lines_are_chained_in_batches_and_nothing_is_done_twice(
    database: Database, now: datetime
) -> None:
    write(database, now, 7)
    assert [chain(database, now, 3) for _ in range(4)] == [3, 3, 1, 0]
    found = verify(database)
    assert (found.holds, found.lines, found.waiting, found.head.link) == (True, 7, 0, 7)


def test_an_empty_journal_is_whole(database: Database) -> None:
    assert verify(database).holds


def test_a_number_that_was_given_back_is_no_false_alarm(database: Database, now: datetime) -> None:
    write(database, now, 2)
    with database.writing() as session:
        session.add(JournalRow(at=now, action="read", kind="plan"))
        session.flush()
    with database.transaction() as session:
        session.execute(insert(JournalRow).values(number=99, at=now, action="read", kind="plan"))
    chain(database, now)
    assert verify(database).holds


def test_a_line_that_commits_late_with_a_lower_number_is_chained_when_it_comes(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        session.execute(insert(JournalRow).values(number=5, at=now, action="read", kind="plan"))
    chain(database, now)
    with database.transaction() as session:
        session.execute(insert(JournalRow).values(number=4, at=now, action="read", kind="plan"))
    assert chain(database, now) == 1
    assert verify(database).holds


Tamper = Callable[[], Executable]
JOURNAL = JournalRow.__table__


@pytest.mark.parametrize(
    "tamper, said",
    [
        (lambda: update(JournalRow).where(JournalRow.link == 4).values(kind="meetings"), "changed or moved"),
        (lambda: update(JournalRow).where(JournalRow.link == 4).values(actor_id=None), "changed or moved"),
        (lambda: delete(JournalRow).where(JournalRow.link == 4), "1 deleted: link 4 is missing"),
        (lambda: delete(JournalRow).where(JournalRow.link > 7), "cut off: the chain ends at link 7"),
        (lambda: delete(JournalRow), "cut off: the chain ends at link 0"),
        (lambda: delete(JournalHead), "the head is missing"),
        (lambda: update(JournalHead).values(link=7), "the head was changed"),
        (lambda: update(JournalRow).where(JournalRow.link == 10).values(link=None, mac=None), "cut off"),
        (lambda: text("UPDATE journal SET link = 100 - link WHERE link > 5"), "deleted"),
    ],
    ids=["edit", "whose", "deletion", "truncation", "all", "head", "head moved back", "unchained", "reorder"],
)
def test_tampering_is_seen(chained: Database, tamper: Tamper, said: str) -> None:
    with chained.transaction() as session:
        session.execute(tamper())
    found = verify(chained)
    assert not found.holds
    assert any(said in fault for fault in found.faults), found.faults


WIPE = (JournalRow, JournalCheckpoint, JournalHead)


def test_a_journal_that_was_wiped_is_not_an_empty_one(
    database: Database, world: World, now: datetime
) -> None:
    """S43: not a line, a checkpoint or a head is left, but the installation knows that it has chained."""
    assert verify(database).holds
    write(database, now, 3)
    chain(database, now)
    with database.transaction() as session:
        for model in WIPE:
            session.execute(delete(model))
    assert verify(database).faults == ("the head is missing: nothing says where the chain ends",)


def test_a_wiped_journal_gets_no_second_beginning(
    app: Flask, database: Database, world: World, now: datetime
) -> None:
    """S43: the worker says so in every round, and the new lines wait."""
    write(database, now, 3)
    chain(database, now)
    with database.transaction() as session:
        for model in WIPE:
            session.execute(delete(model))
    write(database, now, 2)
    worker = Worker(app)
    assert not worker.once()
    assert "journal" in [name for lane in worker.lanes for name in lane.failing]
    found = verify(database)
    assert (found.holds, found.lines, found.waiting) == (False, 0, 2)


def test_a_journal_that_was_emptied_in_time_has_its_checkpoint_and_its_head(
    database: Database, world: World, now: datetime
) -> None:
    """S46"""
    write(database, now, 3)
    chain(database, now)
    with database.transaction() as session:
        last = chain_service.old_lines(session, now + timedelta(days=1))
        assert last is not None
        chain_service.delete_old(session, last, now)
    assert verify(database).holds
    with database.transaction() as session:
        session.execute(delete(JournalHead))
    assert not verify(database).holds


def test_a_cut_that_moves_the_head_back_too_is_seen_by_a_head_from_elsewhere(
    chained: Database, now: datetime
) -> None:
    """Somebody puts an older copy of the whole journal back: only what was noted elsewhere shows it."""
    with chained.reading() as session:
        older = {
            name: getattr(session.scalars(select(JournalHead)).one(), name)
            for name in ("link", "mac", "at", "seal")
        }
    write(chained, now, 3)
    chain(chained, now)
    noted = verify(chained).head
    with chained.transaction() as session:
        session.execute(delete(JournalRow).where(JournalRow.link > 10))
        session.execute(update(JournalHead).values(**older))
    assert verify(chained).holds
    with chained.snapshot() as session:
        found = chain_queries.verify(session, [noted])
    assert found.faults == ("cut off: the chain ends at link 10, but link 13 was noted",)


def test_old_lines_go_and_a_sealed_checkpoint_stays(chained: Database, now: datetime) -> None:
    """S46"""
    with chained.transaction() as session:
        last = chain_service.old_lines(session, now + timedelta(seconds=4))
        assert last is not None
        assert last.link == 4
        assert chain_service.delete_old(session, last, now) == 4
    write(chained, now, 2)
    chain(chained, now)
    assert (verify(chained).holds, verify(chained).lines) == (True, 8)
    with chained.transaction() as session:
        assert chain_service.old_lines(session, now) is None
        session.execute(update(JournalCheckpoint).values(lines=3))
    assert "a checkpoint was changed: the one at link 4" in verify(chained).faults


def test_a_line_out_of_time_order_is_not_deleted_before_its_time(database: Database, now: datetime) -> None:
    write(database, now, 3)
    with database.transaction() as session:
        session.execute(insert(JournalRow).values(at=now - timedelta(days=9), action="read", kind="plan"))
    chain(database, now)
    with database.reading() as session:
        assert chain_service.old_lines(session, now - timedelta(days=1)) is None


def test_workers_at_once_chain_each_line_once(database: Database, now: datetime) -> None:
    write(database, now, 60)
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        for _ in range(30):
            chain(database, now, 5)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = verify(database)
    assert (found.faults, found.lines, found.waiting) == ((), 60, 0)


def test_a_worker_that_chains_meanwhile_is_no_false_alarm(
    chained: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = chain_queries._end

    def slow(session: Session, faults: list[str]) -> Head | None:
        found = end(session, faults)
        write(chained, now, 2)
        chain(chained, now)
        return found

    monkeypatch.setattr(chain_queries, "_end", slow)
    assert verify(chained).faults == ()
    monkeypatch.undo()
    assert (verify(chained).holds, verify(chained).lines) == (True, 12)


def test_the_worker_chains(app: Flask, database: Database, now: datetime) -> None:
    write(database, now, 3)
    assert Worker(app).once()
    assert (verify(database).lines, verify(database).waiting) == (3, 0)


def test_the_command_says_it_in_plain_words(app: Flask, chained: Database, now: datetime) -> None:
    runner = app.test_cli_runner()
    good = runner.invoke(args=["journal", "verify"])
    assert good.exit_code == 0
    assert "The journal is whole: 10 chained lines." in good.output
    head = good.output.strip().rsplit(": ", 1)[1]
    with chained.transaction() as session:
        session.execute(delete(JournalRow).where(JournalRow.link > 8))
    bad = runner.invoke(args=["journal", "verify", "--head", head])
    assert bad.exit_code == 1
    assert "cut off: the chain ends at link 8, but link 10 was noted" in bad.output
    assert "THE JOURNAL IS NOT WHOLE" in bad.output
    assert runner.invoke(args=["journal", "verify", "--head", "ten"]).exit_code == 2


def test_lines_that_wait_too_long_are_told(app: Flask, chained: Database, now: datetime) -> None:
    write(chained, now - timedelta(hours=1), 2)
    said = app.test_cli_runner().invoke(args=["journal", "verify"])
    assert "2 new lines wait to be chained. The worker is late" in said.output
