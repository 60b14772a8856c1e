"""Attempts raced by processes that share nothing but the database: all are let go at once (S49)."""

import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Protocol

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import crypto
from portal.config import DEMO_KEY
from portal.db import Database
from portal.web.errors import Refused

READY = ["psycopg", "tests.booking.race", "tests.groups.race", "tests.races.tries", "tests.support.processes"]
"""What every race needs, imported beforehand. There is one clean process to a run of the tests: what it has
not imported when the first race begins, each of fifty processes would import for itself."""
TRIES = 60
PATIENCE = 100
"""Seconds to wait for the slowest to be ready."""
DONE, REFUSED, BUSY, BROKEN = "done", "refused", "busy", "broken"


class Attempt(Protocol):
    """What one process does. It is handed over by pickle, and lives in a module that opens nothing."""

    def look(self, session: Session) -> object:
        """What somebody reads first."""

    def run(self, session: Session) -> str:
        """Do it; what came of it."""


def race(url: str, attempts: Sequence[Attempt]) -> list[tuple[str, str]]:
    """Every attempt in a process of its own; how each went: (DONE, what came of it) or (REFUSED, why).

    They are forked from a clean process that has imported the code and opened nothing.
    """
    clean = multiprocessing.get_context("forkserver")
    clean.set_forkserver_preload(READY)
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


def contend(url: str, attempt: Attempt, start: Barrier, results: "Queue[tuple[str, str]]") -> None:
    """Look, wait for the others, try, and tell how it went.

    The race is then about the thing itself, not about who starts up fastest.
    """
    crypto.use(crypto.Keyring({"demo": DEMO_KEY}, DEMO_KEY))
    database = Database(url, durable=False)
    try:
        with database.reading() as session:
            attempt.look(session)
        start.wait(PATIENCE)
    except Exception:
        start.abort()
        results.put((BROKEN, traceback.format_exc()))
        raise
    results.put(_outcome(lambda: _run(database, attempt)))
    database.close()


def _run(database: Database, attempt: Attempt) -> str:
    with database.transaction() as session:
        return attempt.run(session)


def _outcome(act: Callable[[], str]) -> tuple[str, str]:
    """How it went; a busy database is asked again, as its 503 tells people to (S51)."""
    for _ in range(TRIES):
        try:
            return DONE, act()
        except Refused as refused:
            return REFUSED, type(refused).__name__
        except OperationalError:
            continue
        except Exception:
            return BROKEN, traceback.format_exc()
    return BUSY, ""
