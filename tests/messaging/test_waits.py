"""A message that must wait holds no other up: on a clock that is set back, or where its check stumbles."""

import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import NoResultFound, OperationalError
from sqlalchemy.orm import Session

from portal.db import Database
from portal.messaging import rules, sender
from portal.messaging.models import OutboxMessage
from tests.support import outbox

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_what_waits_on_a_clock_set_back_is_asked_about_once_a_round(
    database: Database, now: datetime
) -> None:
    """S54: put within the hours for SMS, an hour earlier by the clock it waits, and holds nobody up."""
    with database.transaction() as session:
        waits = outbox.put(session, now)
        goes = outbox.put(session, now + MINUTE)
    asked = []

    def check(_: Session, message: OutboxMessage, moment: datetime) -> rules.Verdict:
        asked.append(message.id)
        assert len(asked) < 10
        return rules.Wait(moment + 30 * MINUTE) if message.id == waits.id else rules.Go()

    def claim(moment: datetime) -> sender.Claim | None:
        with database.transaction() as session:
            return sender.claim(session, moment, check)

    claimed = claim(now - HOUR)
    assert claimed is not None
    assert claimed.message.id == goes.id
    assert claim(now - HOUR + 29 * MINUTE) is None
    assert asked == [waits.id, goes.id]
    claim(now - HOUR + 31 * MINUTE)
    assert asked[2:] == [waits.id]


@pytest.mark.parametrize("error", [ValueError, KeyError, NoResultFound])
def test_a_message_whose_check_stumbles_holds_no_other_up(
    database: Database, now: datetime, error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    """S53, S44: it is tried again later, staff see it, and the log names the kind of error alone."""
    caplog.set_level(logging.DEBUG, logger="portal")
    with database.transaction() as session:
        odd, goes = outbox.put(session, now), outbox.put(session, now + MINUTE)

    def check(_: Session, message: OutboxMessage, moment: datetime) -> rules.Verdict:
        if message.id == odd.id:
            raise error(message.address)
        return rules.Go()

    with database.transaction() as session:
        claimed = sender.claim(session, now + MINUTE, check)
    assert claimed is not None
    assert claimed.message.id == goes.id
    with database.reading() as session:
        row = session.get_one(OutboxMessage, odd.id)
        assert (row.state, row.error_code, row.attempts) == (rules.QUEUED, "unreadable", 0)
        assert row.next_try_at == now + MINUTE + rules.LONGEST_WAIT
    assert error.__name__ in caplog.text
    assert outbox.PHONE not in caplog.text


def test_a_database_that_is_away_blames_no_message(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        message = outbox.put(session, now)

    def check(*_: object) -> rules.Verdict:
        raise OperationalError("SELECT 1", {}, Exception())

    with pytest.raises(OperationalError), database.transaction() as session:
        sender.claim(session, now, check)
    with database.reading() as session:
        assert session.get_one(OutboxMessage, message.id).error_code == ""
