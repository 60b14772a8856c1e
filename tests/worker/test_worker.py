"""The worker: its rounds, its two lanes, its end, and what survives when it is killed."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from portal import clock, ticks, worker
from portal.db import Database
from portal.messaging import rules
from portal.messaging import service as messaging
from portal.messaging.gateways.base import Outcome, Outgoing
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.ops import queries as ops_queries
from portal.ops.models import Heartbeat
from portal.reminders import service as reminders
from tests.conftest import FrozenClock
from tests.support import fake_twilio, meetings, outbox
from tests.support.fake_twilio import Accept, FakeTwilio
from tests.support.pages import Client
from tests.support.world import World

ROOT = Path(__file__).parents[2]
PATIENT_SECONDS = 120


def messages(database: Database) -> list[OutboxMessage]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)))


def put_code(database: Database, world: World, now: datetime) -> None:
    with database.transaction() as session:
        person = world.participant
        outbox.put_code(session, now, recipient_id=person.id, address=person.phone)


def beat(database: Database) -> datetime | None:
    with database.reading() as session:
        return session.scalar(select(Heartbeat.at))


def until(true: Callable[[], bool], seconds: float = PATIENT_SECONDS) -> bool:
    """Look every twentieth of a second."""
    end, pause = monotonic() + seconds, threading.Event()
    while monotonic() < end:
        if true():
            return True
        pause.wait(0.05)
    return true()


# One round


def once(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["worker", "--once"])


def test_once_does_everything_that_is_due(
    app: Flask, database: Database, world: World, now: datetime
) -> None:
    with database.transaction() as session:
        for number in range(30):
            starts = now + timedelta(hours=23, minutes=number)
            meetings.add_meeting(session, world.participant, world.coach, starts, now - timedelta(days=9))
    put_code(database, world, now)
    assert once(app).exit_code == 0
    sent = messages(database)
    assert {one.state for one in sent} == {rules.DELIVERED}
    assert sorted({one.kind for one in sent}) == [kinds.ONE_DAY, rules.SIGN_IN_CODE]
    assert len(sent) == 31
    assert beat(database) == now
    assert once(app).exit_code == 0
    assert len(messages(database)) == 31


def test_one_tick_that_fails_stops_no_other(
    app: Flask,
    database: Database,
    world: World,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """S44, S53: and the log names neither what nor whom it was about."""

    def broken(*_: object) -> None:
        raise LookupError(f"no number {world.participant.phone} for {world.participant.name}")

    monkeypatch.setattr(reminders, "tick", broken)
    monkeypatch.setattr(messaging, "expire", broken)
    with database.transaction() as session:
        person = world.participant
        meeting = meetings.add_meeting(session, person, world.coach, now + timedelta(days=1), now)
        outbox.put(session, now, recipient_id=person.id, address=person.phone, subject=meeting.id)
    put_code(database, world, now)
    assert once(app).exit_code == 1
    assert {one.state for one in messages(database)} == {rules.DELIVERED}
    assert beat(database) == now
    assert "tick reminders failed 1 times: LookupError" in caplog.text
    assert world.participant.phone not in caplog.text
    assert "Amina" not in caplog.text


def test_a_reminder_that_cannot_be_put_is_told_without_stopping_the_others(
    app: Flask,
    client: Client,
    database: Database,
    world: World,
    now: datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """S44, S53: /health names the tick until it works again, and the log neither person nor number."""
    with database.transaction() as session:
        broken, whole = session.merge(world.participant), session.merge(world.second_participant)
        good, broken.phone_sealed = broken.phone_sealed, whole.phone_sealed
        for person in (broken, whole):
            meetings.add_meeting(
                session, person, world.coach, now + timedelta(days=1), now - timedelta(days=9)
            )
    assert once(app).exit_code == 1
    assert [one.recipient_id for one in messages(database)] == [world.second_participant.id]
    assert "tick reminders failed 1 times: CannotOpen" in caplog.text
    assert client.get("/health").get_json()["failing"] == ["reminders"]
    assert client.get("/health").status_code == 503
    with database.transaction() as session:
        session.merge(world.participant).phone_sealed = good
    assert once(app).exit_code == 0
    assert len(messages(database)) == 2


def test_a_worker_that_is_held_waits_for_no_turn(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S55: `--once` comes to an end although messages waited for their turn when it was held."""
    monkeypatch.setattr(ops_queries, "held_since", lambda _: now)
    sending = [lane for lane in worker.Worker(app).lanes if lane.name in ticks.SENDING]
    for lane in sending:
        lane.work.turn = timedelta(seconds=1)
        assert lane.go_round(0.0)
    assert [lane.turn for lane in sending] == [None, None]


