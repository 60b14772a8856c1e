"""S39: one copy of the database's files, with all that the engine has left lying beside the rows that stand.

Every state of the urn is noted when it is stored, and looked for in the bytes of the files: two of them in
one copy would tell what was counted between them.
"""

import random
import subprocess
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import select, text

from portal import leftovers, ticks
from portal.db import Database
from portal.identity.models import Person
from portal.messaging.gateways.console import Console
from portal.user_audit.models import PASSING, AuditUrn
from tests.conftest import SignIn
from tests.user_audit.conftest import Audited, Crowd
from tests.user_audit.test_attack import answer_on_the_phone

TRIES = 5_000
TOLD = 40
"""So many bytes of a sealed text are like no other's."""
FILES = text(
    "WITH meant AS (SELECT oid, reltoastrelid FROM pg_class WHERE relname = ANY(:tables))"
    " SELECT pg_read_binary_file(pg_relation_filepath(one.oid)) FROM pg_class one WHERE one.oid IN ("
    " SELECT oid FROM meant UNION SELECT reltoastrelid FROM meant WHERE reltoastrelid > 0"
    " UNION SELECT indexrelid FROM pg_index JOIN meant ON meant.oid = indrelid)"
)


def files(database: Database) -> bytes:
    """What stands in the files: SQLite's with what lies beside it, PostgreSQL's of these tables."""
    if database.engine.dialect.name == "sqlite":
        path = Path(database.url.removeprefix("sqlite:///"))
        beside = [str(file) for file in path.parent.glob(f"{path.name}*")]
        # In a process of its own: whoever closes a file lets go of all locks that their process holds on it.
        return subprocess.run(["cat", *beside], capture_output=True, check=True).stdout
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        return b"".join(bytes(one) for one in connection.scalars(FILES, {"tables": list(PASSING)}))


def urn_bytes(audited: Audited) -> bytes:
    """The start of the urn as it is stored now."""
    with audited.database.reading() as session:
        return bytes(session.scalars(select(AuditUrn.content_sealed)).one() or b"")[:TOLD]


def answers(audited: Audited, people: list[Person]) -> list[bytes]:
    """These people answer one after another; returns each state of the urn, the empty one first."""
    states = [urn_bytes(audited)]
    for number, person in enumerate(people):
        audited.answer(person, ("long", "yes", "no", f"ord-{number}" * 40))
        states.append(urn_bytes(audited))
    return states


def found_in(written: bytes, states: list[bytes]) -> list[int]:
    return [number for number, state in enumerate(states) if state in written]


def named_in(written: bytes, audited: Audited, people: list[Person]) -> list[str]:
    """Who stands beside the audit anywhere in the files, as SQLite writes ids and as PostgreSQL does."""
    audit = audited.audit_id
    return [
        person.name
        for person in people
        if audit.hex.encode() + person.id.hex.encode() in written or audit.bytes + person.id.bytes in written
    ]


def sweep(database: Database) -> bool:
    return leftovers.sweep(database.engine, PASSING)


def until_swept(act: Callable[[], object]) -> None:
    """Do it until it has swept, as the worker does.

    PostgreSQL keeps what rows were for every transaction that writes anywhere in its server: for another
    test's in another database too.
    """
    for _ in range(TRIES):
        with suppress(ticks.Unswept):
            if act() is not False:
                return
    pytest.fail("somebody wrote for ever")


def settled(database: Database) -> bytes:
    """The files when the sweep after the last answer is over: on SQLite that was at once."""
    if database.engine.dialect.name == "postgresql":
        until_swept(lambda: sweep(database))
    return files(database)


@contextmanager
def somebody_reads(database: Database) -> Iterator[None]:
    """A long read of the same tables, as a backup is one."""
    with database.snapshot() as session:
        session.scalars(select(AuditUrn)).all()
        yield


def test_one_copy_of_the_files_holds_one_state_of_the_urn(audited: Audited, crowd: Crowd) -> None:
    """S39"""
    states = answers(audited, crowd(8))
    assert found_in(settled(audited.database), states) == [len(states) - 1]


