"""Conversations go with their version; the texts of plans and their translations stay."""

import uuid

from sqlalchemy import select, text

from portal import schema
from portal.conversation import service
from portal.conversation.models import Message
from portal.conversation.service import Letter
from portal.db import Database
from portal.wording.models import SourceText, Translation
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


def test_translations_stay_when_the_version_goes_and_comes(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        own = asker_of(world.participant, "participant", "ar")
        desk = Desk(session, world, NOW, asker_of(world.coach, "coach"), own)
        step = desk.add("Ring Ebba på skolan")
        source = session.scalars(select(SourceText).where(SourceText.object_id == step.id)).one()
        made = Translation(source_id=source.id, language="ar", version=3)
        made.translated, made.origin, made.from_hash = "اتصل", source.source, source.source_hash
        made.state, made.written_by, made.written_at = "draft", world.translator.id, NOW
        session.add(made)

    def shape() -> list[tuple[object, ...]]:
        if bare.engine.dialect.name != "sqlite":
            return []
        with bare.engine.connect() as connection:
            told = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'translation' ORDER BY name"
            return [tuple(row) for row in connection.execute(text(told))]

    before = shape()
    schema.downgrade(bare.url, "0018")
    schema.upgrade(bare.url)
    with bare.reading() as session:
        (kept,) = session.scalars(select(Translation)).all()
        assert (kept.translated, kept.version, kept.written_at) == ("اتصل", 3, NOW)
    assert [row[1] for row in shape()] == [row[1] for row in before]