def test_what_an_sms_said_is_forgotten_by_itself(
    app: Flask, database: Database, now: datetime, frozen: FrozenClock
) -> None:
    """S38."""
    with database.transaction() as session:
        outbox.put(session, now).state = rules.DELIVERED
    frozen.move(timedelta(days=7))
    assert once(app).exit_code == 0
    (message,) = messages(database)
    assert (message.state, message.address, message.body) == (rules.DELIVERED, "", "")


def test_a_failure_is_forgotten_a_minute_after_it_was_last_seen(
    client: Client, database: Database, world: World, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        session.add(Heartbeat(name="failing tidy", at=frozen.moment))
    frozen.move(timedelta(seconds=60))
    assert client.get("/health").get_json()["failing"] == ["tidy"]
    frozen.move(timedelta(seconds=1))
    assert client.get("/health").get_json()["failing"] == []


def test_a_long_round_is_no_silence(
    app: Flask, database: Database, world: World, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider that takes seven seconds for each of twenty messages, and a worker that lives."""
    moment, silences = [1000.0], []
    for module in (worker, ticks):
        monkeypatch.setattr(module, "monotonic", lambda: moment[0])
    lane = worker.Worker(app).lanes[1]
    lane.work.alive()

    def slow(message: Outgoing) -> Outcome:
        moment[0] += 7
        silences.append(moment[0] - lane.seen)
        return Outcome(rules.DELIVERED)

    monkeypatch.setattr(lane.work.gateway, "send", slow)
    with database.transaction() as session:
        for minute in range(20):
            starts = now + timedelta(hours=23, minutes=minute)
            meetings.add_meeting(session, world.participant, world.coach, starts, now - timedelta(days=9))
    assert lane.go_round(moment[0])
    assert len(silences) == 20
    assert max(silences) == 7


def test_a_tick_that_goes_on_failing_fills_no_disk(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: ticks.Work) -> None:
        raise LookupError

    tick = ticks.Tick("broken", 0, broken)
    lane = worker.Lane(app, "test", [tick], worker.Worker(app).lanes[0].work)
    caplog.set_level(logging.ERROR)
    for number in range(1000):
        assert not lane.go_round(float(number))
    assert len(caplog.records) == 10


def test_a_seldom_tick_that_fails_is_tried_again_soon(app: Flask) -> None:
    ran: list[float] = []

    def hiccup(_: ticks.Work) -> None:
        ran.append(moment)
        if len(ran) == 1:
            raise LookupError

    lane = worker.Lane(app, "test", [ticks.Tick("forget", 3600, hiccup)], worker.Worker(app).lanes[0].work)
    for seconds in range(0, 3700, 10):
        moment = 100.0 + seconds
        lane.go_round(moment)
    assert ran == [100.0, 130.0, 3730.0]
    assert lane.failing == []


def test_a_tick_rests_as_long_as_it_says(app: Flask) -> None:
    ran: list[str] = []
    both = [
        ticks.Tick("often", 0, lambda _: ran.append("often")),
        ticks.Tick("seldom", 5, lambda _: ran.append("seldom")),
    ]
    lane = worker.Lane(app, "test", both, worker.Worker(app).lanes[0].work)
    for seconds in range(11):
        lane.go_round(100.0 + seconds)
    assert (ran.count("often"), ran.count("seldom")) == (11, 3)


def test_every_lane_has_a_gateway_of_its_own(app: Flask) -> None:
    lanes = worker.Worker(app).lanes
    assert [lane.name for lane in lanes] == ["codes", "rest", "house", "calendars"]
    assert len({id(lane.work.gateway) for lane in lanes}) == len(lanes)


# As a process


class Process:
    """A worker as operations starts it, with the machine's clock or one that a test sets."""

    def __init__(self, database: Database, folder: Path, provider: FakeTwilio | None) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "DEPLOYMENT": "demo",
            "INSTANCE": str(folder),
            "DATABASE_URL": database.url,
        }
        if provider:
            self.environment |= {
                "SMS_PROVIDER": "twilio",
                "TWILIO_ACCOUNT_SID": fake_twilio.ACCOUNT,
                "TWILIO_AUTH_TOKEN": fake_twilio.TOKEN,
                "TWILIO_SENDER": fake_twilio.SENDER,
                "TWILIO_BASE_URL": provider.url,
                "SMS_RATE_A_MINUTE": "0",
            }
        self.running: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start it."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", *arguments]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.running.append(process)
        return process

    def finish(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        """Wait for its end; its exit code and what it said."""
        said, _ = process.communicate(timeout=PATIENT_SECONDS)
        return process.returncode, said

    def later(self, by: timedelta) -> None:
        """Move the clock of workers started from here on."""
        clock.DemoClock(self.folder / "demo-clock").move(by)


@pytest.fixture
def processes(database: Database, tmp_path: Path) -> Iterator[Callable[..., Process]]:
    made: list[Process] = []

    def make(provider: FakeTwilio | None = None) -> Process:
        made.append(Process(database, tmp_path, provider))
        return made[-1]

    yield make
    for process in (each for one in made for each in one.running):
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_a_code_leaves_by_itself_and_a_term_ends_it(
    database: Database, world: World, processes: Callable[..., Process]
) -> None:
    running = processes()
    process = running.start()
    assert until(lambda: beat(database) is not None)
    put_code(database, world, clock.system_time())
    assert until(lambda: messages(database)[0].state == rules.DELIVERED)
    process.send_signal(signal.SIGTERM)
    assert running.finish(process) == (0, "")


def test_a_code_does_not_wait_behind_a_slow_reminder(
    database: Database, world: World, twilio: FakeTwilio, processes: Callable[..., Process]
) -> None:
    running = processes(twilio)
    process = running.start()
    assert until(lambda: beat(database) is not None)
    twilio.will(world.second_participant.phone, Accept(seconds=PATIENT_SECONDS))
    put_by_hand(database, world)
    assert until(lambda: len(twilio.accepted) == 1)
    put_code(database, world, clock.system_time())
    assert until(lambda: len(twilio.accepted) == 2)
    process.kill()


def test_a_term_lets_the_message_in_hand_be_finished_and_starts_no_other(
    database: Database, world: World, twilio: FakeTwilio, processes: Callable[..., Process]
) -> None:
    for _ in range(9):
        put_by_hand(database, world)
    twilio.always(Accept(seconds=1))
    running = processes(twilio)
    process = running.start()
    assert until(lambda: len(twilio.accepted) == 1)
    process.send_signal(signal.SIGTERM)
    assert running.finish(process) == (0, "")
    states = [one.state for one in messages(database)]
    assert states.count(rules.SENT) == len(twilio.accepted) < 4
    assert states.count(rules.QUEUED) == 9 - len(twilio.accepted)


def put_by_hand(database: Database, world: World) -> None:
    """A reminder that cannot wait for the morning, whatever the machine's clock says."""
    now, person = clock.system_time(), world.second_participant
    with database.transaction() as session:
        meeting = meetings.add_meeting(session, person, world.coach, now + timedelta(days=9), now)
        outbox.put(
            session,
            now,
            kind=kinds.NOW,
            subject=meeting.id,
            recipient_id=person.id,
            address=person.phone,
            expires_at=now + timedelta(minutes=90),
        )


def test_a_worker_killed_while_the_provider_answers_sends_once(
    database: Database, world: World, twilio: FakeTwilio, processes: Callable[..., Process]
) -> None:
    """S53: SIGKILL after the provider took it on and before it answered; the report settles it later."""
    running = processes(twilio)
    twilio.will(world.second_participant.phone, Accept(seconds=PATIENT_SECONDS))
    put_by_hand(database, world)
    process = running.start()
    assert until(lambda: len(twilio.accepted) == 1)
    process.kill()
    process.wait()
    assert messages(database)[0].state == rules.ATTEMPTING
    running.later(timedelta(minutes=3))
    assert running.finish(running.start("--once")) == (0, "")
    (message,) = messages(database)
    assert (message.state, message.error_code) == (rules.UNKNOWN, "stopped")
    assert len(twilio.accepted) == 1


def test_two_workers_at_once_send_each_message_once(
    database: Database, world: World, twilio: FakeTwilio, processes: Callable[..., Process]
) -> None:
    """S53."""
    for _ in range(12):
        put_by_hand(database, world)
    running = processes(twilio)
    both = [running.start("--once") for _ in range(2)]
    ended = [running.finish(process) for process in both]
    # SQLite has one worker: where both are there at once, the second one is refused.
    refused = [] if database.engine.dialect.name == "postgresql" else [(1, f"{worker.NOT_ALONE}\n")]
    assert (0, "") in ended
    assert all(one in [(0, ""), *refused] for one in ended)
    assert len(twilio.accepted) == 12
    assert {one.state for one in messages(database)} == {rules.SENT}
    assert {one.attempts for one in messages(database)} == {1}


def test_a_lane_rests_for_less_than_a_code_may_wait() -> None:
    """A code leaves within three seconds: what is left of them after a rest is the provider's."""
    assert worker.ROUND_SECONDS <= 1