def test_the_same_holds_when_it_is_answered_on_phones(
    audited: Audited, crowd: Crowd, sign_in: SignIn
) -> None:
    """S39: the request's own session is done with before the sweep."""
    states = [urn_bytes(audited)]
    for number, person in enumerate(crowd(3)):
        browser = sign_in(person, tier=1)
        answer_on_the_phone(browser, audited.audit_id, f"ord-{number}" * 40, random.Random(number))
        states.append(urn_bytes(audited))
    assert found_in(settled(audited.database), states) == [len(states) - 1]


def test_after_closing_nobody_who_took_part_stands_in_the_files(audited: Audited, crowd: Crowd) -> None:
    """S39: enough of them for several pages."""
    people = crowd(90)
    states = answers(audited, people)
    assert len(named_in(files(audited.database), audited, people)) == len(people)
    audited.close()
    written = settled(audited.database)
    assert named_in(written, audited, people) == []
    assert found_in(written, states) == []


def test_what_could_not_be_swept_at_once_is_swept_by_the_worker(audited: Audited, crowd: Crowd) -> None:
    """S39: an answer waits for nobody who reads, and is no failure for it."""
    with somebody_reads(audited.database):
        states = answers(audited, crowd(3))
        assert len(found_in(files(audited.database), states)) > 1
        assert not sweep(audited.database)
    work = ticks.Work(audited.database, Console(), swept=-ticks.UNSWEPT_SECONDS)
    until_swept(lambda: ticks.sweep_audits(work))
    assert found_in(settled(audited.database), states) == [len(states) - 1]


def test_whoever_reads_other_tables_keeps_what_the_rows_were_and_the_sweep_knows(
    audited: Audited, crowd: Crowd
) -> None:
    """S39: a report or a copy that began before holds no lock on the urn, yet might still come to it."""
    with audited.database.snapshot() as session:
        session.scalars(select(Person)).all()
        states = answers(audited, crowd(2))
        assert not sweep(audited.database)
    until_swept(lambda: sweep(audited.database))
    assert found_in(settled(audited.database), states) == [len(states) - 1]


def test_the_worker_fails_aloud_when_it_could_not_sweep_for_an_hour(audited: Audited) -> None:
    patient = ticks.Work(audited.database, Console())
    tired = ticks.Work(audited.database, Console(), swept=monotonic() - ticks.UNSWEPT_SECONDS - 1)
    with somebody_reads(audited.database):
        answers(audited, [audited.world.participant])
        ticks.sweep_audits(patient)
        with pytest.raises(ticks.Unswept):
            ticks.sweep_audits(tired)
    until_swept(lambda: ticks.sweep_audits(tired))
    with somebody_reads(audited.database):
        ticks.sweep_audits(tired)


def test_what_was_rolled_back_is_swept_too_and_a_savepoint_is_no_end(audited: Audited) -> None:
    """An answer that failed half way has written its state of the urn as well."""
    database = audited.database
    before = urn_bytes(audited)
    with database.writing() as session:
        row = session.get_one(AuditUrn, audited.audit_id)
        leftovers.sweep_after(session, PASSING)
        with session.begin_nested():
            row.content = uuid.uuid4().hex * 20
        failed = bytes(row.content_sealed or b"")[:TOLD]
        session.rollback()
    assert found_in(settled(database), [before, failed]) == [0]


def test_many_at_once_leave_one_state_when_the_worker_has_been_there(audited: Audited, crowd: Crowd) -> None:
    """S39: who sweeps and who answers do not hinder each other."""
    people, states = crowd(16), []

    def answer(person: Person) -> None:
        audited.answer(person, ("long", "yes", "no", person.name * 40))
        states.append(urn_bytes(audited))

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(answer, people))
    until_swept(lambda: sweep(audited.database))
    assert set(found_in(files(audited.database), states)) == {
        number for number, state in enumerate(states) if state == urn_bytes(audited)
    }
