"""Routine messages leave at the provider's pace, for all workers together; codes do not wait (S52)."""

import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from portal.db import Database
from portal.messaging import pace_service, queries, rules, sender, service
from portal.messaging.gateways.base import Outcome
from portal.messaging.pace_rules import Paces
from tests.messaging.test_sender import Phone, at, go, put, row, states
from tests.support import outbox

__all__ = ["put"]

PACES = Paces("twilio", {"twilio": 60})
SECOND = timedelta(seconds=1)
Put = Callable[..., uuid.UUID]


def fill(database: Database, now: datetime, number: int, **changes: object) -> None:
    with database.transaction() as session:
        for _ in range(number):
            outbox.put(session, now, **changes)


def send(database: Database, phone: Phone, now: datetime, lowest: int = sender.ALL) -> int:
    return sender.send_due(database, phone, at(now), go, paces=PACES, lowest=lowest)


@pytest.mark.parametrize(
    "code, asked, seconds",
    [("", None, None), ("http 429", None, 15), ("20429", 5, 15), ("http 429", 40, 40), ("", 90, 90)],
)
def test_how_long_a_provider_is_left_alone(code: str, asked: int | None, seconds: int | None) -> None:
    wait = rules.pause(timedelta(seconds=15), code, asked)
    assert (wait and wait.total_seconds()) == seconds
    assert rules.pause(wait or SECOND, "http 429", 10**9) == rules.LONGEST_PAUSE


def test_no_minute_has_more_than_the_provider_takes(database: Database, now: datetime) -> None:
    """Four rounds a second for two minutes; each part of an SMS counts."""
    fill(database, now, 50)
    fill(database, now, 50, body="å" * 161)
    phone, left = Phone(), Counter[int]()
    for quarter in range(480):
        before = len(phone.took)
        send(database, phone, now + quarter * SECOND / 4)
        left[quarter // 4] += sum(rules.length(one.body).parts for one in phone.took[before:])
    assert all(sum(left[second] for second in range(low, low + 60)) <= 61 for low in range(60))
    assert 117 <= left.total() <= 121


def test_workers_at_once_share_one_pace(database: Database, now: datetime) -> None:
    fill(database, now, 20)
    phone = Phone()
    for second in range(5):
        with ThreadPoolExecutor(4) as pool:
            for _ in range(4):
                pool.submit(send, database, phone, now + second * SECOND)
        assert len(phone.took) == second + 1


def test_a_code_waits_for_no_turn_and_takes_none(database: Database, now: datetime) -> None:
    fill(database, now, 2)
    phone = Phone()
    assert send(database, phone, now) == 1
    with database.transaction() as session:
        for _ in range(3):
            outbox.put_code(session, now)
    assert send(database, phone, now, sender.URGENT_ONLY) == 3
    assert send(database, phone, now + SECOND) == 1


@pytest.mark.parametrize("kind", [rules.SIGN_IN_CODE, "reminder_one_day"])
def test_a_provider_that_asks_us_to_wait_is_left_alone_by_everybody(
    database: Database, put: Put, now: datetime, kind: str
) -> None:
    told = put(kind=kind)
    phone = Phone(Outcome(rules.QUEUED, error_code="http 429", retry_after=90))
    send(database, phone, now)
    fill(database, now, 1)
    with database.transaction() as session:
        code = outbox.put_code(session, now).id
    assert send(database, phone, now + 89 * SECOND, sender.URGENT_ONLY) == 1
    assert [taken.id for taken in phone.took] == [code]
    assert row(database, told).next_try_at == now + 90 * SECOND
    assert send(database, phone, now + 89 * SECOND) == 0
    assert send(database, phone, now + 90 * SECOND) == 1


def test_a_clock_set_back_does_not_stretch_a_pause(database: Database, put: Put, now: datetime) -> None:
    """S54."""
    put(not_before=now)
    send(database, Phone(Outcome(rules.QUEUED, error_code="http 429", retry_after=600)), now)
    assert send(database, Phone(), now - timedelta(hours=1)) == 1


def test_what_cannot_leave_in_time_is_dropped_and_shown(database: Database, now: datetime) -> None:
    """S52."""
    fill(database, now, 30, expires_at=now + 10 * SECOND)
    phone = Phone()
    for second in range(30):
        with database.transaction() as session:
            service.expire(session, now + second * SECOND)
        send(database, phone, now + second * SECOND)
    assert states(database) == {rules.SENT: 10, rules.EXPIRED: 20}


def test_a_queue_that_moves_is_no_silence(database: Database, now: datetime) -> None:
    fill(database, now, 3, expires_at=now + timedelta(hours=9))
    later = now + timedelta(minutes=20)
    with database.reading() as session:
        assert queries.oldest_unsent(session, later, PACES) == now
    assert send(database, Phone(), later) == 1
    with database.reading() as session:
        assert queries.oldest_unsent(session, later + SECOND, PACES) == later
        assert pace_service.wait(session, PACES.of("twilio"), later) == SECOND
        assert queries.backlog(session, later, outbox.ORGANISATION) == (2, 2)
        assert queries.backlog(session, later, uuid.uuid4()) == (0, 2)
