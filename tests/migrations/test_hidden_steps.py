"""Steps that staff keep for themselves stay so when the version that knows of them goes and comes back."""

import uuid

import pytest
from sqlalchemy import text

from portal import schema
from portal.db import Database
from portal.plan import queries
from portal.plan.help_service import ask_help
from portal.plan.models import PlanStep
from tests.migrations.test_migrations import NOW, bare
from tests.plan.conftest import Desk, asker_of
from tests.support.world import build

__all__ = ["bare"]

OPEN, KEPT, UNDONE = "Ring skolan", "Fråga om skulder", "Ring vården"


def test_what_staff_keep_for_themselves_is_shown_to_nobody_below(bare: Database) -> None:
    """S33, S56: the version before shows no withdrawn step; what was taken back for good stays so."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        own = asker_of(world.participant, "participant")
        desk = Desk(session, world, NOW, asker_of(world.coach, "coach"), own)
        shown, kept = desk.add(OPEN).id, desk.add(KEPT)
        desk.change(kept, KEPT, in_portal=False)
        undone = desk.add(UNDONE).id
        desk.undo()
    schema.downgrade(bare.url, "0011")
    with bare.engine.connect() as connection:
        withdrawn = text("SELECT COUNT(*) FROM plan_step WHERE withdrawn")
        assert connection.execute(withdrawn).scalar() == 2
    schema.upgrade(bare.url)
    with bare.reading() as session:
        steps = [session.get_one(PlanStep, step_id) for step_id in (shown, kept.id, undone)]
        assert [step.in_portal for step in steps] == [True, False, True]
        assert [step.withdrawn for step in steps] == [False, False, True]
        assert [step.text for step in queries.own_plan(session, own, NOW).steps] == [OPEN]


def test_a_downgrade_that_would_show_words_is_refused(bare: Database) -> None:
    """S33, S56: an answered question stands below with its step's words of today."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        own = asker_of(world.participant, "participant")
        desk = Desk(session, world, NOW, asker_of(world.coach, "coach"), own)
        step = desk.add(OPEN)
        ask_help(session, own, step_id=step.id, request_id=uuid.uuid4(), words="Hur?", now=NOW)
        desk.change(step, KEPT, in_portal=False)
    with pytest.raises(RuntimeError, match="1 steps that staff keep"):
        schema.downgrade(bare.url, "0011")
    with bare.reading() as session:
        kept = session.get_one(PlanStep, step.id)
        assert (kept.text, kept.in_portal, kept.withdrawn) == (KEPT, False, False)
