"""What rooms offer on the first page comes in one statement, on both databases."""

import uuid
from datetime import datetime

from sqlalchemy import bindparam, event, false, true
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.identity.waiting_queries import ME, Offer, Waiting, offer, waiting
from tests.support.objects import asker_of
from tests.support.world import World

PEOPLE = offer("people", about=Person.id, code=Person.language, begun=true(), done=false()).where(
    Person.id == ME
)
COURSES = offer("courses", code="round", day=Enrolment.started_on).where(Enrolment.person_id == ME)
NOTHING = offer("nothing", about=Person.id).where(Person.id == bindparam("nobody"))


def test_what_rooms_offer_comes_in_one_statement(
    session: Session, database: Database, world: World, now: datetime
) -> None:
    mine, asker = world.participant.id, asker_of(session, world.participant)
    ran: list[object] = []
    event.listen(database.engine, "before_cursor_execute", note := lambda *call: ran.append(call[2]))
    offers = [Offer(PEOPLE), Offer(COURSES), Offer(NOTHING, {"nobody": uuid.uuid4()})]
    found = waiting(session, asker, now, offers)
    event.remove(database.engine, "before_cursor_execute", note)
    assert len([one for one in ran if str(one).startswith("SELECT")]) == 1
    started = session.query(Enrolment.started_on).where(Enrolment.person_id == mine).scalar()
    assert sorted(found, key=lambda one: one.room) == [
        Waiting("courses", None, "round", False, False, started),
        Waiting("people", mine, "sv", True, False, None),
    ]


def test_where_nothing_is_offered_nothing_is_asked(session: Session, world: World, now: datetime) -> None:
    assert waiting(session, asker_of(session, world.participant), now, []) == []
