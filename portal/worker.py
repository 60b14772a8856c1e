"""The worker: what it does in each round, in which order, and how it stops.

Four lanes, so that a sign-in code never waits behind a reminder whose provider is slow, nor the journal's
chain behind either, nor anything behind a calendar that is kept elsewhere. After a restore nothing is sent
until an admin lets the worker go (S55). A tick that fails is logged by the kind of its error alone, shown
by /health, and tried again in the next round; the others go on. On PostgreSQL any number of workers share
the work, on SQLite there is one.
"""

import logging
import signal
import threading
import uuid
from collections.abc import Mapping, Sequence
from time import monotonic
from types import FrameType

import click
from flask import Flask
from flask.cli import ScriptInfo, with_appcontext

from portal import clock, db
from portal.config import Settings
from portal.db import Database
from portal.journal import service as journal
from portal.messaging.gateways.router import gateway
from portal.messaging.pace_rules import paces
from portal.ops import queries as ops_queries
from portal.ops import service as ops
from portal.ticks import LANES, MOST_IN_A_ROUND, SENDING, Partly, Tick, Work

log = logging.getLogger(__name__)

ROUND_SECONDS = 0.5
"""How long a lane rests between rounds: a code leaves within 3 s with room for a slow provider."""
RETRY_SECONDS = 30
"""How soon a tick that failed is tried again, at the latest."""
BEAT_SECONDS = 10
SILENT_SECONDS = 60
LONGEST_TURN = 10
"""How many seconds `--once` waits for the next message's turn; a provider that wants longer is left alone."""
NOT_ALONE = "Another worker works on this SQLite database. One is all it takes; PostgreSQL may have several."


class Lane:
    """One row of ticks, gone through again and again by one thread."""

    def __init__(self, app: Flask, name: str, ticks: Sequence[Tick], work: Work) -> None:
        self.name = name
        self.work = work
        self._app, self._ticks = app, ticks
        self._next: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        self._held = False

    @property
    def seen(self) -> float:
        """When this lane last gave a sign of life, between two messages or two ticks."""
        return self.work.seen

    @property
    def failing(self) -> list[str]:
        """The ticks that failed when they were last run."""
        return [name for name, failures in self._failures.copy().items() if failures]

    @property
    def turn(self) -> float | None:
        """In how many seconds the next paced message may leave, None when none left last time."""
        return None if self.work.turn is None else self.work.turn.total_seconds()

    def go_round(self, at: float) -> bool:
        """Run the ticks whose time it is; `at` is in seconds that only go forward. False if one failed."""
        if self.name in SENDING:
            # Whoever cannot find out whether to wait, waits.
            if not self._try(Tick("hold", 0, self._look)):
                return False
            if self._held:
                self.work.turn = None
                return True
        due = [tick for tick in self._ticks if at >= self._next.get(tick.name, at)]
        failed = [tick for tick in due if not self._try(tick)]
        self._next.update({tick.name: at + tick.seconds for tick in due})
        self._next.update({tick.name: at + min(tick.seconds, RETRY_SECONDS) for tick in failed})
        self.work.alive()
        return not failed

    def _look(self, work: Work) -> None:
        """See whether somebody must let the worker go first."""
        with work.database.reading() as session:
            held = ops_queries.held_since(session) is not None
        if held and not self._held:
            log.warning("held: nothing is sent until an admin lets the worker go")
        self._held = held

    def _try(self, tick: Tick) -> bool:
        self.work.alive()
        try:
            with self._app.app_context():
                tick.run(self.work)
        except Exception as error:
            failures = self._failures[tick.name] = self._failures.get(tick.name, 0) + 1
            # The first, second, fourth, eighth … time: a database that is away fills no disk.
            if failures & (failures - 1) == 0:
                kind = str(error) if isinstance(error, Partly) else type(error).__name__
                log.error("tick %s failed %s times: %s", tick.name, failures, kind)
            return False
        self._failures[tick.name] = 0
        return True


