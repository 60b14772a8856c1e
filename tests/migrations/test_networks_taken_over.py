"""The way back keeps what is a meeting's own (S56)."""

from datetime import timedelta

from sqlalchemy import text

from portal import schema
from portal.availability.models import BusyTime
from portal.booking.network.models import MeetingParty
from portal.db import Database
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support.meetings import add_meeting
from tests.support.world import build

__all__ = ["bare"]


def test_a_coach_who_took_a_meeting_over_keeps_their_time(bare: Database) -> None:
    """S56: they had been asked to it before."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        meeting = add_meeting(session, world.participant, world.coach, NOW + timedelta(days=1), NOW)
        party = MeetingParty(appointment_id=meeting.id, person_id=world.other_coach.id, answer="none")
        party.added_at, party.added_by = NOW, world.coach.id
        session.add(party)
        meeting.coach_id = world.other_coach.id
        held = BusyTime(subject_kind="person", subject_id=world.other_coach.id, cause_kind="appointment")
        held.starts_at, held.ends_at, held.cause_id = meeting.starts_at, meeting.ends_at, meeting.id
        session.add(held)
        coach = world.other_coach.id
    schema.downgrade(bare.url, before("Meetings of several"))
    with bare.engine.connect() as connection:
        rows = connection.execute(text("SELECT subject_id FROM busy_time WHERE cause_kind = 'appointment'"))
        assert str(coach).replace("-", "") in {str(row[0]).replace("-", "") for row in rows}
