"""Fifty on one time, raced by processes that share nothing but the database, on both engines (S49)."""

import uuid
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.availability.models import BusyTime
from portal.booking import service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.models import Person
from tests.booking.conftest import AskAs
from tests.booking.race import Try
from tests.support.processes import race
from tests.support.rooms import add_room
from tests.support.world import World, add_participant, add_staff

CONTENDERS = 50
FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)


@pytest.fixture
def crowd(database: Database, open_world: World, now: datetime) -> list[Person]:
    """Fifty participants of one coach."""
    with database.transaction() as fresh:
        return [
            add_participant(
                fresh,
                open_world.here,
                f"Deltagare {number}",
                now,
                coach=open_world.coach,
                phone=f"+4670174{number:04d}",
            )
            for number in range(CONTENDERS)
        ]


def test_of_fifty_who_want_one_time_exactly_one_gets_it_s49(
    database: Database, crowd: list[Person], open_world: World, ask_as: AskAs, now: datetime
) -> None:
    outcomes = race(database.url, [Try(ask_as(person), FRIDAY_9, uuid.uuid4(), now) for person in crowd])
    kinds = Counter(kind for kind, _ in outcomes)
    assert kinds["done"] == 1, outcomes
    assert kinds["done"] + kinds["refused"] == CONTENDERS, outcomes
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(Appointment)) == 1
        wanted = select(func.count()).where(BusyTime.subject_id == open_world.coach.id)
        assert fresh.scalar(wanted) == 1


def test_of_fifty_coaches_who_want_one_room_exactly_one_gets_it_s49(
    database: Database, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    """S49: all of them and their participants are free then; the room is one."""
    here, pairs = open_world.here, list[tuple[Person, Person]]()
    with database.transaction() as fresh:
        room = add_room(fresh, open_world.coach).id
        for number in range(CONTENDERS):
            coach = add_staff(fresh, here, f"Coach {number}", "coach", now)
            phone = f"+4670174{number:04d}"
            person = add_participant(fresh, here, f"Deltagare {number}", now, coach=coach, phone=phone)
            pairs.append((coach, person))
    attempts = [
        Try(ask_as(coach), FRIDAY_9, uuid.uuid4(), now, room=room, person_id=person.id)
        for coach, person in pairs
    ]
    outcomes = race(database.url, attempts)
    why = Counter(kind if kind == "done" else told for kind, told in outcomes)
    assert why == {"done": 1, "RoomTaken": CONTENDERS - 1}, outcomes
    with database.reading() as fresh:
        held = select(func.count()).select_from(BusyTime)
        assert fresh.scalar(held.where(BusyTime.subject_id == room)) == 1
        assert fresh.scalar(held) == 3


def test_of_ten_who_move_to_one_time_exactly_one_gets_it_and_nine_keep_theirs_s49(
    database: Database, crowd: list[Person], ask_as: AskAs, now: datetime
) -> None:
    movers = crowd[:10]
    attempts = []
    with database.transaction() as fresh:
        for number, person in enumerate(movers):
            asker = ask_as(person)
            when = FRIDAY_9 + timedelta(days=3 + number % 5, hours=4 * (number // 5))
            held = service.book_own(fresh, asker, Wish(when, "phone", uuid.uuid4()), now)
            attempts.append(Try(asker, FRIDAY_9, uuid.uuid4(), now, moving=held.id))
    outcomes = race(database.url, attempts)
    assert Counter(kind for kind, _ in outcomes) == {"done": 1, "refused": 9}
    with database.reading() as fresh:
        starts = list(fresh.scalars(select(Appointment.starts_at)))
        assert len(set(starts)) == len(movers)
        assert starts.count(FRIDAY_9) == 1
        assert fresh.scalar(select(func.count()).select_from(BusyTime)) == 2 * len(movers)


def test_one_form_sent_ten_times_at_once_makes_one_meeting_s49(
    database: Database, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    once = Try(ask_as(open_world.participant), FRIDAY_9, uuid.uuid4(), now)
    outcomes = race(database.url, [replace(once) for _ in range(10)])
    assert {kind for kind, _ in outcomes} == {"done"}
    assert len({meeting for _, meeting in outcomes}) == 1
