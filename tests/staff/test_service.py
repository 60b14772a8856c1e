"""Handled is recorded once, put off until a morning, taken back the same day."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.plan import help_service
from portal.plan.models import HelpRequest, Plan
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
    service.take_back(session, coach, world.participant.id, now, now + timedelta(days=1))
    assert len(rows(session)) == 1
    service.take_back(session, coach, world.participant.id, now, now + timedelta(hours=1))
    assert rows(session) == []


def test_a_second_tap_that_waited_for_the_first_changes_nothing(
    busy_world: World, session: Session, now: datetime
) -> None:
    """What was handled stands, so that it can be undone by the moment that the first page spoke of."""
    coach = asker(busy_world, busy_world.coach.id)
    (asked,) = [row for row in session.scalars(select(HelpRequest)) if _is_of(row, busy_world, session)]
    key, later = f"help:{asked.id}", now + timedelta(seconds=1)
    service.handle(session, coach, Handling(busy_world.participant.id, (key,), "called"), now)
    service.handle(session, coach, Handling(busy_world.participant.id, (key,), "called"), later)
    with pytest.raises(service.Settled):
        service.handle(session, coach, Handling(busy_world.participant.id, (key,), "booked"), later)
    assert [(row.outcome, row.handled_at) for row in rows(session)] == [("called", now)]
    service.take_back(session, coach, busy_world.participant.id, now, later)
    assert asked.outcome == ""


def test_only_what_the_button_was_offered_for_is_taken_back(
    world: World, session: Session, now: datetime
) -> None:
    """What was handled afterwards, by oneself in another tab or by a colleague, stands."""
    coach, lead = asker(world, world.coach.id), asker(world, world.lead.id, "lead")
    person, minute = world.participant.id, timedelta(minutes=1)
    service.handle(session, coach, Handling(person, (KEY,), "called"), now)
    service.handle(session, coach, Handling(person, ("down:1",), "later", 2, "Ring igen"), now + minute)
    service.take_back(session, coach, person, now, now + 2 * minute)
    assert [(row.key, row.note) for row in rows(session)] == [("down:1", "Ring igen")]
    service.take_back(session, lead, person, now + minute, now + 2 * minute)
    assert len(rows(session)) == 1


def test_what_a_colleague_has_done_stands_and_the_other_is_told(
    world: World, session: Session, now: datetime
) -> None:
    coach, lead = asker(world, world.coach.id), asker(world, world.lead.id, "lead")
    person = world.participant.id
    service.handle(session, lead, Handling(person, (KEY,), "later", 3, "Jag ringer"), now)
    with pytest.raises(service.Settled):
        service.handle(session, coach, Handling(person, (KEY,), "called", seen=(KEY,)), now)
    assert [(row.outcome, row.note) for row in rows(session)] == [("later", "Jag ringer")]
    service.handle(session, coach, Handling(person, (KEY,), "called"), now + timedelta(days=4))
    assert [row.outcome for row in rows(session)] == ["called"]


def test_taking_back_leaves_an_answer_that_a_colleague_gave_since(
    busy_world: World, session: Session, now: datetime
) -> None:
    coach, lead = asker(busy_world, busy_world.coach.id), asker(busy_world, busy_world.lead.id, "lead")
    (asked,) = [row for row in session.scalars(select(HelpRequest)) if _is_of(row, busy_world, session)]
    person, minute = busy_world.participant.id, timedelta(minutes=1)
    service.handle(session, coach, Handling(person, (f"help:{asked.id}",), "called"), now)
    of = {"person_id": person, "request_id": asked.id}
    help_service.reopen_help(session, lead, **of, answered_at=now, now=now + minute)
    help_service.close_help(session, lead, **of, outcome="booked", words="Torsdag", now=now + minute)
    service.take_back(session, coach, person, now, now + 2 * minute)
    assert (asked.outcome, asked.outcome_words) == ("booked", "Torsdag")


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


@pytest.mark.parametrize(
    "outcome, told", [("called", "talked"), ("booked", "booked"), ("not_needed", "not_needed"), ("later", "")]
)
def test_a_question_that_is_handled_is_answered_and_taken_back_with_it(
    busy_world: World, session: Session, now: datetime, outcome: str, told: str
) -> None:
    """The participant who asked reads what came of it; put off, the question stays open."""
    coach = asker(busy_world, busy_world.coach.id)
    (asked,) = [row for row in session.scalars(select(HelpRequest)) if _is_of(row, busy_world, session)]
    done = Handling(busy_world.participant.id, (f"help:{asked.id}",), outcome)
    service.handle(session, coach, done, now)
    service.handle(session, coach, done, now)
    assert asked.outcome == told
    service.take_back(session, coach, busy_world.participant.id, now, now + timedelta(hours=1))
    assert (asked.outcome, asked.closed_at) == ("", None)


def _is_of(row: HelpRequest, world: World, session: Session) -> bool:
    return session.get_one(Plan, row.plan_id).person_id == world.participant.id
