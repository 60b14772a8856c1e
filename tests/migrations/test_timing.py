"""When somebody is reminded goes with its columns; what is worded of the older kinds stands (S56)."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.db import Database
from portal.identity.models import Person
from portal.languages import SWEDISH
from portal.messaging.models import OutboxMessage
from portal.notices import rules, template_queries, template_service
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support import outbox
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import build

__all__ = ["bare"]


def test_choices_and_the_new_kinds_come_and_go(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with speaking_app().app_context(), bare.transaction() as session:
        world = build(session, NOW)
        admin = asker_of(session, world.admin)
        for kind in (rules.WEEK, rules.ONE_DAY, rules.TWO_HOURS):
            template_service.word(session, admin, kind, SWEDISH, "Möte {dag} {tid}", NOW)
            outbox.put(session, NOW, kind=kind)
        session.get_one(Person, world.participant.id).reminder_timing = "near"
    for wrong in ("kind = 'sign_in_code'", "version = 0"):
        with pytest.raises(DBAPIError), bare.engine.begin() as connection:
            connection.execute(text(f"UPDATE notice_template SET {wrong}"))
    with pytest.raises(DBAPIError), bare.engine.begin() as connection:
        connection.execute(text("UPDATE person SET reminder_timing = 'hourly'"))
    schema.downgrade(bare.url, before("When somebody is reminded"))
    with pytest.raises(DBAPIError), bare.engine.begin() as connection:
        connection.execute(text("UPDATE notice_template SET kind = 'reminder_week'"))
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.get_one(Person, world.participant.id).reminder_timing == "usual"
        assert session.scalars(select(OutboxMessage.kind)).all() == [rules.ONE_DAY]
        worded = template_queries.wordings(session, admin.organisation_id)
        assert worded == {(rules.ONE_DAY, "sv"): "Möte {dag} {tid}"}
