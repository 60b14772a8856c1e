"""Fifty workers killed on each database: no reminder is lost, none is sent twice (S48, S53)."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.messaging import rules, service
from portal.messaging.models import OutboxMessage
from tests.drill.__main__ import WORKERS
from tests.drill.drill import Drill, Report
from tests.support import databases
from tests.support.schema import build_schema


@pytest.mark.parametrize("kind", list(WORKERS))
def test_no_kill_loses_or_repeats_a_reminder(kind: databases.Kind, worker_id: str, tmp_path: Path) -> None:
    """S53: nor is one sent of a cancelled meeting, or at night."""
    url = databases.database_url(kind, f"drill_{worker_id}", build=build_schema)
    report = Drill(url, tmp_path, WORKERS[kind], seed=1).run(50)
    assert report.lawful, report
    assert report.kills >= 50
    assert report.once > 20


def test_the_drill_sees_a_sender_that_tries_again_when_in_doubt(
    worker_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the drill is for: a worker that queues anew what another left behind sends twice."""

    def again(session: Session, now: datetime) -> int:
        left = update(OutboxMessage).where(OutboxMessage.state == rules.ATTEMPTING).values(state=rules.QUEUED)
        session.execute(left)
        return 0

    monkeypatch.setattr(service, "give_up_stale", again)
    url = databases.database_url("sqlite", f"drill_{worker_id}", build=build_schema)
    assert Drill(url, tmp_path, 1, seed=1).run(50).twice > 0


@pytest.mark.parametrize("broken", ["lost", "twice", "after_cancelling", "in_quiet_hours"])
def test_a_broken_law_is_seen(broken: str) -> None:
    assert Report(due=3, once=2, unknown=1).lawful
    assert not Report(due=3, once=2, unknown=1, **{broken: 1}).lawful
    assert not Report(due=3, once=2).lawful
