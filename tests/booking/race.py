"""One contender in a race for a time, in a process of its own that shares nothing with the others."""

import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import crypto
from portal.booking import queries, service
from portal.booking.time_service import Wish
from portal.config import DEMO_KEY
from portal.db import Database
from portal.web.asker import Asker
from portal.web.errors import Refused

TRIES = 20
PATIENCE = 100
"""Seconds to wait for the slowest to be ready."""


@dataclass(frozen=True)
class Try:
    """What one process does when the barrier falls: book, or (with `moving`) move a meeting.

    With `room` a coach books `person_id` into it.
    """

    asker: Asker
    starts_at: datetime
    key: uuid.UUID
    now: datetime
    moving: uuid.UUID | None = None
    room: uuid.UUID | None = None
    person_id: uuid.UUID | None = None

    def run(self, session: Session) -> str:
        """The id of the meeting that holds the time afterwards."""
        if self.moving is not None:
            return str(service.move_own(session, self.asker, self.moving, self.starts_at, self.now).id)
        if self.room is not None and self.person_id is not None:
            wish = Wish(self.starts_at, "on_site", self.key, room=self.room)
            return str(service.book_for(session, self.asker, self.person_id, wish, self.now, anyway=True).id)
        wish = Wish(self.starts_at, "phone", self.key)
        return str(service.book_own(session, self.asker, wish, self.now).id)


def contend(url: str, attempt: Try, start: Barrier, results: "Queue[tuple[str, str]]") -> None:
    """Wait for the others, try, and tell how it went: ("held", meeting id) or ("refused", why).

    Each reads first, as somebody does who looks at the times: the race is then about the time, not about
    who starts up fastest.
    """
    crypto.use(crypto.Keyring({"demo": DEMO_KEY}, DEMO_KEY))
    database = Database(url, durable=False)
    try:
        with database.reading() as session:
            if attempt.room is None:
                queries.offer(session, attempt.asker, attempt.now, attempt.moving)
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
            return "held", act()
        except Refused as refused:
            return "refused", type(refused).__name__
        except OperationalError:
            continue
    return "busy", ""
