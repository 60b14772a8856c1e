"""Signs of life."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.ops.models import Heartbeat

WORKER = "worker"
FAILING = "failing "
"""What stands before a tick's name where its failure is noted instead of a process's life."""


def beat(session: Session, now: datetime, *, failing: Iterable[str] = ()) -> None:
    """Say that the worker went round at `now`, and which of its ticks had failed by then."""
    for name in (WORKER, *(FAILING + tick for tick in sorted(failing))):
        found = session.get(Heartbeat, name)
        if found is None:
            session.add(Heartbeat(name=name, at=now))
        else:
            found.at = now
    session.flush()
