"""What changes about people, on both databases: numbers, protection, enrolments, hand-over, two at once."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.crypto import lookup_hash
from portal.db import Database
from portal.identity import scope, sessions
from portal.identity.models import Enrolment, Person, ProtectedHandler, RoleGrant
from portal.identity.people import access_service, course_service, queries, service
from portal.identity.people.course_service import Closure, Period
from portal.identity.people.service import Answer, Facts, NewEnrolment
from portal.identity.session_models import SignInCode, WebSession
from portal.journal import service as journal
from portal.messaging import service as messaging
from portal.messaging.models import OutboxMessage
from portal.web.asker import Asker
from tests.support.objects import asker_of
from tests.support.world import World

NUMBER = "+46701740690"
AskerFor = Callable[[Person], Asker]


@pytest.fixture
def as_(session: Session) -> AskerFor:
    """`as_(world.coach)`: this person as they ask."""
    return lambda person: asker_of(session, person)


@pytest.fixture
def amina(session: Session, world: World) -> Person:
    """The coach's participant, in this session."""
    return session.get_one(Person, world.participant.id)


def new(world: World, **changes: Any) -> NewEnrolment:
    """A sound enrolment into the first team."""
    facts = Facts("Sara Nilsson", "sv", world.here.programme.id, started_on=date(2026, 11, 1))
    return replace(NewEnrolment(facts, NUMBER, world.here.team.id, world.coach.id), **changes)


def sign_in(session: Session, person: Person, now: datetime) -> None:
    """Leave a session, a code and a queued SMS of this person behind."""
    sessions.open_session(
        session, person.id, roles=frozenset({"participant"}), tier=2, now=now, longest=timedelta(hours=8)
    )
    session.add(
        SignInCode(
            organisation_id=person.organisation_id,
            person_id=person.id,
            browser_hash=b"b",
            phone_hash=b"p",
            code_hash=b"c",
            created_at=now,
            expires_at=now + timedelta(minutes=10),
        )
    )
    messaging.put(
        session,
        kind="reminder",
        subject=uuid.uuid4(),
        revision=1,
        recipient_id=person.id,
        organisation_id=person.organisation_id,
        address=person.phone,
        body="Du har ett möte.",
        language="sv",
        now=now,
        expires_at=now + timedelta(days=1),
    )


def is_shut_out(session: Session, person: Person) -> bool:
    """Whether no session lives, no code works, and no SMS waits."""
    session.flush()
    alive = select(WebSession.id).where(WebSession.person_id == person.id, WebSession.ended_at.is_(None))
    codes = select(SignInCode.id).where(SignInCode.person_id == person.id, SignInCode.used_at.is_(None))
    queued = select(OutboxMessage.id).where(
        OutboxMessage.recipient_id == person.id, OutboxMessage.state == "queued"
    )
    return not any(session.scalars(asked).first() for asked in (alive, codes, queued))


def noted(session: Session) -> list[tuple[str, uuid.UUID | None]]:
    """(kind, object) of each change that this session is about to write into the journal."""
    notes = journal.take_notes(session)
    return [(row["kind"], row["object_id"]) for row in notes if row["action"] == "change"]


# --- numbers, disabling, protection ----------------------------------------------------------------


@pytest.mark.parametrize("how", ["in_person", "verified_call"])
def test_a_new_number_shuts_the_old_one_out(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime, how: str
) -> None:
    """S35, S18: the old number gets nothing, and how the new one was confirmed is remembered."""
    sign_in(session, amina, now)
    assert not is_shut_out(session, amina)
    later = now + timedelta(hours=1)
    assert access_service.change_number(session, as_(world.admin), amina, NUMBER, confirmed=how, now=later)
    assert is_shut_out(session, amina)
    assert (amina.phone, amina.phone_hash) == (NUMBER, lookup_hash("phone", NUMBER))
    assert amina.phone_confirmed_at == later
    assert noted(session) == [(f"number_{how}", None)]


