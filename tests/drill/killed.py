"""Workers that are forked from a warm process and kill themselves at a numbered step (S53).

A step is each side of a question to the database about what is sent, each commit, and each side of a call to
the provider.
"""

import os
import signal
import traceback
from datetime import datetime, timedelta
from time import monotonic
from typing import NoReturn

from flask import Flask
from sqlalchemy import event

from portal import clock, worker
from portal.db import Database
from portal.messaging.gateways.base import Gateway, Outcome, Outgoing

TABLES = ("outbox_message", "sending_pace")
CLAIM = "leased_until="


class Steps:
    """Counts steps, and ends this process at the last one that it may take; 0 lets it live.

    A negative number counts from when the first message is claimed.
    """

    def __init__(self, last: int) -> None:
        self._last, self._done, self._counting = abs(last), 0, last > 0

    def step(self) -> None:
        """Go one step further, or die without a word."""
        self._done += self._counting
        if self._last and self._done == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, database: Database) -> None:
        """Let whatever this database is asked about sending count."""

        def asked(*call: object) -> None:
            said = str(call[2])
            self._counting = self._counting or (said.startswith("UPDATE outbox_message") and CLAIM in said)
            if any(table in said for table in TABLES):
                self.step()

        for engine in database.engines:
            event.listen(engine, "before_cursor_execute", asked)
            event.listen(engine, "after_cursor_execute", asked)
        event.listen(database.engine, "commit", lambda _: self.step())


class Watched:
    """A gateway whose calls are steps."""

    def __init__(self, inner: Gateway, steps: Steps) -> None:
        self._inner, self._steps, self.keeps_text = inner, steps, inner.keeps_text

    def send(self, message: Outgoing) -> Outcome:
        """Try once."""
        self._steps.step()
        outcome = self._inner.send(message)
        self._steps.step()
        return outcome

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        """Ask once."""
        self._steps.step()
        return self._inner.look_up(reference, provider)


def start(app: Flask, url: str, moment: datetime, last: int) -> int:
    """Fork a worker that does one round at `moment`, up to its `last` step; its process id."""
    if child := os.fork():
        return child
    try:
        _live(app, url, moment, last)
    except BaseException:
        traceback.print_exc()
    os._exit(70)


def _live(app: Flask, url: str, moment: datetime, last: int) -> NoReturn:
    begun = monotonic()
    clock.use(lambda: moment + timedelta(seconds=monotonic() - begun))
    steps, database = Steps(last), Database(url, durable=False)
    app.extensions["stigen_database"] = database
    steps.watch(database)
    made = worker.Worker(app, most=1000)
    # The house's own lane sends nothing.
    made.lanes = made.lanes[:2]
    for lane in made.lanes:
        lane.work.gateway = Watched(lane.work.gateway, steps)
    os._exit(worker.work(made, once=True))


def ended(child: int) -> bool:
    """Wait for a worker's end; whether it was killed. RuntimeError when it failed in another way."""
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if code := os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"a worker ended with {code}")
    return False
