"""Two people who change the same person at the same moment, on both databases (S49): nothing is lost."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Enrolment, EnrolmentPeriod, Person
from portal.identity.people import access_service, course_service, member_service, person_queries, service
from portal.identity.people.course_service import Closure, Period
from portal.identity.people.service import Answer, Facts, NewEnrolment
from portal.web.errors import Refused
from tests.conftest import SignIn
from tests.plan.conftest import asker_of
from tests.support.pages import text_of
from tests.support.world import World

NUMBER = "+46701740690"


def together(database: Database, *acts: Callable[[Session], object]) -> list[str]:
    """Let each act in a transaction of its own, all at once; what each came to: "" or the refusal's name."""
    ready, outcomes = threading.Barrier(len(acts)), [""] * len(acts)

    def one(number: int) -> None:
        ready.wait(30)
        try:
            with database.transaction() as session:
                acts[number](session)
        except Refused as refused:
            outcomes[number] = type(refused).__name__

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def read_before(session: Session, person_id: object) -> tuple[Person, Facts]:
    """The person and their facts as a first look found them; the look is over, what it found is kept."""
    person = session.get_one(Person, person_id)
    facts = service.facts_of(person, person_queries.current(session, person.id))
    session.commit()
    return person, facts


def test_facts_that_changed_after_they_were_read_are_not_overwritten(
    database: Database, world: World, now: datetime
) -> None:
    coach = asker_of(world.coach, "coach")
    with database.writing() as mine:
        person, facts = read_before(mine, world.participant.id)
        mark = service.seen(facts)
        with database.transaction() as theirs:
            other = theirs.get_one(Person, person.id)
            service.change_facts(theirs, coach, other, replace(facts, intake=9), seen_before=mark, now=now)
        with pytest.raises(service.ChangedMeanwhile) as told:
            service.change_facts(
                mine, coach, person, replace(facts, referrer="af"), seen_before=mark, now=now
            )
        assert told.value.facts == replace(facts, intake=9)
        mark = service.seen(told.value.facts)
        service.change_facts(
            mine, coach, person, replace(told.value.facts, referrer="af"), seen_before=mark, now=now
        )


def test_the_same_facts_twice_are_no_clash(database: Database, world: World, now: datetime) -> None:
    """A double tap on "save" is one change."""
    coach = asker_of(world.coach, "coach")
    with database.writing() as session:
        person, facts = read_before(session, world.participant.id)
        for _ in range(2):
            changed = replace(facts, intake=9)
            service.change_facts(session, coach, person, changed, seen_before=service.seen(facts), now=now)


def test_a_number_is_compared_with_what_stands_now(database: Database, world: World, now: datetime) -> None:
    """S35: whoever gives the old number back gives it back, although it stood there when they looked."""
    admin = asker_of(world.admin, "admin")
    with database.writing() as mine:
        person, _ = read_before(mine, world.participant.id)
        old = person.phone
        with database.transaction() as theirs:
            other = theirs.get_one(Person, person.id)
            access_service.change_number(theirs, admin, other, NUMBER, confirmed="in_person", now=now)
        assert access_service.change_number(mine, admin, person, old, confirmed="in_person", now=now)
        assert person.phone == old


def test_undoing_a_closure_and_enrolling_again_leave_one_open_enrolment(
    database: Database, world: World, now: datetime
) -> None:
    coach, person_id = asker_of(world.coach, "coach"), world.participant.id
    with database.transaction() as session:
        person = session.get_one(Person, person_id)
        course_service.close(session, coach, person, Closure(date(2026, 11, 1), "work"), now=now)
    facts = Facts("Amina Hassan", "sv", world.here.programme.id, started_on=date(2026, 11, 10))
    again = NewEnrolment(facts, "", world.here.team.id, world.coach.id)

    def enrol(session: Session) -> None:
        service.enrol(session, coach, again, ticket="t", answer=Answer(True, person_id), now=now)

    def reopen(session: Session) -> None:
        course_service.reopen(session, coach, session.get_one(Person, person_id))

    outcomes = together(database, enrol, reopen, reopen)
    assert set(outcomes) == {"", "AlreadyOpen"}
    with database.reading() as session:
        asked = select(func.count()).where(Enrolment.person_id == person_id, Enrolment.closed_on.is_(None))
        assert session.scalar(asked) == 1


def test_one_form_for_a_pause_tapped_many_times_is_one_pause(
    database: Database, world: World, now: datetime
) -> None:
    coach = asker_of(world.coach, "coach")

    def pause(session: Session) -> None:
        person = session.get_one(Person, world.participant.id)
        new = Period("pause", date(2026, 11, 20), None, "Operation")
        course_service.add_period(session, coach, person, new, ticket="t", now=now)

    assert together(database, *[pause] * 6) == [""] * 6
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(EnrolmentPeriod)) == 1


def test_a_form_for_a_pause_sent_again_with_other_days_says_the_last_ones(
    database: Database, world: World, now: datetime
) -> None:
    coach = asker_of(world.coach, "coach")
    with database.transaction() as session:
        person = session.get_one(Person, world.participant.id)
        for last in (date(2026, 12, 1), date(2026, 12, 8)):
            new = Period("pause", date(2026, 11, 20), last)
            course_service.add_period(session, coach, person, new, ticket="t", now=now)
    with database.reading() as session:
        assert session.scalars(select(EnrolmentPeriod)).one().ends_on == date(2026, 12, 8)


def test_nobody_is_protected_by_a_handler_who_is_shut_out(
    database: Database, world: World, now: datetime
) -> None:
    """S37: of naming somebody and shutting them out at the same moment, one is refused."""
    admin = asker_of(world.admin, "admin")

    def protect(session: Session) -> None:
        person = session.get_one(Person, world.participant.id)
        access_service.protect(session, admin, person, [world.coach.id], now=now)

    def shut_out(session: Session) -> None:
        member = session.get_one(Person, world.coach.id)
        member_service.disable_member(session, admin, member, now=now)

    assert sorted(together(database, protect, shut_out)) in (["", "LastHandler"], ["", "NoHandler"])


def test_a_coach_who_asks_for_somebody_enrolled_meanwhile_is_told_so(
    world: World, database: Database, sign_in: SignIn
) -> None:
    form = {"name": "Amina Hassan", "language": "sv", "programme": str(world.here.programme.id)}
    form |= {
        "team": str(world.here.team.id),
        "coach": "",
        "gender": "woman",
        "born": "outside",
        "ticket": "t",
    }
    answer = sign_in(world.coach).post(
        "/staff/people/new", data={**form, "same": str(world.participant.id), "ticket": "t"}
    )
    assert answer.status_code == 422
    assert "Personen är redan inskriven." in text_of(answer)
