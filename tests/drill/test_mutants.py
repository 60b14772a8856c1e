"""The drill sees what it is for: each bug that is planted breaks the law that it should break."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.messaging import rules, sender, service, trouble_queries
from portal.messaging.gateways.base import Gateway, Outcome
from portal.messaging.models import OutboxMessage
from portal.notices import rules as notices
from portal.reminders import service as reminders
from portal.web import transaction
from tests.drill.drill import Drill
from tests.drill.report import Report
from tests.support import databases
from tests.support.schema import build_schema

EVENING = datetime(2026, 11, 24, 17, tzinfo=UTC)
"""18.00 in Stockholm: the night, in which messages wait, begins soon."""
KILLS = 40
Patch = pytest.MonkeyPatch


def tries_again_when_in_doubt(patch: Patch) -> None:
    def again(session: Session, now: datetime) -> int:
        left = update(OutboxMessage).where(OutboxMessage.state == rules.ATTEMPTING).values(state=rules.QUEUED)
        session.execute(left)
        return 0

    patch.setattr(service, "give_up_stale", again)


def writes_down_only_afterwards(patch: Patch) -> None:
    def one_transaction(
        database: Database, gateway: Gateway, now: datetime, check: sender.Check, **how: object
    ) -> Outcome | None:
        with database.transaction() as session:
            claimed = sender.claim(session, now, check)
            if claimed is None:
                return None
            outcome = gateway.send(claimed.message)
            sender.settle(session, claimed, outcome, now)
        return outcome

    patch.setattr(sender, "send_next", one_transaction)


def says_sent_before_it_is(patch: Patch) -> None:
    attempt = sender._attempt

    def too_early(row: OutboxMessage, *how: Any) -> sender.Claim:
        claimed = attempt(row, *how)
        row.state = rules.SENT
        return claimed

    patch.setattr(sender, "_attempt", too_early)


def forgets_what_waits(patch: Patch) -> None:
    def drop(session: Session, now: datetime) -> int:
        late = update(OutboxMessage).where(OutboxMessage.state == rules.QUEUED).values(state=rules.EXPIRED)
        session.execute(late)
        return 0

    patch.setattr(service, "expire", drop)


def asks_nothing_before_sending(patch: Patch) -> None:
    patch.setattr(reminders, "check", lambda *_: rules.Go())


def knows_no_night(patch: Patch) -> None:
    patch.setattr(notices, "wait_until", lambda *_: None)


def tells_staff_nothing(patch: Patch) -> None:
    patch.setattr(trouble_queries, "missed", lambda *_: ())


def confirms_what_it_has_not_kept(patch: Patch) -> None:
    patch.setattr(transaction, "_end", lambda *_: None)


BUGS: dict[Callable[[Patch], None], str] = {
    tries_again_when_in_doubt: "twice",
    writes_down_only_afterwards: "twice",
    says_sent_before_it_is: "lost",
    forgets_what_waits: "lost",
    asks_nothing_before_sending: "after_cancelling",
    knows_no_night: "in_quiet_hours",
    tells_staff_nothing: "hidden",
    confirms_what_it_has_not_kept: "gone",
}


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_seen(
    bug: Callable[[Patch], None], worker_id: str, tmp_path: Path, monkeypatch: Patch
) -> None:
    url = databases.database_url("sqlite", f"drill_{worker_id}", build=build_schema)
    drill = Drill(url, tmp_path, 1, seed=1, now=EVENING)
    bug(monkeypatch)
    report = drill.run(KILLS)
    assert getattr(report, BUGS[bug]) > 0, report
    assert not report.lawful


@pytest.mark.parametrize("broken", ["lost", "twice", "after_cancelling", "in_quiet_hours", "hidden", "gone"])
def test_a_broken_law_is_seen(broken: str) -> None:
    assert Report(due=4, once=2, unknown=1, too_late=1).lawful
    report = Report(due=4, once=2, unknown=1, too_late=1)
    setattr(report, broken, 1)
    assert not report.lawful
    assert not Report(due=4, once=2).lawful
