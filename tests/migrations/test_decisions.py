"""What staff decided of a message goes with its column; the message stands (S56)."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import schema
from portal.db import Database
from portal.messaging import rules
from portal.messaging.models import OutboxMessage
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support import outbox

__all__ = ["bare"]


def test_decisions_go_and_the_messages_stand(bare: Database) -> None:
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        row = outbox.put(session, NOW)
        row.state, row.decision = rules.UNKNOWN, rules.ARRIVED
    schema.downgrade(bare.url, before("What staff decide"))
    schema.upgrade(bare.url)
    with bare.reading() as session:
        left = session.scalars(select(OutboxMessage)).one()
        assert (left.id, left.state, left.decision) == (row.id, rules.UNKNOWN, rules.OPEN)
        assert left.body == row.body


def test_there_is_no_other_decision(bare: Database) -> None:
    schema.upgrade(bare.url)
    with pytest.raises(IntegrityError), bare.transaction() as session:
        outbox.put(session, NOW).decision = "delivered"
