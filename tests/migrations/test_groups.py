"""Groups come and go; meetings, the time they hold and other texts stay (S56)."""

import uuid
from datetime import timedelta

from sqlalchemy import select, text

from portal import schema
from portal.availability.models import BusyTime
from portal.availability.rules import Span
from portal.db import Database
from portal.groups import seat_service, service
from portal.groups.models import GroupSeat
from portal.wording import service as wording
from portal.wording.models import SourceText
from tests.groups.conftest import about
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support.objects import asker_of
from tests.support.world import World, build

__all__ = ["bare"]
GROUPS = {"activity_group", "group_leader", "group_session", "group_seat", "group_part"}


def make(bare: Database, world: World) -> None:
    """A group with one participant in it, and a text in a plan."""
    with bare.transaction() as session:
        coach, who = asker_of(session, world.coach), asker_of(session, world.participant)
        starts_at = NOW + timedelta(days=7)
        made = service.make(
            session,
            coach,
            about(capacity=3),
            team_id=world.here.team.id,
            leaders=[coach.person_id],
            spans=[Span(starts_at, starts_at + timedelta(hours=1))],
            key=uuid.uuid4(),
            now=NOW,
        )
        seat_service.join(session, who, made.id, NOW)
        goal = wording.Text((who.organisation_id, who.person_id), "goal", uuid.uuid4(), "Laga mat", True)
        wording.follow(session, goal, NOW)


def test_groups_go_and_come_again_and_everything_else_stays(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
    make(bare, world)
    schema.downgrade(bare.url, before("Groups with seats"))
    assert not GROUPS & tables(bare)
    with bare.reading() as session:
        assert session.execute(text("SELECT count(*) FROM busy_time")).scalar() == 0
        assert list(session.execute(text("SELECT kind FROM source_text")).scalars()) == ["goal"]
    schema.upgrade(bare.url)
    assert tables(bare) >= GROUPS
    make(bare, world)
    with bare.reading() as session:
        assert session.scalars(select(GroupSeat.number)).one() == 1
        assert len(list(session.scalars(select(BusyTime.id)))) == 2
        kinds = sorted(session.scalars(select(SourceText.kind)))
        assert kinds == ["goal", "goal", "group_about", "group_title"]
