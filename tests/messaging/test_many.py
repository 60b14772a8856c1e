"""What is asked, and put, for many people at once is as for each by itself."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.messaging import heard_queries, many_queries, queries, rules, service
from portal.messaging.models import OutboxMessage, SendingPace
from portal.messaging.pace_rules import Paces
from portal.messaging.service import Message
from tests.messaging.test_queries import ANNA, settled
from tests.support import outbox

DAY = timedelta(days=1)
HISTORIES = (
    (),
    ((rules.DELIVERED, 3, ""),),
    ((rules.FAILED, 3, "21211"),),
    ((rules.FAILED, 3, "30003"),),
    ((rules.FAILED, 5, "21614"), (rules.DELIVERED, 3, "")),
    ((rules.DELIVERED, 5, ""), (rules.FAILED, 3, "21614")),
    ((rules.FAILED, 9, "21614"), (rules.FAILED, 2, "30003")),
)
MAIL_HISTORIES = (
    ((rules.SENT, 3, ""),),
    ((rules.FAILED, 3, "smtp 550"),),
    ((rules.FAILED, 5, "smtp 550"), (rules.SENT, 3, "")),
    ((rules.SENT, 5, ""), (rules.FAILED, 3, "smtp 550")),
)


def test_how_numbers_answer_is_as_for_each_alone(session: Session, now: datetime) -> None:
    """S36: so do e-mail addresses."""
    confirmed: dict[uuid.UUID, many_queries.Confirmed] = {}
    for history in (*HISTORIES, *MAIL_HISTORIES):
        for since in (None, now - 8 * DAY, now - 4 * DAY, now - DAY):
            who = uuid.uuid4()
            confirmed[who] = (since, since)
            for state, days, code in history:
                row = settled(session, who, state, now - days * DAY, code)
                row.channel = rules.EMAIL if history in MAIL_HISTORIES else rules.SMS
    session.flush()
    together = many_queries.heard(session, confirmed)
    alone = {who: heard_queries.heard(session, who, *since) for who, since in confirmed.items()}
    assert together == alone
    assert {(one.bounces, one.mail_bounces) for one in together.values()} == {
        (True, False),
        (False, True),
        (False, False),
    }


def message(who: uuid.UUID, **changes: str) -> Message:
    return Message(
        kind=rules.OWN_MESSAGE,
        subject=uuid.UUID(int=9),
        revision=0,
        recipient_id=who,
        organisation_id=outbox.ORGANISATION,
        address=outbox.PHONE,
        body=changes.get("body", "Stängt i dag."),
        language="sv",
    )


def test_many_are_put_as_one_is(session: Session, now: datetime) -> None:
    rows = service.put_many(
        session,
        [message(ANNA), message(uuid.UUID(int=12), body="ا" * 71)],
        now=now,
        not_before=now + DAY,
        expires_at=now + 2 * DAY,
    )
    assert [(row.parts, row.priority, row.state) for row in rows] == [(1, 6, "queued"), (2, 6, "queued")]
    assert {row.not_before for row in rows} == {now + DAY}
    with pytest.raises(ValueError, match="time to leave"):
        service.put_many(session, [message(ANNA)], now=now, not_before=now, expires_at=now)


def test_what_waits_for_its_turn_is_counted_and_is_no_failure(session: Session, now: datetime) -> None:
    later = now + timedelta(hours=1)
    service.put_many(session, [message(ANNA)], now=now, not_before=now, expires_at=now + DAY)
    assert queries.backlog(session, later, outbox.ORGANISATION) == (1, 1)
    assert queries.oldest_unsent(session, later) == now
    session.add(SendingPace(provider="twilio", free_at=later, moved_at=later, left_at=later))
    session.flush()
    assert queries.oldest_unsent(session, later, Paces("twilio", {"twilio": 60})) == later


def test_who_has_been_told_is_who_may_have_read_it(session: Session, now: datetime) -> None:
    people = {state: uuid.uuid4() for state in rules.STATES}
    for state, who in people.items():
        (row,) = service.put_many(session, [message(who)], now=now, not_before=now, expires_at=now + DAY)
        row.state = state
    session.flush()
    subjects = select(OutboxMessage.subject)
    told = many_queries.told(session, subjects, people.values())
    assert {state for state, who in people.items() if who in told} == {
        *("queued", "attempting", "sent", "delivered", "unknown")
    }
    (count,) = many_queries.counts(session, [uuid.UUID(int=9), uuid.UUID(int=8)]).values()
    assert (count.states, count.ways) == (dict.fromkeys(people, 1), {rules.SMS: len(people)})