def test_the_same_number_is_confirmed_anew_and_nobody_is_shut_out(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    sign_in(session, amina, now)
    later = now + timedelta(days=1)
    admin = as_(world.admin)
    assert not access_service.change_number(
        session, admin, amina, amina.phone, confirmed="in_person", now=later
    )
    assert amina.phone_confirmed_at == later
    assert not is_shut_out(session, amina)


def test_a_number_is_confirmed_in_no_other_way(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    """S35"""
    with pytest.raises(ValueError, match="confirmed"):
        access_service.change_number(session, as_(world.admin), amina, NUMBER, confirmed="", now=now)


def test_a_number_in_use_is_refused(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    other = session.get_one(Person, world.second_participant.id)
    with pytest.raises(service.NumberInUse):
        access_service.change_number(
            session, as_(world.admin), amina, other.phone, confirmed="in_person", now=now
        )


def test_another_organisations_number_is_no_obstacle(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    """S4"""
    far = session.get_one(Person, world.far_participant.id)
    access_service.change_number(session, as_(world.admin), amina, far.phone, confirmed="in_person", now=now)
    assert amina.phone == far.phone


def test_disabling_shuts_out_and_enabling_needs_a_free_number(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    """S18"""
    admin = as_(world.admin)
    sign_in(session, amina, now)
    access_service.disable(session, admin, amina, now=now)
    assert is_shut_out(session, amina)
    other = session.get_one(Person, world.second_participant.id)
    access_service.change_number(session, admin, other, amina.phone, confirmed="in_person", now=now)
    with pytest.raises(service.NumberInUse):
        access_service.enable(session, admin, amina)
    access_service.change_number(session, admin, other, NUMBER, confirmed="in_person", now=now)
    session.refresh(amina)
    access_service.enable(session, admin, amina)
    assert amina.disabled_at is None


def test_a_protected_person_is_found_by_handlers_alone(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    """S37, S6: out of lists and search, no SMS, no code by phone; deny beats the coach's allow."""
    sign_in(session, amina, now)
    access_service.protect(session, as_(world.admin), amina, [world.lead.id, world.far_coach.id], now=now)
    assert is_shut_out(session, amina)
    assert (amina.phone_hash, amina.name_hash) == (None, None)
    for person in (world.coach, world.lead, world.admin):
        assert amina.id not in {row.person_id for row in queries.people(session, as_(person), now).page.items}
        assert queries.names(session, as_(person), [amina.id]) == {}
        found = queries.people(session, as_(person), now, query="Amina Hassan")
        assert found.page.total == 0
    assert scope.participant(session, as_(world.lead), amina.id, what="plan") is amina
    for person in (world.coach, world.admin, world.far_coach):
        with pytest.raises(NoResultFound):
            scope.participant(session, as_(person), amina.id, what="plan")
    handlers = session.scalars(select(ProtectedHandler.handler_id)).all()
    assert handlers == [world.lead.id]


def test_somebody_must_handle_a_protected_person(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    for handlers in ([], [world.translator.id], [world.far_coach.id], [world.participant.id]):
        with pytest.raises(access_service.NoHandler):
            access_service.protect(session, as_(world.admin), amina, handlers, now=now)


def test_lifting_protection_gives_name_and_number_back_unless_taken(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    lead = as_(world.lead)
    access_service.protect(session, as_(world.admin), amina, [world.lead.id], now=now)
    assert access_service.lift_protection(session, lead, amina)
    assert amina.phone_hash == lookup_hash("phone", amina.phone)
    access_service.protect(session, as_(world.admin), amina, [world.lead.id], now=now)
    other = session.get_one(Person, world.second_participant.id)
    access_service.change_number(
        session, as_(world.admin), other, amina.phone, confirmed="in_person", now=now
    )
    assert not access_service.lift_protection(session, lead, amina)
    assert not amina.phone
    assert not amina.phone_hash
    assert session.scalars(select(ProtectedHandler)).all() == []


# --- enrolments ------------------------------------------------------------------------------------


def test_who_comes_back_keeps_the_number_we_have(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    """S35: a changed number is an act of its own."""
    coach, old = as_(world.coach), amina.phone
    course_service.close(session, coach, amina, Closure(date(2026, 11, 1), "work"), now=now)
    again = replace(new(world), facts=replace(new(world).facts, name="Amina Hassan"))
    with pytest.raises(service.PerhapsTheSame) as asked:
        service.enrol(session, coach, again, ticket="t", answer=Answer(), now=now)
    assert (asked.value.people, asked.value.by_number) == ((amina,), False)
    made = service.enrol(session, coach, again, ticket="t", answer=Answer(True, amina.id), now=now)
    assert (made.person_id, amina.phone) == (amina.id, old)
    current = scope.current_enrolment(session, amina.id)
    assert current is made


def test_what_we_know_of_who_comes_back_is_kept_unless_told_anew(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    amina.gender, amina.born_in_sweden = "woman", False
    amina.municipality, amina.education = "norr", "primary"
    coach = as_(world.coach)
    course_service.close(session, coach, amina, Closure(date(2026, 11, 1), "work"), now=now)
    facts = replace(new(world).facts, background=service.Background(education="secondary"))
    again = new(world, facts=facts, phone=amina.phone)
    service.enrol(session, coach, again, ticket="t", answer=Answer(True, amina.id), now=now)
    assert (amina.gender, amina.born_in_sweden) == ("woman", False)
    assert (amina.municipality, amina.education) == ("norr", "secondary")


def test_who_came_back_to_another_coach_leaves_the_first_ones_list(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    coach = as_(world.coach)
    course_service.close(session, coach, amina, Closure(date(2026, 11, 1), "work"), now=now)
    assert amina.id in {row.person_id for row in queries.people(session, coach, now).page.items}
    again = replace(new(world), phone=amina.phone, coach_id=world.other_coach.id)
    service.enrol(session, coach, again, ticket="t", answer=Answer(True, amina.id), now=now)
    assert amina.id not in {row.person_id for row in queries.people(session, coach, now).page.items}
    assert amina.id in {
        row.person_id for row in queries.people(session, as_(world.other_coach), now).page.items
    }


def test_an_answer_naming_somebody_else_is_not_believed(
    session: Session, world: World, as_: AskerFor, now: datetime
) -> None:
    """S3"""
    for person in (world.other_participant, world.far_participant, world.participant, world.admin):
        with pytest.raises((service.NumberInUse, service.AlreadyOpen)):
            service.enrol(
                session, as_(world.coach), new(world), ticket="t", answer=Answer(True, person.id), now=now
            )


@pytest.mark.parametrize("stranger", ["other_team", "elsewhere"])
def test_one_enrols_into_ones_own_team(
    session: Session, world: World, as_: AskerFor, now: datetime, stranger: str
) -> None:
    team = world.here.other_team if stranger == "other_team" else world.elsewhere.team
    with pytest.raises(NoResultFound):
        service.enrol(
            session, as_(world.coach), new(world, team_id=team.id), ticket="t", answer=Answer(), now=now
        )


def test_a_coach_must_work_in_the_team(session: Session, world: World, as_: AskerFor, now: datetime) -> None:
    wrong = new(world, team_id=world.here.other_team.id)
    with pytest.raises(service.CoachNotInTeam):
        service.enrol(session, as_(world.admin), wrong, ticket="t", answer=Answer(), now=now)


def test_one_form_sent_many_times_at_once_enrols_once(
    database: Database, world: World, as_: AskerFor, now: datetime, session: Session
) -> None:
    """S40's kind of double tap: the same form from ten threads is one person with one enrolment."""
    coach = as_(world.coach)
    session.rollback()
    made: list[object] = []

    def send() -> None:
        with database.transaction() as mine:
            made.append(service.enrol(mine, coach, new(world), ticket="t", answer=Answer(), now=now).id)

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 10
    assert len(set(made)) == 1
    with database.reading() as fresh:
        asked = select(func.count()).where(Person.phone_hash == lookup_hash("phone", NUMBER))
        assert fresh.scalar(asked) == 1


def test_a_pause_outside_the_enrolment_is_refused_and_closed_ones_take_none(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    coach = as_(world.coach)
    early = Period("pause", date(2026, 8, 1), None)
    with pytest.raises(service.WrongDays) as wrong:
        course_service.add_period(session, coach, amina, early, ticket="t", now=now)
    assert wrong.value.problems == {"starts_on": "before_start"}
    course_service.close(session, coach, amina, Closure(date(2026, 11, 1), "work"), now=now)
    with pytest.raises(service.NotOpen):
        course_service.add_period(session, coach, amina, early, ticket="t", now=now)
    with pytest.raises(service.NotOpen):
        course_service.close(session, coach, amina, Closure(date(2026, 11, 1), "work"), now=now)


def test_a_hand_over_moves_the_role(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    session.add(RoleGrant(person_id=world.other_coach.id, role="coach", team_id=world.here.other_team.id))
    session.flush()
    admin = as_(world.admin)
    course_service.hand_over(session, admin, amina, world.other_coach.id, world.here.other_team.id, now=now)
    grant = session.scalars(select(RoleGrant).where(RoleGrant.person_id == amina.id)).one()
    assert grant.team_id == world.here.other_team.id


def test_a_lead_hands_over_inside_the_own_team_only(
    session: Session, world: World, as_: AskerFor, amina: Person, now: datetime
) -> None:
    session.add(RoleGrant(person_id=world.other_coach.id, role="coach", team_id=world.here.other_team.id))
    session.flush()
    lead = as_(world.lead)
    other = session.get_one(Person, world.other_participant.id)
    for person, team in ((amina, world.here.other_team), (other, world.here.team)):
        with pytest.raises(NoResultFound):
            course_service.hand_over(session, lead, person, world.other_coach.id, team.id, now=now)
    course_service.hand_over(session, lead, amina, world.other_coach.id, world.here.team.id, now=now)
    current = session.scalars(select(Enrolment).where(Enrolment.person_id == amina.id)).one()
    assert current.coach_id == world.other_coach.id
    assert noted(session)[-1] == ("handover", world.other_coach.id)
