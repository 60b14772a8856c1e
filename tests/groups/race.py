"""One contender in a race for a seat, in a process of its own that shares nothing with the others."""

import multiprocessing
import traceback
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import crypto
from portal.config import DEMO_KEY
from portal.db import Database
from portal.groups import seat_service
from portal.groups.models import Group
from portal.web.asker import Asker
from portal.web.errors import Refused

TRIES = 60
PATIENCE = 100
"""Seconds to wait for the slowest to be ready."""
JOIN, ACCEPT, EXPIRE = "join", "accept", "expire"


@dataclass(frozen=True)
class Try:
    """What one process does when the barrier falls; without an asker it is the worker."""

    what: str
    group_id: uuid.UUID
    now: datetime
    asker: Asker | None = None

    def run(self, session: Session) -> str:
        """How the seat stands afterwards; of the worker how many offers it took back."""
        if self.asker is None:
            return str(seat_service.round_of(session, self.now))
        act = seat_service.join if self.what == JOIN else seat_service.accept
        return act(session, self.asker, self.group_id, self.now).state


def contend(url: str, attempt: Try, start: Barrier, results: "Queue[tuple[str, str]]") -> None:
    """Wait for the others, try, and tell how it went: ("done", what came of it) or ("refused", why)."""
    crypto.use(crypto.Keyring({"demo": DEMO_KEY}, DEMO_KEY))
    database = Database(url, durable=False)
    try:
        with database.reading() as session:
            session.scalars(select(Group.id)).all()
        start.wait(PATIENCE)
    except Exception:
        start.abort()
        results.put(("broken", traceback.format_exc()))
        raise
    results.put(_outcome(lambda: _attempt(database, attempt)))
    database.close()


def _attempt(database: Database, attempt: Try) -> str:
    with database.transaction() as session:
        return attempt.run(session)


def _outcome(act: Callable[[], str]) -> tuple[str, str]:
    """How it went; a busy database is asked again, as its 503 tells people to (S51)."""
    for _ in range(TRIES):
        try:
            return "done", act()
        except Refused as refused:
            return "refused", type(refused).__name__
        except OperationalError:
            continue
        except Exception:
            return "broken", traceback.format_exc()
    return "busy", ""


def race(url: str, attempts: Sequence[Try]) -> list[tuple[str, str]]:
    """Every attempt in a process of its own, all let go at once; how each went."""
    clean = multiprocessing.get_context("forkserver")
    clean.set_forkserver_preload(["tests.groups.race"])
    start = clean.Barrier(len(attempts))
    results = clean.Queue()
    runners = [clean.Process(target=contend, args=(url, attempt, start, results)) for attempt in attempts]
    for runner in runners:
        runner.start()
    outcomes = [results.get(timeout=120) for _ in runners]
    for runner in runners:
        runner.join()
        runner.close()
    return outcomes
