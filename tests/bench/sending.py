"""How fast messages leave, and how long a sign-in code waits while an hour's worth of reminders does."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from statistics import median, quantiles

import requests
from flask import Flask
from sqlalchemy import delete

from portal import clock
from portal.app import create_app
from portal.config import RATES, TWILIO
from portal.messaging.models import OutboxMessage, SendingPace
from portal.notices import rules as kinds
from portal.worker import Worker, work
from tests.bench.places import Place
from tests.drill import killed
from tests.support import fake_twilio, meetings, outbox
from tests.support.fake_twilio import Accept, FakeTwilio

LATENCY = 0.05
"""Seconds until the made-up provider answers."""
MESSAGES, CODES = 200, 40
HOURS_WORTH = 60 * RATES[TWILIO]


@dataclass(frozen=True)
class Sending:
    """Messages a second with so many workers, beside as many loops that do nothing but call the provider.

    `code_median` and `code_p95`: seconds from a code's request until the provider has it.
    """

    workers: int
    rate: float
    bare: float
    code_median: float
    code_p95: float

    @property
    def ratio(self) -> float:
        """How much of the bare loop's rate is reached."""
        return self.rate / self.bare


def sending(place: Place) -> list[Sending]:
    """With one worker; on PostgreSQL with four too. Adds messages and meetings."""
    found = []
    for workers in (1,) if place.kind == "sqlite" else (1, 4):
        with provider() as twilio:
            app = _app(place, twilio, a_minute=0)
            _warm(app)
            _fill(place, MESSAGES)
            rate = _timed(place, workers, MESSAGES, twilio, partial(_work, app))
            bare = _timed(place, workers, MESSAGES, twilio, partial(_call, twilio.url, MESSAGES // workers))
        with provider() as twilio:
            delays = _delays(place, _app(place, twilio, a_minute=RATES[TWILIO]), twilio, workers)
        found.append(Sending(workers, rate, bare, median(delays), quantiles(delays, n=20)[-1]))
    return found


@contextmanager
def provider() -> Iterator[FakeTwilio]:
    """A provider that takes its time for everything."""
    with FakeTwilio() as twilio:
        twilio.always(Accept(seconds=LATENCY))
        yield twilio


def _app(place: Place, twilio: FakeTwilio, *, a_minute: int) -> Flask:
    settings = replace(
        place.settings,
        sms_provider=TWILIO,
        sms_rate_a_minute=a_minute,
        twilio_account_sid=fake_twilio.ACCOUNT,
        twilio_auth_token=fake_twilio.TOKEN,
        twilio_sender=fake_twilio.SENDER,
        twilio_base_url=twilio.url,
    )
    __import__("twilio.rest")
    return create_app(settings, place.database)


def _warm(app: Flask) -> None:
    """What a worker prepares and finds in its first round is out of the way."""
    for lane in Worker(app).lanes:
        lane.go_round(time.monotonic())


def _fill(place: Place, number: int) -> None:
    """So many reminders that cannot wait for the morning, and nothing else."""
    now, person = clock.now(), place.world.second_participant
    with place.database.transaction() as session:
        session.execute(delete(OutboxMessage))
        session.execute(delete(SendingPace))
        meeting = meetings.add_meeting(session, person, place.world.coach, now + timedelta(days=9), now)
        for again in range(number):
            outbox.put(
                session,
                now,
                kind=kinds.NOW,
                subject=meeting.id,
                again=again,
                recipient_id=person.id,
                organisation_id=person.organisation_id,
                address=person.phone,
                expires_at=now + timedelta(minutes=90),
            )


def _timed(place: Place, workers: int, number: int, twilio: FakeTwilio, live: Callable[[], int]) -> float:
    """Messages a second, until the provider has them all, by processes that do this."""
    before = len(twilio.accepted)
    place.database.close()
    begun = time.perf_counter()
    forked = [killed.start(clock.now(), 0, lambda *_: live()) for _ in range(workers)]
    for one in forked:
        one.end()
    took = time.perf_counter() - begun
    # A few more than was asked for: what else the worker found to say.
    left = len(twilio.accepted) - before
    if left < number:
        raise RuntimeError(f"{left} of {number} messages left")
    return left / took


def _work(app: Flask) -> int:
    """Everything that is due, by one worker."""
    return work(Worker(app, most=MESSAGES), once=True)


def _call(url: str, number: int) -> int:
    """Nothing but the calls."""
    address = f"{url}/2010-04-01/Accounts/{fake_twilio.ACCOUNT}/Messages.json"
    form = {"To": outbox.PHONE, "From": fake_twilio.SENDER, "Body": "Hej"}
    for _ in range(number):
        requests.post(address, data=form, auth=(fake_twilio.ACCOUNT, fake_twilio.TOKEN), timeout=9)
    return 0


def _delays(place: Place, app: Flask, twilio: FakeTwilio, workers: int) -> list[float]:
    """How long each code took, while workers send an hour's worth of reminders at the provider's pace."""
    _fill(place, HOURS_WORTH)
    place.database.close()
    running = [killed.start(clock.now(), 0, lambda *_: work(Worker(app), once=False)) for _ in range(workers)]
    try:
        _wait(lambda: len(twilio.accepted) > 0)
        return [_one_code(place, twilio) for _ in range(CODES)]
    finally:
        for one in running:
            os.kill(one.process, signal.SIGTERM)
            one.end()


def _one_code(place: Place, twilio: FakeTwilio) -> float:
    """Seconds until the provider has a code that is asked for at some moment of a worker's round."""
    threading.Event().wait(random.uniform(0, 1))
    person = place.world.participant
    with place.database.transaction() as session:
        put = outbox.put_code(
            session,
            clock.now(),
            recipient_id=person.id,
            organisation_id=person.organisation_id,
            address=person.phone,
        )
    begun = time.perf_counter()
    _wait(lambda: any(str(put.id) in sms.callback for sms in twilio.accepted))
    return time.perf_counter() - begun


def _wait(true: Callable[[], bool], seconds: float = 60) -> None:
    end, pause = time.monotonic() + seconds, threading.Event()
    while not true():
        if time.monotonic() > end:
            raise RuntimeError("nothing was sent")
        pause.wait(0.005)
