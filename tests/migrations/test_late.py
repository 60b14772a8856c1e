"""That somebody will be late goes, and the meeting stands as it stood (S56)."""

from datetime import timedelta

from sqlalchemy import select

from portal import schema
from portal.booking.models import Appointment
from portal.db import Database
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support.meetings import add_meeting
from tests.support.world import build

__all__ = ["bare"]


def test_who_will_be_late_is_forgotten_and_the_meeting_stands(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        starts_at = NOW + timedelta(hours=1)
        add_meeting(session, world.participant, world.coach, starts_at, NOW, late_said_at=NOW)
    schema.downgrade(bare.url, before("A participant can say that they will be late"))
    with bare.reading() as session:
        assert session.scalars(select(Appointment.starts_at)).one() == starts_at
    schema.upgrade(bare.url)
    with bare.reading() as session:
        row = session.scalars(select(Appointment)).one()
        assert (row.late_said_at, row.starts_at) == (None, starts_at)
