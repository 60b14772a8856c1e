"""Every read is noted before the answer leaves; a person's own reading once a session (S42)."""

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity import scope
from portal.journal import recorder, service
from portal.journal.models import JournalRow
from portal.journal.recorder import Journal
from portal.web.asker import Asker
from tests.support.world import World


def asker(world: World, person_id: uuid.UUID, role: str) -> Asker:
    return Asker(
        person_id=person_id,
        organisation_id=world.organisation.id,
        roles=frozenset({role}),
        tier=2,
        session_id=uuid.uuid4(),
        language="sv",
        zone=ZoneInfo("Europe/Stockholm"),
    )


def rows(session: Session) -> list[JournalRow]:
    return list(session.scalars(select(JournalRow).order_by(JournalRow.number)))


def test_reading_a_participant_is_noted(world: World, session: Session, now: datetime) -> None:
    coach = asker(world, world.coach.id, "coach")
    scope.participant(session, coach, world.participant.id, what="plan")
    service.write(session, service.take_notes(session), now)
    (row,) = rows(session)
    assert (row.action, row.kind, row.actor_id, row.subject_id) == (
        "read",
        "plan",
        world.coach.id,
        world.participant.id,
    )


def test_a_refused_reading_is_noted_and_nothing_is_given(
    world: World, session: Session, now: datetime
) -> None:
    """S42"""
    coach = asker(world, world.coach.id, "coach")
    with pytest.raises(NoResultFound):
        scope.participant(session, coach, world.other_participant.id, what="plan")
    service.write(session, service.take_notes(session), now)
    assert [row.action for row in rows(session)] == ["refused"]


def test_ones_own_reading_is_noted_once_a_session(world: World, session: Session, now: datetime) -> None:
    me = asker(world, world.participant.id, "participant")
    for _ in range(3):
        service.note(session, me, action="read", kind="plan", subject=me.person_id)
        service.write(session, service.take_notes(session), now)
    service.note(session, me, action="read", kind="meetings", subject=me.person_id)
    service.write(session, service.take_notes(session), now)
    assert [row.kind for row in rows(session)] == ["plan", "meetings"]


def test_notes_are_taken_over_once(world: World, database: Database) -> None:
    with database.reading() as session:
        me = asker(world, world.participant.id, "participant")
        service.note(session, me, action="read", kind="plan", subject=me.person_id)
        assert len(service.take_notes(session)) == 1
        assert service.take_notes(session) == []


def test_what_stands_is_not_written_again_and_what_was_lost_is(
    world: World, database: Database, now: datetime
) -> None:
    """S42: only a reading that has been committed is passed over."""
    me, journal = asker(world, world.participant.id, "participant"), Journal()

    def read(kind: str) -> list[dict[str, Any]]:
        with database.reading() as session:
            service.note(session, me, action="read", kind=kind, subject=me.person_id)
            return journal.pending(session)

    lost = read("plan")
    with database.writing() as session:
        journal.write(session, lost, now)
    again = read("plan")
    assert again == lost
    with database.transaction() as session:
        journal.write(session, again, now)
    journal.kept(again)
    assert read("plan") == []
    assert len(read("meetings")) == 1


def test_a_process_remembers_only_so_many_readings(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "REMEMBERED", 2)
    journal = Journal()
    with database.reading() as session:
        me = asker(world, world.participant.id, "participant")
        for kind in ("plan", "meetings", "answers"):
            service.note(session, me, action="read", kind=kind, subject=me.person_id)
        notes = journal.pending(session)
        journal.kept(notes)
        for kind in ("plan", "answers"):
            service.note(session, me, action="read", kind=kind, subject=me.person_id)
        assert [note["kind"] for note in journal.pending(session)] == ["plan"]


def test_what_is_read_of_others_is_noted_every_time(world: World, database: Database) -> None:
    """S42"""
    coach, journal = asker(world, world.coach.id, "coach"), Journal()
    for _ in range(2):
        with database.reading() as session:
            service.note(session, coach, action="read", kind="plan", subject=world.participant.id)
            pending = journal.pending(session)
            assert len(pending) == 1
            journal.kept(pending)
