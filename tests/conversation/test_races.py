"""Several at once in one conversation: written once, promised once, by whom it is by then (S40, S49)."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.conversation import rules, service
from portal.conversation.models import Message
from portal.conversation.service import Letter
from portal.db import Database
from portal.identity.models import Person
from portal.identity.people import course_service
from portal.identity.people.course_service import Closure
from portal.staff import course_service as staff_course
from portal.web.asker import Asker
from portal.web.errors import Refused
from tests.support.objects import asker_of
from tests.support.world import World

AT_ONCE = 8


def askers(database: Database, *people: Person) -> list[Asker]:
    with database.reading() as session:
        return [asker_of(session, one) for one in people]


def race(database: Database, *acts: Callable[[Session], object]) -> list[str]:
    """Let each act begin at the same moment in its own transaction; how it ended for each."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> str:
        gate.wait()
        try:
            with database.transaction() as session:
                act(session)
        except (Refused, NoResultFound) as refused:
            return type(refused).__name__
        return "written"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def every(database: Database) -> list[Message]:
    with database.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.number)))


def test_one_form_sent_many_times_writes_once(database: Database, world: World, now: datetime) -> None:
    (own,) = askers(database, world.participant)
    letter = Letter(uuid.uuid4(), "Hej", "sv")
    acts = [lambda session: service.write(session, own, letter, now)] * AT_ONCE
    assert Counter(race(database, *acts)) == {"written": AT_ONCE}
    assert len(every(database)) == 1


def test_a_changed_form_sent_many_times_writes_once(database: Database, world: World, now: datetime) -> None:
    (own,) = askers(database, world.participant)
    letter_id = uuid.uuid4()
    with database.transaction() as session:
        service.write(session, own, Letter(letter_id, "Hej", "sv"), now)
    more = Letter(letter_id, "Hej igen", "sv")
    race(database, *[lambda session: service.write(session, own, more, now)] * AT_ONCE)
    assert len(every(database)) == 2


def test_many_wishes_are_one(database: Database, world: World, now: datetime) -> None:
    (own,) = askers(database, world.participant)
    race(database, *[lambda session: service.ask_call(session, own, rules.SOON, now)] * AT_ONCE)
    assert len(every(database)) == 1


def test_all_write_at_once_and_no_number_is_twice(database: Database, world: World, now: datetime) -> None:
    own, coach = askers(database, world.participant, world.coach)
    acts: list[Callable[[Session], object]] = []
    for number in range(4):
        mine, theirs = (Letter(uuid.uuid4(), f"{who} {number}", "sv") for who in ("a", "b"))
        acts.append(partial(service.write, asker=own, letter=mine, now=now))
        acts.append(
            partial(service.answer, asker=coach, person_id=own.person_id, letter=theirs, upto=0, now=now)
        )
    assert Counter(race(database, *acts)) == {"written": 8}
    assert [one.number for one in every(database)] == list(range(1, 9))


def test_of_different_outcomes_one_stands(database: Database, world: World, now: datetime) -> None:
    own, coach = askers(database, world.participant, world.coach)
    with database.transaction() as session:
        wish = service.ask_call(session, own, rules.SOON, now).id
    acts = [
        lambda session, one=one: service.close(session, coach, own.person_id, wish, one, now)
        for one in rules.BY_STAFF
    ]
    assert Counter(race(database, *acts)) == {"written": 1, "Otherwise": 2}


def held_up(database: Database, first: Callable[[Session], object], then: Callable[[Session], object]) -> str:
    """`then` begins while `first` is done and not committed; how `then` ended."""
    ended: list[str] = []
    if database.engine.dialect.name == "sqlite":
        with database.transaction() as session:
            first(session)
        return race(database, then)[0]
    with database.transaction() as session:
        first(session)
        waiting = threading.Thread(target=lambda: ended.append(race(database, then)[0]))
        waiting.start()
        waiting.join(1)
    waiting.join(10)
    return ended[0]


def test_a_former_coach_who_waited_does_not_write(database: Database, world: World, now: datetime) -> None:
    """The conversation is handed over while the former coach presses Send (S2)."""
    own, coach, lead = askers(database, world.participant, world.coach, world.lead)
    letter = Letter(uuid.uuid4(), "Från den förra", "sv")

    def over(session: Session) -> None:
        person = session.get_one(Person, own.person_id)
        staff_course.hand_over(
            session, lead, person, to=(lead.person_id, world.here.team.id), decided={}, now=now
        )

    def write(session: Session) -> None:
        service.answer(session, coach, own.person_id, letter, upto=9, now=now)

    assert held_up(database, over, write) == "NoResultFound"
    assert "Från den förra" not in [one.words for one in every(database)]


def test_whoever_writes_while_it_closes_is_told(database: Database, world: World, now: datetime) -> None:
    own, lead = askers(database, world.participant, world.lead)

    def close(session: Session) -> None:
        person = session.get_one(Person, own.person_id)
        course_service.close(session, lead, person, Closure(now.date(), "", ""), now=now)

    def write(session: Session) -> None:
        service.write(session, own, Letter(uuid.uuid4(), "Hej", "sv"), now)

    assert held_up(database, close, write) == "NotOpen"
    assert every(database) == []


def test_two_people_with_one_id_are_both_heard(database: Database, world: World, now: datetime) -> None:
    """S3: an id is the form's; whoever has seen somebody's form must not stop their message."""
    own, other = askers(database, world.participant, world.other_participant)
    letter_id = uuid.uuid4()

    def mine(session: Session) -> None:
        service.write(session, own, Letter(letter_id, "A", "sv"), now)

    def theirs(session: Session) -> None:
        service.write(session, other, Letter(letter_id, "B", "sv"), now)

    assert held_up(database, mine, theirs) == "written"
    assert len(every(database)) == 2
