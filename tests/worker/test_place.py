"""On SQLite there is one worker, whichever machine the other is on."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import worker
from portal.db import Database
from portal.messaging import rules
from portal.messaging.models import OutboxMessage
from portal.ops import service
from portal.ops.models import WorkerLease
from tests.conftest import FrozenClock
from tests.support import databases, outbox
from tests.support.schema import build_schema
from tests.support.world import World
from tests.worker.test_worker import Process, beat, processes, until

__all__ = ["processes"]


def take(database: Database, holder: uuid.UUID, now: datetime) -> bool:
    with database.transaction() as session:
        return service.take_place(session, holder, now)


def test_a_place_is_kept_by_signs_of_life_and_taken_over_after_silence(
    database: Database, now: datetime
) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    assert take(database, first, now)
    assert not take(database, second, now + timedelta(seconds=29))
    assert take(database, first, now + timedelta(seconds=29))
    assert not take(database, second, now + timedelta(seconds=58))
    assert take(database, second, now + timedelta(seconds=59))
    assert not take(database, first, now + timedelta(seconds=60))


def test_a_clock_set_back_keeps_nobody_out_for_an_hour(database: Database, now: datetime) -> None:
    """S54."""
    assert take(database, uuid.uuid4(), now)
    assert take(database, uuid.uuid4(), now - timedelta(hours=1))


def test_a_place_that_was_left_is_free_and_nobody_leaves_anothers(database: Database, now: datetime) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    take(database, first, now)
    with database.transaction() as session:
        service.leave_place(session, second)
    assert not take(database, second, now)
    with database.transaction() as session:
        service.leave_place(session, first)
    assert take(database, second, now)


def lost(database: Database, now: datetime) -> None:
    """Let another worker have the place, as after a long silence."""
    with database.transaction() as session:
        session.scalars(select(WorkerLease)).one().holder = uuid.uuid4()


@pytest.fixture
def shared_database(worker_id: str) -> Iterator[Database]:
    """SQLite alone."""
    fresh = Database(
        databases.database_url("sqlite", f"place_{worker_id}", build=build_schema), durable=False
    )
    yield fresh
    fresh.close()


@pytest.fixture
def single(app: Flask) -> worker.Worker:
    made = worker.Worker(app)
    assert made.begin()
    return made


def test_a_worker_that_lost_its_place_sends_nothing_more_and_ends(
    single: worker.Worker, database: Database, world: World, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was silent for longer than its place is kept: what it has in mind is the other's to do."""
    with database.transaction() as session:
        person = world.participant
        outbox.put_code(session, now, recipient_id=person.id, address=person.phone)
    lost(database, now)
    assert not single.once()
    assert single.lanes[0].failing == ["codes"]
    with database.reading() as session:
        assert session.scalars(select(OutboxMessage.state)).all() == [rules.QUEUED]
    assert (single.alone, single.stopping.is_set()) == (False, True)


def test_another_worker_is_refused_with_one_line(
    single: worker.Worker, app: Flask, database: Database, frozen: FrozenClock
) -> None:
    refused = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert (refused.exit_code, refused.output) == (1, f"{worker.NOT_ALONE}\n")
    frozen.move(service.PLACE)
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0
    with database.reading() as session:
        assert session.scalars(select(WorkerLease)).all() == []


def test_a_second_process_is_refused_until_the_first_has_stopped(
    database: Database, processes: Callable[..., Process]
) -> None:
    running = processes()
    first = running.start()
    assert until(lambda: beat(database) is not None)
    assert running.finish(running.start("--once")) == (1, f"{worker.NOT_ALONE}\n")
    first.terminate()
    assert running.finish(first) == (0, "")
    assert running.finish(running.start("--once")) == (0, "")
