"""Every read is noted before the answer leaves; a person's own reading once a session (S42)."""

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity import scope
from portal.journal import service
from portal.journal.models import JournalRow
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
    import pytest
    from sqlalchemy.exc import NoResultFound

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
