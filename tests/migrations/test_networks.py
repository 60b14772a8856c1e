"""Meetings of several go with their version, and leave nobody's time held for nothing (S56)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.availability.models import BusyTime
from portal.booking.hold_service import CAUSE
from portal.booking.network import agenda_service, rules
from portal.booking.network.models import MeetingParty, NetworkMeeting
from portal.db import Database
from portal.notices.invitation_rules import INVITED
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support import outbox
from tests.support.meetings import add_meeting
from tests.support.world import build

__all__ = ["bare"]


def test_the_meeting_stays_and_who_was_asked_to_it_goes(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        starts_at = NOW + timedelta(days=1)
        meeting = add_meeting(session, world.participant, world.coach, starts_at, NOW)
        about = NetworkMeeting(appointment_id=meeting.id, kind=rules.SIP, changed_at=NOW)
        about.changed_by, about.agenda = world.coach.id, "Planen"
        colleague = MeetingParty(appointment_id=meeting.id, person_id=world.other_coach.id, added_at=NOW)
        nurse = MeetingParty(appointment_id=meeting.id, added_at=NOW, added_by=world.coach.id)
        colleague.added_by, nurse.name = world.coach.id, "Sofia"
        session.add_all([about, colleague, nurse])
        for person in (world.coach, world.other_coach):
            held = BusyTime(subject_kind="person", subject_id=person.id, cause_kind=CAUSE)
            held.cause_id, held.starts_at, held.ends_at = meeting.id, starts_at, meeting.ends_at
            session.add(held)
        session.flush()
        agenda_service.follow(session, meeting, NOW)
        outbox.put(session, NOW, kind=INVITED, subject=nurse.id, channel="email", calendar="BEGIN")
        outbox.put(session, NOW)
    schema.downgrade(bare.url, before("Meetings of several"))
    with bare.engine.connect() as connection:

        def count(table: str) -> object:
            return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()

        assert (count("appointment"), count("busy_time")) == (1, 1)
        assert (count("outbox_message"), count("source_text")) == (1, 0)
    schema.upgrade(bare.url)
    with bare.engine.connect() as connection:
        asked = text("SELECT (SELECT count(*) FROM meeting_party), (SELECT count(*) FROM network_meeting)")
        assert tuple(connection.execute(asked).one()) == (0, 0)


def test_what_was_said_before_goes_and_what_is_said_stays(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        meeting = add_meeting(session, world.participant, world.coach, NOW + timedelta(days=1), NOW)
        nurse = MeetingParty(appointment_id=meeting.id, added_at=NOW, added_by=world.coach.id)
        nurse.name, nurse.answer, nurse.answered_at = "Sofia", "yes", NOW
        nurse.was_answer, nurse.was_answered_at, nurse.was_words = "no", NOW, "Bara på tisdagar"
        session.add(nurse)
    schema.downgrade(bare.url, before("What somebody from outside had said before"))
    schema.upgrade(bare.url)
    with bare.reading() as session:
        nurse = session.scalars(select(MeetingParty)).one()
        assert (nurse.name, nurse.answer, nurse.was_answer, nurse.was_words) == ("Sofia", "yes", "none", "")
    with pytest.raises(DBAPIError), bare.engine.begin() as connection:
        connection.execute(text("UPDATE meeting_party SET was_answer = 'perhaps'"))
