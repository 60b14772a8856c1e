"""Whose content somebody may read (S2, S4, S6, S37)."""

import uuid
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity import scope
from portal.identity.models import Enrolment, Person, ProtectedHandler, RoleGrant
from tests.kernel.test_journal import asker
from tests.support.world import World


def reach(session: Session, world: World, person: Person, role: str) -> set[uuid.UUID]:
    return set(session.scalars(scope.participants_of(asker(world, person.id, role))))


def test_each_role_reaches_exactly_its_own(world: World, session: Session) -> None:
    """S2"""
    assert reach(session, world, world.coach, "coach") == {world.participant.id, world.second_participant.id}
    assert reach(session, world, world.other_coach, "coach") == {world.other_participant.id}
    assert reach(session, world, world.lead, "lead") == {world.participant.id, world.second_participant.id}
    assert reach(session, world, world.participant, "participant") == {world.participant.id}
    for role in ("admin", "translator", "user_auditor"):
        person = session.scalars(
            select(Person).join(RoleGrant, RoleGrant.person_id == Person.id).where(RoleGrant.role == role)
        ).one()
        assert reach(session, world, person, role) == set()


def test_a_coach_elsewhere_reaches_nobody_here(world: World, session: Session) -> None:
    """S4: even with this organisation's id in the session, and the other way round."""
    assert reach(session, world, world.far_coach, "coach") == set()


def test_a_protected_person_is_in_no_list_and_opens_for_named_handlers_alone(
    world: World, session: Session
) -> None:
    """S6, S37"""
    found = session.get(Person, world.participant.id)
    assert found is not None
    found.protected = True
    session.flush()
    assert world.participant.id not in reach(session, world, world.coach, "coach")
    coach = asker(world, world.coach.id, "coach")
    with pytest.raises(NoResultFound):
        scope.participant(session, coach, world.participant.id, what="plan")
    session.add(ProtectedHandler(person_id=world.participant.id, handler_id=world.coach.id))
    session.flush()
    assert scope.participant(session, coach, world.participant.id, what="plan").id == world.participant.id
    assert world.participant.id not in reach(session, world, world.coach, "coach")


@pytest.mark.parametrize("closed_again", [False, True])
def test_who_comes_back_to_another_coach_is_gone_from_the_first_one(
    world: World, session: Session, closed_again: bool
) -> None:
    """S2: what the new coach writes is not the old coach's to read, nor the old team's lead's."""
    first = session.scalars(select(Enrolment).where(Enrolment.person_id == world.participant.id)).one()
    first.closed_on = date(2026, 10, 1)
    session.flush()
    assert world.participant.id in reach(session, world, world.coach, "coach")
    session.add(
        Enrolment(
            person_id=world.participant.id,
            programme_id=first.programme_id,
            team_id=world.here.other_team.id,
            coach_id=world.other_coach.id,
            applied_on=date(2026, 11, 1),
            closed_on=date(2026, 11, 20) if closed_again else None,
        )
    )
    session.flush()
    assert world.participant.id in reach(session, world, world.other_coach, "coach")
    assert world.participant.id not in reach(session, world, world.coach, "coach")
    assert world.participant.id not in reach(session, world, world.lead, "lead")
    with pytest.raises(NoResultFound):
        scope.participant(
            session, asker(world, world.coach.id, "coach"), world.participant.id, what="answers"
        )


def test_a_missing_person_and_somebody_elses_fail_alike(world: World, session: Session) -> None:
    """S2"""
    coach = asker(world, world.coach.id, "coach")
    texts = set()
    for person_id in (uuid.uuid4(), world.other_participant.id, world.far_participant.id, world.coach.id):
        with pytest.raises(NoResultFound) as error:
            scope.participant(session, coach, person_id, what="plan")
        texts.add(str(error.value))
    assert len(texts) == 1


def test_a_handler_reads_nobody_whose_protection_is_gone(world: World, session: Session) -> None:
    """S37: what the name on a list gave, the lifted protection takes."""
    session.add(ProtectedHandler(person_id=world.participant.id, handler_id=world.other_coach.id))
    session.flush()
    with pytest.raises(NoResultFound):
        scope.participant(
            session, asker(world, world.other_coach.id, "coach"), world.participant.id, what="plan"
        )
