"""Recordings come and go; a call that would say a day alone is the coach's to make (S56)."""

import uuid

from sqlalchemy import func, select, text

from portal import schema
from portal.db import Database
from portal.messaging import rules
from portal.notices.models import Recording
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support import outbox
from tests.support.objects import asker_of
from tests.support.sounds import record
from tests.support.world import build

__all__ = ["bare"]


def test_recordings_go_and_what_waited_for_one_rings_nobody(bare: Database) -> None:
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        played = record(session, asker_of(session, world.admin), NOW)[0]
        waits, left, read = (outbox.put(session, NOW, channel="voice", subject=uuid.uuid4()) for _ in "abc")
        waits.recording_id = left.recording_id = played.id
        left.state = rules.DELIVERED
        ids = {"waits": waits.id, "left": left.id, "read": read.id}
    schema.downgrade(bare.url, before("Recorded sound"))
    with bare.reading() as session:
        found = session.execute(text("SELECT id, state, error_code FROM outbox_message"))
        told = {uuid.UUID(str(row.id)): (row.state, row.error_code) for row in found}
    assert told == {
        ids["waits"]: (rules.FAILED, rules.NO_VOICE),
        ids["left"]: (rules.DELIVERED, ""),
        ids["read"]: (rules.QUEUED, ""),
    }
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(Recording)) == 0
        assert session.scalar(text("SELECT count(*) FROM outbox_message WHERE recording_id IS NULL")) == 3
