"""What calendars follow comes and goes with data: revisions, and a reading that stopped (S56)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.availability import block_service as blocks
from portal.availability.block_models import BlockedTime
from portal.availability.outside import service as outside
from portal.availability.outside.models import OutsideBusy, OutsideCalendar
from portal.availability.rules import Span
from portal.booking.models import AppointmentBefore
from portal.db import Database
from portal.identity.absence import service as absences
from portal.identity.absence.models import Absence
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.world import build

__all__ = ["bare"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STANDING = ("appointment_before", "outside_busy", "absence")
WRONG = (
    "UPDATE outside_calendar SET problem = 'sulky'",
    "UPDATE blocked_time SET changed_at = NULL",
    "UPDATE blocked_time SET ends_at = starts_at",
    "UPDATE absence SET changed_at = NULL",
)


def fill(database: Database) -> None:
    """A block and an absence that stand, a block that was removed, a calendar whose reading stopped."""
    with database.transaction() as session:
        world = build(session, NOW)
        coach, who = asker_of(session, world.coach), world.coach.id
        for number, words in enumerate(("Kurs", "Läkare")):
            wish = blocks.Wish(Span(NOW + DAY + number * HOUR, NOW + DAY + (number + 1) * HOUR), words)
            row = blocks.block(session, coach, who, wish, NOW)
        blocks.remove(session, coach, who, row.id, NOW + HOUR)
        away = absences.take(session, coach, who, absences.Wish(NOW.date(), NOW.date()), NOW)
        meeting = add_meeting(session, world.participant, world.coach, NOW, NOW)
        stood = AppointmentBefore(
            batch_id=meeting.id, absence_id=away.id, appointment_id=meeting.id, made_at=NOW, made_by=who
        )
        stood.revision, stood.coach_id, stood.moved_count = 0, who, 0
        stood.starts_at, stood.ends_at = NOW, NOW + HOUR
        session.add(stood)
        calendar = outside.add(session, coach, "https://calendar.google.com/x.ics", NOW)
        calendar.problem = "stopped"
        session.flush()
        session.add(OutsideBusy(calendar_id=calendar.id, starts_at=NOW, ends_at=NOW + HOUR))


def test_revisions_begin_anew_and_nothing_else_is_lost(bare: Database) -> None:
    """S56: SQLite would take with an absence how meetings stood before it, and with a calendar its times."""
    schema.upgrade(bare.url)
    fill(bare)
    schema.downgrade(bare.url, before("What calendars follow"))
    with bare.engine.begin() as connection:
        problem = connection.execute(text("SELECT problem FROM outside_calendar")).scalar()
        assert problem == "too_big"
        assert [connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in STANDING] == [1, 1, 1]
    with pytest.raises(DBAPIError), bare.engine.begin() as connection:
        connection.execute(text("UPDATE outside_calendar SET problem = 'stopped'"))
    schema.upgrade(bare.url)
    with bare.reading() as session:
        rows = session.scalars(select(BlockedTime).order_by(BlockedTime.starts_at)).all()
        assert [(row.revision, row.changed_at, row.own_words) for row in rows] == [
            (0, NOW, "Kurs"),
            (0, NOW + HOUR, "Läkare"),
        ]
        away = session.scalars(select(Absence)).one()
        assert (away.revision, away.changed_at) == (0, NOW)
        assert session.scalars(select(AppointmentBefore.absence_id)).one() == away.id
        calendar = session.scalars(select(OutsideCalendar)).one()
        assert session.scalars(select(OutsideBusy.calendar_id)).one() == calendar.id
    with bare.engine.begin() as connection:
        connection.execute(text("UPDATE outside_calendar SET problem = 'stopped'"))
    for wrong in WRONG:
        with pytest.raises(DBAPIError), bare.engine.begin() as connection:
            connection.execute(text(wrong))
