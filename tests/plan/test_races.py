"""Several people at once on one plan: one wins, the others are told, nothing is written twice (S40, S49)."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.plan import help_service, rules, service
from portal.plan.models import HelpRequest, Plan, PlanEvent, PlanStep
from tests.plan.conftest import asker_of
from tests.support.races import AT_ONCE, race
from tests.support.world import World


def count(database: Database, table: type[Plan | PlanStep | PlanEvent | HelpRequest]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def step_for(database: Database, world: World, now: datetime) -> uuid.UUID:
    with database.transaction() as session:
        step = service.add_step(
            session,
            asker_of(world.coach, "coach"),
            person_id=world.participant.id,
            step_id=uuid.uuid4(),
            kind="step",
            wording=rules.Wording("Ring skolan"),
            now=now,
        )
        return step.id


def test_one_of_many_first_goals_is_kept_and_the_others_are_told(
    database: Database, world: World, now: datetime
) -> None:
    own = asker_of(world.participant, "participant")

    def write(session: Session, number: int) -> None:
        service.write_goal(session, own, person_id=own.person_id, words=f"Mål {number}", version=0, now=now)

    assert race(database, write) == {"written": 1, "Stale": AT_ONCE - 1}
    assert (count(database, Plan), count(database, PlanEvent)) == (1, 1)


def test_one_form_sent_many_times_adds_one_step(database: Database, world: World, now: datetime) -> None:
    coach, step_id = asker_of(world.coach, "coach"), uuid.uuid4()

    def add(session: Session, number: int) -> None:
        service.add_step(
            session,
            coach,
            person_id=world.participant.id,
            step_id=step_id,
            kind="step",
            wording=rules.Wording("Ring skolan"),
            now=now,
        )

    assert race(database, add) == {"written": AT_ONCE}
    assert (count(database, PlanStep), count(database, PlanEvent)) == (1, 1)


def test_many_taps_on_help_ask_one_question(database: Database, world: World, now: datetime) -> None:
    own, step_id = asker_of(world.participant, "participant"), step_for(database, world, now)

    def ask(session: Session, number: int) -> None:
        words = f"Fråga {number}"
        help_service.ask_help(session, own, step_id=step_id, request_id=uuid.uuid4(), words=words, now=now)

    assert race(database, ask) == {"written": AT_ONCE}
    assert count(database, HelpRequest) == 1
    with database.reading() as session:
        words = session.scalars(select(HelpRequest)).one().words
    assert sorted(words.splitlines()) == [f"Fråga {number}" for number in range(AT_ONCE)]


def test_different_answers_at_once_leave_one(database: Database, world: World, now: datetime) -> None:
    own, coach = asker_of(world.participant, "participant"), asker_of(world.coach, "coach")
    step_id, request_id = step_for(database, world, now), uuid.uuid4()
    with database.transaction() as session:
        help_service.ask_help(session, own, step_id=step_id, request_id=request_id, words="", now=now)

    def answer(session: Session, number: int) -> None:
        help_service.close_help(
            session,
            coach,
            person_id=own.person_id,
            request_id=request_id,
            outcome="talked",
            words=f"Svar {number}",
            now=now,
        )

    assert race(database, answer) == {"written": 1, "NotFromHere": AT_ONCE - 1}


def test_undo_at_once_takes_one_change_back(database: Database, world: World, now: datetime) -> None:
    coach, step_id = asker_of(world.coach, "coach"), step_for(database, world, now)
    with database.reading() as session:
        event_id = session.scalars(select(PlanEvent.id)).one()

    def undo(session: Session, number: int) -> None:
        service.undo(session, coach, person_id=world.participant.id, event_id=event_id, now=now)

    assert race(database, undo) == {"written": AT_ONCE}
    assert count(database, PlanEvent) == 2
    with database.reading() as session:
        assert session.get_one(PlanStep, step_id).withdrawn
