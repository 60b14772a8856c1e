"""Translations live through the rebuilding of their texts' table; a team's texts come again (S56)."""

import uuid

from sqlalchemy import select

from portal import schema
from portal.db import Database
from portal.user_audit import service, texts_service
from portal.wording import queries
from portal.wording import service as wording
from portal.wording.models import SourceText, Translation
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.plan.conftest import Desk
from tests.support.objects import asker_of
from tests.support.world import build
from tests.user_audit.conftest import plan_of

__all__ = ["bare"]

TITLE, STEP = "Hur är det hos oss?", "Ring skolan"


def test_what_is_translated_of_people_stays_and_what_is_of_teams_is_taken_in_again(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        tara, auditor = asker_of(session, world.translator), asker_of(session, world.user_auditor)
        coach, own = asker_of(session, world.coach), asker_of(session, world.participant)
        Desk(session, world, NOW, coach, own).add(STEP)
        service.plan(session, auditor, uuid.uuid4(), plan_of(world.here), (), NOW)
        for row in session.scalars(select(SourceText)).all():
            seen = queries.work(session, tara, row.id, "ar").seen
            wording.write(session, tara, row.id, "ar", text="نص: ١", confirm=True, seen=seen, now=NOW)
    schema.downgrade(bare.url, before("Translators get what a team"))
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        left = session.scalars(select(SourceText)).one()
        assert (left.source, left.person_id, left.team_id) == (STEP, world.participant.id, None)
        kept = session.scalars(select(Translation)).one()
        assert (kept.source_id, kept.translated, kept.confirmed_at) == (left.id, "نص: ١", NOW)
        assert texts_service.collect(session, NOW) == 1
        waiting = [one.source for one in queries.desk(session, tara, "ar").waiting]
        assert TITLE in waiting
        assert STEP not in waiting
