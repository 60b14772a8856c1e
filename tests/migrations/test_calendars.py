"""Calendars come and go with data (S56)."""

from sqlalchemy import func, select

from portal import schema
from portal.booking import feed_service
from portal.booking.feed_models import CalendarFeed
from portal.db import Database
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support.objects import asker_of
from tests.support.world import build

__all__ = ["bare"]


def test_a_feed_goes_and_comes_back_empty(bare: Database) -> None:
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        feed_service.make(session, asker_of(session, world.coach), NOW)
    schema.downgrade(bare.url, before("Calendars out and in"))
    assert "calendar_feed" not in tables(bare)
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(CalendarFeed)) == 0
