"""What is said of sessions by SMS: reminders, news, answers; as of meetings, and never mixed up with them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.conversation.models import Message
from portal.db import Database
from portal.groups import seat_service, session_service
from portal.groups.models import GroupSeat
from portal.identity.models import Person
from portal.messaging.models import OutboxMessage
from portal.reminders import call_queries
from portal.reminders import service as reminders
from tests.booking.conftest import AskAs
from tests.groups.conftest import FIRST, Made, sessions, spans
from tests.reminders.conftest import Answers, answering
from tests.support.objects import asker_of
from tests.support.world import World

__all__ = ["answering"]

Joined = Callable[..., GroupSeat]


def bodies(database: Database, prefix: str = "reminder") -> list[str]:
    with database.reading() as fresh:
        wanted = select(OutboxMessage).where(OutboxMessage.kind.startswith(prefix))
        return [one.body for one in fresh.scalars(wanted.order_by(OutboxMessage.created_at))]


def tick(database: Database, at: datetime) -> int:
    with database.transaction() as fresh:
        return reminders.tick(fresh, at)


def check(database: Database, kind: str, at: datetime) -> list[str]:
    """What the outbox would do now with each message of a kind."""
    with database.transaction() as fresh:
        found = fresh.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).all()
        return [type(reminders.check(fresh, one, at)).__name__ for one in found]


def test_whoever_joins_is_reminded_of_each_session_once_and_neutrally_s31(
    app: Flask, database: Database, world: World, made: Made, joined: Joined
) -> None:
    group = made(title="own", own_title="Hemlig kurs")
    joined(group, world.participant)
    day_before = FIRST - timedelta(hours=24)
    assert tick(database, day_before) == 1
    assert tick(database, day_before + timedelta(minutes=1)) == 0
    said = bodies(database)
    assert said == ["Kom ihåg: Du har ett möte tisdag 1 december klockan 10.00."]
    assert check(database, "reminder_one_day", day_before) == ["Go"]
    assert tick(database, FIRST + timedelta(weeks=1) - timedelta(hours=24)) == 1


def test_whoever_has_left_is_neither_reminded_nor_told(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    day_before = FIRST - timedelta(hours=24)
    tick(database, day_before)
    with database.transaction() as fresh:
        seat_service.leave(fresh, ask_as(world.participant), group.id, day_before)
    assert check(database, "reminder_one_day", day_before) == ["Drop"]
    assert tick(database, FIRST + timedelta(weeks=1) - timedelta(hours=24)) == 0


@pytest.mark.parametrize("staff", [True, False])
def test_whoever_leaves_still_hears_that_a_session_was_off_before(
    app: Flask,
    database: Database,
    world: World,
    ask_as: AskAs,
    made: Made,
    joined: Joined,
    now: datetime,
    *,
    staff: bool,
) -> None:
    group, coach = made(), ask_as(world.coach)
    joined(group, world.participant)
    with database.transaction() as fresh:
        first = sessions(fresh, group)[0]
        session_service.cancel_session(fresh, coach, first.id, now, seen=first.revision)
    with database.transaction() as fresh:
        if staff:
            seat_service.take_out(fresh, coach, group.id, world.participant.id, now)
        else:
            seat_service.leave(fresh, ask_as(world.participant), group.id, now)
    assert check(database, "meeting_cancelled", now) == ["Go"]


def test_a_reminder_of_a_session_that_was_moved_is_dropped_and_said_anew(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined
) -> None:
    group = made()
    joined(group, world.participant)
    day_before = FIRST - timedelta(hours=24)
    tick(database, day_before)
    with database.transaction() as fresh:
        first = sessions(fresh, group)[0]
        wish = session_service.Change(spans(1, FIRST + timedelta(days=2))[0], "")
        session_service.move_session(fresh, ask_as(world.coach), first.id, wish, day_before, seen=0)
    assert "Go" not in check(database, "reminder_one_day", day_before)
    assert tick(database, FIRST + timedelta(days=1)) == 1
    assert check(database, "meeting_moved", day_before) == ["Go"]


def test_an_offer_is_told_only_while_it_can_be_answered(
    app: Flask,
    database: Database,
    ask_as: AskAs,
    crowd: Callable[[int], list[Person]],
    made: Made,
    joined: Joined,
    now: datetime,
) -> None:
    group, people = made(capacity=1), crowd(2)
    for one in people:
        joined(group, one)
    with database.transaction() as fresh:
        seat_service.leave(fresh, ask_as(people[0]), group.id, now)
    assert check(database, "seat", now) == ["Go"]
    with database.transaction() as fresh:
        seat_service.accept(fresh, ask_as(people[1]), group.id, now)
    assert check(database, "seat", now) == ["Drop"]


def test_whoever_is_rung_up_stands_on_the_coachs_list_when_a_session_is_cancelled(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined, now: datetime
) -> None:
    with database.transaction() as fresh:
        fresh.get_one(Person, world.participant.id).way = "call"
    group = made()
    joined(group, world.participant)
    coach = ask_as(world.coach)
    with database.transaction() as fresh:
        first = sessions(fresh, group)[0]
        session_service.cancel_session(fresh, coach, first.id, now, seen=0)
    with database.reading() as fresh:
        found = call_queries.calls(fresh, coach, now)
    assert [(one.says, one.starts_at) for one in found] == [("meeting_cancelled", FIRST)]
    # The last working day before the next session they are reminded on the phone too.
    monday = FIRST + timedelta(days=6, hours=-1)
    with database.reading() as fresh:
        found = call_queries.calls(fresh, coach, monday)
    assert [(one.says, one.starts_at) for one in found] == [("remind", FIRST + timedelta(weeks=1))]


@pytest.mark.parametrize("word", ["JA", "AVBOKA"])
def test_an_answer_to_what_was_said_of_a_group_neither_confirms_nor_cancels_a_meeting(
    answering: Answers, made: Made, word: str
) -> None:
    # The meeting is in nine days, the group in seven: staff have put the person in, which was said last.
    meeting = answering.book(9)
    group = made(is_open=False)
    with answering.database.transaction() as fresh:
        coach = asker_of(fresh, answering.world.coach)
        seat_service.put_in(fresh, coach, group.id, answering.person.id, answering.now)
    answering.deliver()
    answering.text(word)
    stands = answering.meeting(meeting)
    assert (stands.confirmed_at, stands.state) == (None, "booked")
    # Somebody reads it: it stands in the conversation.
    with answering.session() as fresh:
        assert [one.words for one in fresh.scalars(select(Message))] == [word]
    not_here = "Det mötet kan du inte avboka med SMS. Ring oss på 010-123 45 67."
    assert answering.answers() == ([] if word == "JA" else [not_here])


def test_an_answer_is_about_the_meeting_where_that_comes_first(answering: Answers, made: Made) -> None:
    group = made(is_open=False)
    with answering.database.transaction() as fresh:
        coach = asker_of(fresh, answering.world.coach)
        seat_service.put_in(fresh, coach, group.id, answering.person.id, answering.now)
    meeting = answering.book(1)
    answering.text("JA")
    assert answering.meeting(meeting).confirmed_at == answering.now
