"""Calendars come and go with data (S56)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.availability.outside import service as outside
from portal.availability.outside.models import OutsideBusy, OutsideCalendar
from portal.booking import feed_service
from portal.booking.feed_models import CalendarFeed
from portal.db import Database
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support.objects import asker_of
from tests.support.world import build

__all__ = ["bare"]


def test_calendars_go_and_come_back_empty(bare: Database) -> None:
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        coach = asker_of(session, world.coach)
        feed_service.make(session, coach, NOW)
        row = outside.add(session, coach, "https://calendar.google.com/x.ics", NOW)
        session.add(OutsideBusy(calendar_id=row.id, starts_at=NOW, ends_at=NOW + timedelta(hours=1)))
    with pytest.raises(DBAPIError), bare.engine.begin() as connection:
        connection.execute(text("UPDATE outside_calendar SET problem = 'sulky'"))
    with pytest.raises(DBAPIError), bare.engine.begin() as connection:
        connection.execute(text("UPDATE outside_busy SET ends_at = starts_at"))
    schema.downgrade(bare.url, before("Calendars out and in"))
    assert not {"calendar_feed", "outside_calendar", "outside_busy"} & tables(bare)
    schema.upgrade(bare.url)
    with bare.reading() as session:
        for model in (CalendarFeed, OutsideCalendar, OutsideBusy):
            assert session.scalar(select(func.count()).select_from(model)) == 0
