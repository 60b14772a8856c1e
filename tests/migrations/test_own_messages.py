"""What staff send goes with its tables; what waits of it is not sent by an older version (S56)."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.db import Database
from portal.identity.models import Person
from portal.messaging.models import OutboxMessage
from portal.notices.models import OwnMessageText, Sending
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support import outbox
from tests.support.objects import asker_of
from tests.support.own_messages import own_message, send
from tests.support.speaking import speaking_app
from tests.support.world import build

__all__ = ["bare"]


def test_own_messages_come_and_go_with_their_tables(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with speaking_app().app_context(), bare.transaction() as session:
        world = build(session, NOW)
        coach = asker_of(session, world.coach)
        send(session, coach, own_message(session, coach, NOW), [world.participant.id], NOW)
        reminder = outbox.put(session, NOW, recipient_id=world.participant.id)
        people = session.scalar(select(func.count()).select_from(Person))
    for wrong in (
        "UPDATE own_message_text SET version = 0",
        "UPDATE own_message_text SET version = 1",
        "UPDATE sending SET recipients = 0",
        "UPDATE sending SET expires_at = leaves_at",
        "UPDATE sending SET stopped_at = sent_at",
    ):
        with pytest.raises(DBAPIError), bare.engine.begin() as connection:
            connection.execute(text(wrong))
    schema.downgrade(bare.url, before("What staff send from texts of their organisation"))
    assert not {"own_message", "own_message_text", "sending"} & tables(bare)
    with bare.reading() as session:
        assert session.scalars(select(OutboxMessage.id)).all() == [reminder.id]
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == people
        for table in (OwnMessageText, Sending):
            assert session.scalar(select(func.count()).select_from(table)) == 0
