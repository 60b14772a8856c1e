"""Handled is recorded once, put off until a morning, taken back the same day."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.staff import service
from portal.staff.models import Attention, CopyMark
from portal.staff.service import Handling
from portal.web.asker import Asker
from tests.support.world import World

KEY = f"missed:{uuid.UUID(int=7)}"


def asker(world: World, person_id: uuid.UUID, role: str = "coach") -> Asker:
    return Asker(
        person_id=person_id,
        organisation_id=world.organisation.id,
        roles=frozenset({role}),
        tier=2,
        session_id=uuid.uuid4(),
        language="sv",
        zone=ZoneInfo("Europe/Stockholm"),
    )


def rows(session: Session) -> list[Attention]:
    return list(session.scalars(select(Attention)))


def test_a_double_tap_records_once(world: World, session: Session, now: datetime) -> None:
    coach = asker(world, world.coach.id)
    done = Handling(world.participant.id, (KEY,), "called")
    service.handle(session, coach, done, now)
    service.handle(session, coach, done, now + timedelta(seconds=1))
    (row,) = rows(session)
    assert (row.outcome, row.kind, row.until, row.handled_by) == ("called", "missed", None, coach.person_id)


def test_later_is_a_morning_on_a_weekday(world: World, session: Session, now: datetime) -> None:
    coach = asker(world, world.coach.id)
    service.handle(
        session, coach, Handling(world.participant.id, (KEY,), "later", 4, "ring efter lunch"), now
    )
    (row,) = rows(session)
    assert row.note == "ring efter lunch"
    assert row.until == datetime(2026, 11, 30, 7, tzinfo=ZoneInfo("Europe/Stockholm"))


def test_called_after_later_forgets_the_day(world: World, session: Session, now: datetime) -> None:
    coach = asker(world, world.coach.id)
    service.handle(session, coach, Handling(world.participant.id, (KEY,), "later", 1, "n"), now)
    service.handle(session, coach, Handling(world.participant.id, (KEY,), "called"), now)
    (row,) = rows(session)
    assert (row.outcome, row.until, row.note) == ("called", None, "")


def test_taken_back_the_same_day_but_not_the_next(world: World, session: Session, now: datetime) -> None:
    coach = asker(world, world.coach.id)
    service.handle(session, coach, Handling(world.participant.id, (KEY,), "called"), now)
    service.take_back(session, coach, world.participant.id, now + timedelta(days=1))
    assert len(rows(session)) == 1
    service.take_back(session, coach, world.participant.id, now + timedelta(hours=1))
    assert rows(session) == []


def test_somebody_elses_participant_cannot_be_handled(world: World, session: Session, now: datetime) -> None:
    """S2, S4"""
    coach = asker(world, world.coach.id)
    for person in (world.other_participant, world.far_participant):
        with pytest.raises(NoResultFound):
            service.handle(session, coach, Handling(person.id, (KEY,), "called"), now)
        with pytest.raises(NoResultFound):
            service.mark_copied(session, coach, person.id, now)
    assert rows(session) == []


def test_a_copy_mark_never_moves_back(world: World, session: Session, now: datetime) -> None:
    coach = asker(world, world.coach.id)
    service.mark_copied(session, coach, world.participant.id, now)
    service.mark_copied(session, coach, world.participant.id, now - timedelta(days=3))
    (mark,) = session.scalars(select(CopyMark))
    assert mark.copied_at == now
