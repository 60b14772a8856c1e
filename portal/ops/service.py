"""Signs of life, the one worker on SQLite, holding back after a restore, an SMS from a phone of the demo."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.config import CONSOLE
from portal.identity.people.number_queries import homes_of
from portal.journal import service as journal
from portal.messaging import incoming_service
from portal.messaging.rules import lease_is_over
from portal.ops.models import Heartbeat, WorkerLease
from portal.organisation.models import Installation
from portal.web.asker import Asker

WORKER = "worker"
FAILING = "failing "
"""What stands before a tick's name where its failure is noted instead of a process's life."""
PLACE = timedelta(seconds=30)
"""How long a worker that says nothing more keeps its place on SQLite: three of its signs of life."""


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


def take_place(session: Session, holder: uuid.UUID, now: datetime) -> bool:
    """Be the one worker until `PLACE` from now, or stay it; False while another one is.

    The row stands in the database itself, so that a worker on another machine that shares the file sees it.
    """
    row = session.get(WorkerLease, WORKER, with_for_update=True)
    if row is None:
        session.add(WorkerLease(name=WORKER, holder=holder, until=now + PLACE))
        session.flush()
        return True
    if row.holder != holder and not lease_is_over(row.until, now, PLACE):
        return False
    row.holder, row.until = holder, now + PLACE
    session.flush()
    return True


def has_place(session: Session, holder: uuid.UUID) -> bool:
    """Whether nobody has taken the place of this worker; asked in the transaction that claims a message."""
    return session.scalar(select(WorkerLease.holder).where(WorkerLease.name == WORKER)) == holder


def leave_place(session: Session, holder: uuid.UUID) -> None:
    """Let the next worker begin at once."""
    session.execute(delete(WorkerLease).where(WorkerLease.name == WORKER, WorkerLease.holder == holder))


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


def text_us(session: Session, number: str, words: str, now: datetime) -> None:
    """Let an SMS come in from the phone with this number: the demo's alone."""
    incoming_service.receive(
        session,
        provider=CONSOLE,
        reference=uuid.uuid4().hex,
        address=number,
        body=words,
        homes=homes_of(session, number),
        now=now,
    )
