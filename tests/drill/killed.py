"""Processes that are forked from a warm one and kill themselves at a numbered step (S48, S53).

A worker's step is each side of a question to the database about what is sent, each commit, and each side of
a call to the provider; a web process's is each side of any question, and each commit. What a process says
before it dies, it says by a pipe, a line at a time.
"""

import gc
import logging
import os
import signal
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import NoReturn

from flask import Flask
from sqlalchemy import event

from portal import clock, ticks, worker
from portal.db import Database
from portal.messaging.gateways.base import Gateway, Outcome, Outgoing
from tests.support.pages import Client

OF_SENDING = ("outbox_message", "sending_pace")
TICKS = frozenset({"codes", "tidy", "reminders", "news", "outbox", "ask"})
CLAIM = "leased_until="
KEPT, AT, FAILED = "kept ", "at ", "failed "
"""What a line begins with: a letter that was confirmed, the step at which the process ends, and what a worker
logs as failed in this round, to be tried again in the next."""


class Steps:
    """Counts steps, and ends this process at the last one that it may take; 0 lets it live.

    A negative number counts from when the first message is claimed. `say` takes a line.
    """

    def __init__(self, last: int, say: Callable[[str], None]) -> None:
        self._last, self._done, self._counting, self._say = abs(last), 0, last > 0, say

    def step(self, name: str) -> None:
        """Go one step further, or die."""
        self._done += self._counting
        if self._last and self._done == self._last:
            self._say(f"{AT}{name}")
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, database: Database, tables: tuple[str, ...]) -> None:
        """Let whatever this database is asked about these tables count; of no table: about any."""

        def asked(side: str) -> Callable[..., None]:
            def one(*call: object) -> None:
                said = str(call[2])
                self._counting = self._counting or (
                    said.startswith("UPDATE outbox_message") and CLAIM in said
                )
                about = next((table for table in tables if table in said), "")
                if about or not tables:
                    self.step(f"{side} {said.split(maxsplit=1)[0]} {about}".strip())

            return one

        for engine in database.engines:
            event.listen(engine, "before_cursor_execute", asked("before"))
            event.listen(engine, "after_cursor_execute", asked("after"))
        event.listen(database.engine, "commit", lambda _: self.step("before COMMIT"))


class Watched:
    """A gateway whose calls are steps."""

    def __init__(self, inner: Gateway, steps: Steps) -> None:
        self._inner, self._steps, self.keeps_text = inner, steps, inner.keeps_text

    def send(self, message: Outgoing) -> Outcome:
        """Try once."""
        self._steps.step("before the call")
        outcome = self._inner.send(message)
        self._steps.step("after the call")
        return outcome

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        """Ask once."""
        self._steps.step("before a question to the provider")
        return self._inner.look_up(reference, provider)


@dataclass
class Victim:
    """A process that may be killed, and the end of the pipe by which it speaks."""

    process: int
    pipe: int

    def end(self) -> tuple[bool, list[str]]:
        """Wait for its end: whether it was killed, and what it said. RuntimeError when it broke."""
        with os.fdopen(self.pipe) as pipe:
            said = pipe.read().splitlines()
        _, status = os.waitpid(self.process, 0)
        if os.WIFSIGNALED(status):
            return True, said
        code = os.waitstatus_to_exitcode(status)
        if code and not any(line.startswith(FAILED) for line in said):
            raise RuntimeError(f"a process ended with {code}")
        return False, said


class Telling(logging.Handler):
    """Says what the worker logs as failed."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Say one line."""
        self._say(f"{FAILED}{record.getMessage()}")


def start(moment: datetime, last: int, live: Callable[[Steps, Callable[[str], None]], int]) -> Victim:
    """Fork a process that lives at `moment`, up to its `last` step, and ends with what `live` returns."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        _live(moment, last, live, writes)
    os.close(writes)
    return Victim(child, reads)


def _live(
    moment: datetime, last: int, live: Callable[[Steps, Callable[[str], None]], int], writes: int
) -> NoReturn:
    def say(line: str) -> None:
        os.write(writes, f"{line}\n".encode())

    try:
        # Nothing of what was inherited is copied for the sake of being looked through.
        gc.disable()
        begun = monotonic()
        clock.use(lambda: moment + timedelta(seconds=monotonic() - begun))
        os._exit(live(Steps(last, say), say))
    except BaseException:
        traceback.print_exc()
    os._exit(70)


def work(app: Flask, database: Database, steps: Steps, say: Callable[[str], None]) -> int:
    """One round of a worker."""
    worker.log.addHandler(Telling(say))
    steps.watch(database, OF_SENDING)
    made = sending_worker(app)
    for lane in made.lanes:
        lane.work.gateway = Watched(lane.work.gateway, steps)
    return worker.work(made, once=True)


def sending_worker(app: Flask) -> worker.Worker:
    """A worker with the ticks that fill the outbox and empty it, and none that the house does for itself."""
    with_those = {
        name: tuple(tick for tick in lane if tick.name in TICKS) for name, lane in ticks.LANES.items()
    }
    return worker.Worker(app, most=1000, lanes={name: lane for name, lane in with_those.items() if lane})


def write(browser: Client, database: Database, steps: Steps, say: Callable[[str], None], number: int) -> int:
    """Letters to the coach by the web, one after another; each that is confirmed is said."""
    steps.watch(database, ())
    for _ in range(number):
        letter = uuid.uuid4()
        if post(browser, letter):
            say(f"{KEPT}{letter}")
    return 0


def post(browser: Client, letter: uuid.UUID) -> bool:
    """Send one letter; whether it was confirmed."""
    form = {"letter_id": str(letter), "upto": "0", "words": "Jag kommer på måndag.", "written": "sv"}
    return browser.post("/messages", data=form).status_code == 303
