"""A message is one sender's until its lease is over; what is decided since then stands (S53, S54)."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.messaging import rules, sender, service
from portal.messaging.gateways.base import Outcome
from portal.messaging.models import OutboxMessage
from tests.messaging.test_sender import Phone, at, go, put, row
from tests.support import outbox

__all__ = ["put"]

HOUR = timedelta(hours=1)
Put = Callable[..., uuid.UUID]


def claim(database: Database, now: datetime) -> sender.Claim:
    """Take the next message in hand, as a sender that then says nothing more."""
    with database.transaction() as session:
        claimed = sender.claim(session, now, go)
    assert claimed is not None
    return claimed


def settle(database: Database, claimed: sender.Claim, outcome: Outcome, now: datetime) -> None:
    with database.transaction() as session:
        sender.settle(session, claimed, outcome, now)


def give_up(database: Database, now: datetime) -> int:
    with database.transaction() as session:
        return service.give_up_stale(session, now)


@pytest.mark.parametrize(
    "seconds, over", [(-3600, True), (-61, True), (-60, False), (-1, False), (0, True), (3600, True)]
)
def test_when_a_lease_is_over(now: datetime, seconds: int, over: bool) -> None:
    """S54: one that lasts longer than any lease was given by a clock that has been set back."""
    assert rules.lease_is_over(now, now + timedelta(seconds=seconds)) is over


def test_a_claim_is_a_lease_of_a_minute_with_a_higher_number(
    database: Database, put: Put, now: datetime
) -> None:
    message = put()
    first = claim(database, now)
    held = row(database, message)
    assert (held.state, held.leased_until, held.fence) == (rules.ATTEMPTING, now + rules.LEASE, first.fence)
    assert give_up(database, now + timedelta(seconds=59)) == 0
    settle(database, first, Outcome(rules.QUEUED, error_code="unreachable"), now)
    assert claim(database, now + HOUR).fence == first.fence + 1


@pytest.mark.parametrize("state", [rules.QUEUED, rules.SENT, rules.FAILED, rules.UNKNOWN])
def test_a_sender_whose_number_is_no_longer_the_rows_writes_nothing(
    database: Database, put: Put, now: datetime, state: str
) -> None:
    """S53: it slept, the message was claimed anew; its refusal does not queue what another is sending."""
    message = put()
    slept = claim(database, now)
    with database.transaction() as session:
        session.get_one(OutboxMessage, message).fence += 1
    settle(database, slept, Outcome(state, "SM9"), now + HOUR)
    left = row(database, message)
    assert (left.state, left.provider_reference, left.changed_at) == (rules.ATTEMPTING, "", now)


@pytest.mark.parametrize("decided", [rules.DELIVERED, rules.FAILED])
@pytest.mark.parametrize("state", [rules.QUEUED, rules.SENT, rules.FAILED, rules.UNKNOWN])
def test_what_a_receipt_decided_meanwhile_stands(
    database: Database, put: Put, now: datetime, state: str, decided: str
) -> None:
    """S26, S53."""
    message = put()
    slept = claim(database, now)
    give_up(database, now + HOUR)
    with database.transaction() as session:
        service.receive_receipt(
            session,
            message,
            provider="",
            state=decided,
            reference="SM1",
            error_code="1",
            now=now + HOUR,
        )
    settle(database, slept, Outcome(state, "SM1"), now + 2 * HOUR)
    left = row(database, message)
    assert (left.state, left.error_code, left.changed_at) == (decided, "1", now + HOUR)


@pytest.mark.parametrize(
    "told, state",
    [
        (Outcome(rules.SENT, "SM1"), rules.SENT),
        (Outcome(rules.FAILED, error_code="21211"), rules.FAILED),
        # It was not taken on, as far as this answer tells; but it is shown to staff by now, and stays so.
        (Outcome(rules.QUEUED, error_code="http 429"), rules.UNKNOWN),
        (Outcome(rules.UNKNOWN, error_code="no answer"), rules.UNKNOWN),
    ],
)
def test_what_was_given_up_goes_forward_alone(
    database: Database, put: Put, now: datetime, told: Outcome, state: str
) -> None:
    """S53."""
    message = put()
    slept = claim(database, now)
    assert give_up(database, now + rules.LEASE) == 1
    settle(database, slept, told, now + HOUR)
    left = row(database, message)
    assert (left.state, left.provider_reference) == (state, told.reference)
    assert sender.send_due(database, Phone(), at(now + HOUR), go) == 0


@pytest.mark.parametrize("by", [-HOUR, HOUR])
@pytest.mark.parametrize("tidied", [False, True])
def test_a_clock_that_jumps_while_a_message_leaves(
    database: Database, put: Put, now: datetime, by: timedelta, tidied: bool
) -> None:
    """S54: neither lost nor sent again, whether the lease is found to be over meanwhile or not."""
    message, phone = put(), Phone()
    claimed = claim(database, now)
    outcome = phone.send(claimed.message)
    if tidied:
        assert give_up(database, now + by) == 1
    settle(database, claimed, outcome, now + by)
    assert row(database, message).state == rules.SENT
    for hours in (-1, 0, 1):
        assert sender.send_due(database, phone, at(now + hours * HOUR), go) == 0
    assert len(phone.took) == 1


def test_what_was_due_when_it_was_written_leaves_though_the_clock_is_set_back(
    database: Database, put: Put, now: datetime
) -> None:
    """S54: a code must not wait an hour for the clock to come back to when it was asked for."""
    later = put(not_before=now + timedelta(minutes=20))
    with database.transaction() as session:
        code = outbox.put_code(session, now).id
    phone = Phone()
    sender.send_due(database, phone, at(now - HOUR), go)
    assert [taken.id for taken in phone.took] == [code]
    sender.send_due(database, phone, at(now + timedelta(minutes=19)), go)
    sender.send_due(database, phone, at(now + timedelta(minutes=20)), go)
    assert [taken.id for taken in phone.took] == [code, later]


@pytest.mark.parametrize("jumps", [(0, -60, -50, 10), (0, 60, 61, 0, 10), (0, 0, -60, 60, 0)])
def test_a_clock_set_back_and_forth_between_rounds(
    database: Database, now: datetime, jumps: tuple[int, ...]
) -> None:
    """S54."""
    with database.transaction() as session:
        for _ in range(4):
            outbox.put(session, now, expires_at=now + 9 * HOUR)
    phone = Phone(Outcome(rules.QUEUED, error_code="unreachable"))
    for minutes in (*jumps, 70, 80, 90):
        moment = now + timedelta(minutes=minutes)
        give_up(database, moment)
        with database.transaction() as session:
            service.expire(session, moment)
        sender.send_due(database, phone, at(moment), go)
    with database.reading() as session:
        states = session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
        assert [tuple(one) for one in states] == [(rules.SENT, 4)]
    assert len({taken.id for taken in phone.took}) == len(phone.took) == 4
