"""Signs of life, and holding the worker back after a restore."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.journal import service as journal
from portal.ops.models import Heartbeat
from portal.organisation.models import Installation
from portal.web.asker import Asker

WORKER = "worker"
FAILING = "failing "
"""What stands before a tick's name where its failure is noted instead of a process's life."""


def beat(session: Session, now: datetime, *, failing: Iterable[str] = ()) -> None:
    """Say that the worker went round at `now`, and which of its ticks had failed by then."""
    for name in (WORKER, *(FAILING + tick for tick in sorted(failing))):
        done = session.execute(update(Heartbeat).where(Heartbeat.name == name).values(at=now))
        if not cast("CursorResult[object]", done).rowcount:
            _first(session, Heartbeat(name=name, at=now))


def _first(session: Session, row: Heartbeat) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # Another worker has said the same at this very moment.
        return


def hold(session: Session, now: datetime, *, copied_at: datetime) -> None:
    """Hold the worker back: the database was copied at `copied_at`, what was sent since is unknown (S55)."""
    session.execute(update(Installation).values(held_since=now, copied_at=copied_at))


def release(session: Session, asker: Asker | None, now: datetime) -> bool:
    """Let the worker send again; False when it was not held. `asker` is None on the command line."""
    done = session.execute(
        update(Installation).where(Installation.held_since.is_not(None)).values(held_since=None)
    )
    let_go = bool(cast("CursorResult[object]", done).rowcount)
    if let_go:
        journal.note(session, asker, action="change", kind="worker_released", subject=None)
    return let_go
