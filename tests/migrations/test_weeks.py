"""Blocked time and what became of meetings come and go; meetings and the time they hold stay (S56)."""

from datetime import time, timedelta

from sqlalchemy import select

from portal import schema
from portal.availability import block_service as blocks
from portal.availability.block_models import BlockedTime
from portal.availability.models import BusyTime, WeeklyHours
from portal.availability.rules import Span
from portal.booking import service
from portal.booking.models import Appointment, MeetingChange
from portal.booking.time_service import Wish
from portal.db import Database
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support.objects import asker_of
from tests.support.world import build

__all__ = ["bare"]


def test_blocked_time_and_changes_go_and_meetings_stay(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        coach, who = asker_of(session, world.coach), world.participant.id
        session.add(WeeklyHours(person_id=coach.person_id, weekday=2, starts=time(8), ends=time(18)))
        session.flush()
        meeting = service.book_for(session, coach, who, Wish(NOW + timedelta(days=1), "phone"), NOW)
        service.move_for(session, coach, meeting.id, Wish(NOW + timedelta(days=1, hours=2), "phone"), NOW)
        free = Span(NOW + timedelta(days=2), NOW + timedelta(days=2, hours=1))
        blocks.block(session, coach, coach.person_id, blocks.Wish(free, "Kurs"), NOW)
    schema.downgrade(bare.url, before("Blocked time, and how"))
    assert not {"blocked_time", "meeting_change"} & tables(bare)
    with bare.reading() as session:
        kinds = set(session.scalars(select(BusyTime.cause_kind)))
        assert kinds == {"appointment"}
        # One column: a later version has more of them.
        assert session.scalars(select(Appointment.revision)).one() == 1
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        assert session.scalars(select(BlockedTime)).all() == []
        assert session.scalars(select(MeetingChange)).all() == []
        service.move_for(session, coach, meeting.id, Wish(NOW + timedelta(days=1), "phone"), NOW)
        assert session.scalars(select(MeetingChange)).one().revision == 2