class Worker:
    """The lanes of one process, its sign of life, and its end."""

    def __init__(
        self, app: Flask, *, most: int = MOST_IN_A_ROUND, lanes: Mapping[str, Sequence[Tick]] = LANES
    ) -> None:
        settings: Settings = app.config["STIGEN"]
        self._app = app
        self._database: Database = app.extensions["stigen_database"]
        self.stopping = stop = threading.Event()
        self.alone = True
        all_paces = paces(settings)
        self.lanes = [
            Lane(
                app,
                name,
                ticks,
                Work(self._database, gateway(settings), most=most, stopping=stop, paces=all_paces),
            )
            for name, ticks in lanes.items()
        ]

    def begin(self) -> bool:
        """Take the one worker's place where there is but one (SQLite); False when another has it."""
        if self._database.engine.dialect.name == "sqlite":
            self._hold(uuid.uuid4())
            self.alone = self._keep_place()
        return self.alone

    def end(self) -> None:
        """Let the next worker begin."""
        if holder := self._holder:
            with self._database.transaction() as session:
                ops.leave_place(session, holder)

    @property
    def _holder(self) -> uuid.UUID | None:
        return self.lanes[0].work.holder

    def _hold(self, holder: uuid.UUID) -> None:
        for lane in self.lanes:
            lane.work.holder = holder

    def _keep_place(self) -> bool:
        if not self._holder:
            return True
        with self._database.transaction() as session:
            return ops.take_place(session, self._holder, clock.now())

    def once(self) -> bool:
        """Do everything that is due, and return; False if something failed."""
        went_well = [self._all_turns(lane) for lane in self.lanes]
        self._beat()
        return all(went_well)

    def _all_turns(self, lane: Lane) -> bool:
        """One round, and more for as long as messages only wait for their turn."""
        went_well = lane.go_round(monotonic())
        while went_well and (turn := lane.turn) is not None and turn <= LONGEST_TURN:
            if self.stopping.wait(turn):
                break
            went_well = lane.go_round(monotonic())
        return went_well

    def run(self) -> bool:
        """Go round until `stopping` is set; the one message that is being sent is finished first."""
        threads = [threading.Thread(target=self._walk, args=(lane,), name=lane.name) for lane in self.lanes]
        for thread in threads:
            thread.start()
        while not self.stopping.wait(BEAT_SECONDS if self._beat() else ROUND_SECONDS):
            pass
        for thread in threads:
            thread.join()
        return True

    def _walk(self, lane: Lane) -> None:
        while not self.stopping.is_set():
            lane.go_round(monotonic())
            self.stopping.wait(ROUND_SECONDS if lane.turn is None else min(lane.turn, ROUND_SECONDS))

    def _beat(self) -> bool:
        """Show that all lanes live, and which ticks fail; a lane that hangs is silence."""
        alive = all(monotonic() - lane.seen < SILENT_SECONDS for lane in self.lanes)
        if not alive:
            return False
        try:
            self.alone = self._keep_place()
            if not self.alone:
                self.stopping.set()
                return True
            with self._database.transaction() as session:
                ops.beat(session, clock.now(), failing=[one for lane in self.lanes for one in lane.failing])
        except Exception as error:
            log.error("no heartbeat: %s", type(error).__name__)
            return False
        return True


@click.group("worker", invoke_without_command=True)
@click.option("--once", is_flag=True, help="Do everything that is due, then exit.")
@click.pass_context
def worker_command(context: click.Context, once: bool) -> None:
    """Send reminders and what waits in the outbox, until told to stop."""
    if context.invoked_subcommand is not None:
        return
    info = context.find_object(ScriptInfo)
    assert info is not None
    raise SystemExit(work(Worker(info.load_app(), most=10_000 if once else MOST_IN_A_ROUND), once=once))


def work(worker: Worker, *, once: bool) -> int:
    """Work once or until told to stop; returns the exit code, 1 also where another worker has the place."""

    def stop(_: int, __: FrameType | None) -> None:
        worker.stopping.set()

    went_well = worker.begin()
    if went_well:
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        try:
            went_well = worker.once() if once else worker.run()
        finally:
            worker.end()
    if not worker.alone:
        click.echo(NOT_ALONE, err=True)
    return 0 if went_well and worker.alone else 1


@worker_command.command("release")
@with_appcontext
def release_command() -> None:
    """Let the worker send again after a restore."""
    with db.database().transaction() as session:
        let_go = ops.release(session, None, clock.now())
        journal.write_own(session, clock.now())
    click.echo("The worker sends from now on." if let_go else "The worker was not held.")


def install(app: Flask) -> None:
    """Register `flask worker`."""
    app.cli.add_command(worker_command)
