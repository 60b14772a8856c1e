"""Signs of life."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.ops.models import Heartbeat

WORKER = "worker"


def beat(session: Session, now: datetime, name: str = WORKER) -> None:
    """Say that the process with this name went round at `now`."""
    found = session.get(Heartbeat, name)
    if found is None:
        session.add(Heartbeat(name=name, at=now))
    else:
        found.at = now
    session.flush()
