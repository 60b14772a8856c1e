"""Signs of life."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.ops.models import Heartbeat

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
