"""What a meeting is to be about goes with its version, and who wished for a time waits still (S56)."""

import uuid
from datetime import timedelta

from sqlalchemy import text

from portal import schema
from portal.booking import topic_service
from portal.booking.topic_service import Said
from portal.conversation.models import Message
from portal.db import Database
from portal.identity.models import Person
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.plan.conftest import asker_of
from tests.support.meetings import add_meeting
from tests.support.world import build

__all__ = ["bare"]


def message(person: Person, number: int, kind: str, **facts: str) -> Message:
    row = Message(id=uuid.uuid4(), person_id=person.id, author_id=person.id, number=number, kind=kind)
    row.language, row.written_at, row.due_on, row.outcome = "sv", NOW, NOW.date(), ""
    row.call_when, row.wish = facts.get("call_when", ""), facts.get("wish", "")
    row.words = facts.get("words", "")
    return row


def test_topics_go_and_a_wish_for_a_time_is_one_for_a_call(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        meeting = add_meeting(session, world.participant, world.coach, NOW + timedelta(days=1), NOW)
        coach, own = asker_of(world.coach, "coach"), asker_of(world.participant, "participant", "ar")
        topic_service.say_for(session, coach, meeting.id, Said(("work",), "Praktiken"), NOW)
        topic_service.write(session, own, meeting.id, "المال", "ar", NOW)
        session.add(message(world.participant, 1, "words", words="Hej"))
        session.add(message(world.participant, 2, "time", wish="0,2|morning|phone|", words="Bussen"))
    schema.downgrade(bare.url, before("What a meeting is to be about"))
    with bare.engine.connect() as connection:

        def values(asked: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in connection.execute(text(asked))]

        assert values("SELECT kind, call_when FROM message ORDER BY number") == [
            ("words", ""),
            ("call", "soon"),
        ]
        assert values("SELECT count(*) FROM source_text") == [(0,)]
        assert values("SELECT count(*) FROM appointment") == [(1,)]
    schema.upgrade(bare.url)
    with bare.engine.connect() as connection:
        asked = text("SELECT kind, wish, due_on IS NULL FROM message ORDER BY number")
        assert [tuple(row)[:2] for row in connection.execute(asked)] == [("words", ""), ("call", "")]
        assert connection.execute(text("SELECT count(*) FROM meeting_topic")).scalar() == 0
        if bare.engine.dialect.name == "sqlite":
            named = text("SELECT sql FROM sqlite_master WHERE name = 'ix_message_unread'")
            assert "kind = 'words'" in str(connection.execute(named).scalar())
