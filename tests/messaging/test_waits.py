"""A message that must wait, on a clock that is set back meanwhile."""

from datetime import datetime, timedelta

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
