"""An organisation's own wordings of SMS go with their table and leave everything else (S56)."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.db import Database
from portal.identity.models import Person
from portal.languages import SWEDISH
from portal.notices import rules, template_queries, template_service
from portal.notices.models import NoticeTemplate
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import build

__all__ = ["bare"]


def test_wordings_come_and_go_with_their_table(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with speaking_app().app_context(), bare.transaction() as session:
        world = build(session, NOW)
        admin = asker_of(session, world.admin)
        template_service.word(session, admin, rules.BOOKED, SWEDISH, "Möte {dag} {tid}", NOW)
        people = session.scalar(select(func.count()).select_from(Person))
        stored = template_queries.wordings(session, admin.organisation_id)
        assert stored == {(rules.BOOKED, "sv"): "Möte {dag} {tid}"}
    for wrong in ("version = 0", "kind = 'sign_in_code'"):
        with pytest.raises(DBAPIError), bare.engine.begin() as connection:
            connection.execute(text(f"UPDATE notice_template SET {wrong}"))
    schema.downgrade(bare.url, before("An organisation words an SMS itself"))
    assert "notice_template" not in tables(bare)
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == people
        assert session.scalar(select(func.count()).select_from(NoticeTemplate)) == 0
