"""Conversations go with their version, and the translations of what is left stay."""

import uuid

from sqlalchemy import select, text

from portal import schema
from portal.conversation import service
from portal.conversation.models import Message
from portal.conversation.service import Letter
from portal.db import Database
from portal.wording.models import SourceText
from tests.migrations.test_migrations import NOW, bare
from tests.plan.conftest import Desk, asker_of
from tests.support.world import build

__all__ = ["bare"]


def test_what_was_written_goes_and_the_plans_texts_stay(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        own = asker_of(world.participant, "participant", "ar")
        desk = Desk(session, world, NOW, asker_of(world.coach, "coach"), own)
        step = desk.add("Ring Ebba på skolan").id
        service.write(session, own, Letter(uuid.uuid4(), "متى نلتقي؟", "ar"), NOW)
    schema.downgrade(bare.url, "0018")
    with bare.engine.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM source_text")).scalar() == 1
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalars(select(Message)).all() == []
        (kept,) = session.scalars(select(SourceText)).all()
        assert (kept.object_id, kept.language, kept.source) == (step, "sv", "Ring Ebba på skolan")
