"""What was being sent keeps its number, and nobody's hands are on it when the tables change (S56)."""

from datetime import timedelta

from sqlalchemy import select, text

from portal import schema
from portal.db import Database
from portal.messaging import rules, service
from portal.messaging.models import OutboxMessage
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support import outbox

__all__ = ["bare"]

THIS = "Who holds a message"


def test_what_was_being_sent_is_given_up_on_both_sides(bare: Database) -> None:
    """S53, S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        held, waits = outbox.put(session, NOW), outbox.put(session, NOW)
        held.state, held.attempts, held.fence, held.leased_until = rules.ATTEMPTING, 2, 2, NOW
    schema.downgrade(bare.url, before(THIS))
    with bare.engine.connect() as connection:
        old = connection.execute(
            text(
                "SELECT attempts FROM outbox_message WHERE attempting_at IS NOT NULL AND state = 'attempting'"
            )
        )
        assert old.scalars().all() == [2]
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        fences = {one.id: one.fence for one in session.scalars(select(OutboxMessage))}
        assert fences == {held.id: 2, waits.id: 0}
        assert service.give_up_stale(session, NOW + timedelta(seconds=1)) == 1
        assert session.get_one(OutboxMessage, held.id).state == rules.UNKNOWN
        assert session.get_one(OutboxMessage, held.id).body == held.body
