"""Blocked time: nobody is booked on it, and it takes no time that is booked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from portal.availability import block_rules as rules
from portal.availability import block_service as blocks
from portal.availability import queries as availability
from portal.availability.block_models import BlockedTime
from portal.availability.block_service import Wish, WrongTime
from portal.availability.models import BusyTime
from portal.availability.rules import Departure, Span
from portal.availability.service import Taken
from portal.booking import service
from portal.booking import time_service as times
from portal.db import Database
from portal.identity.absence import service as absences
from portal.identity.models import Person
from tests.booking.conftest import AskAs, Booked, ask_as, booked, open_world
from tests.support.world import World

__all__ = ["ask_as", "booked", "open_world"]

FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NINE = Span(FRIDAY_9, FRIDAY_9 + HOUR)
Block = Callable[..., BlockedTime]


@pytest.mark.parametrize(
    ("start", "length", "wrong"),
    [
        (-HOUR, 2 * HOUR, ""),
        (-2 * HOUR, 2 * HOUR, rules.PASSED),
        (timedelta(days=730), HOUR, ""),
        (timedelta(days=731), HOUR, rules.FAR),
        (HOUR, timedelta(hours=24), ""),
        (HOUR, timedelta(hours=25), rules.LONG),
    ],
)
def test_which_times_can_be_blocked(now: datetime, start: timedelta, length: timedelta, wrong: str) -> None:
    assert rules.trouble(Span(now + start, now + start + length), now) == wrong


@pytest.fixture
def block(database: Database, open_world: World, ask_as: AskAs, now: datetime) -> Block:
    """`block(span=NINE, by=coach, whose=coach)`: the coach's time, committed."""

    def take(span: Span = NINE, by: Person | None = None, whose: Person | None = None) -> BlockedTime:
        with database.transaction() as session:
            asker, who = ask_as(by or open_world.coach), whose or open_world.coach
            return blocks.block(session, asker, who.id, Wish(span, "Kurs"), now)

    return take


def stored(database: Database) -> tuple[list[BlockedTime], list[BusyTime]]:
    with database.reading() as fresh:
        standing = select(BlockedTime).where(BlockedTime.removed_at.is_(None))
        return list(fresh.scalars(standing)), list(fresh.scalars(select(BusyTime)))


def test_nobody_books_on_it_neither_the_participant_nor_staff(
    database: Database, open_world: World, ask_as: AskAs, block: Block, booked: Booked, now: datetime
) -> None:
    """S49"""
    block()
    with pytest.raises(service.NotFree):
        booked(FRIDAY_9)
    wish, who = times.Wish(FRIDAY_9, "phone"), open_world.participant.id
    with database.transaction() as session, pytest.raises(Taken):
        service.book_for(session, ask_as(open_world.coach), who, wish, now, anyway=True)
    with database.reading() as session:
        held = availability.keeper(session, ask_as(open_world.coach), open_world.coach.id)
        free = availability.free_times(session, held, now)
    assert not [span for span in free if span.meets(NINE)]
    assert booked(FRIDAY_9 + HOUR).state == "booked"


@pytest.mark.parametrize("start", [-30, 0, 30, 60])
def test_what_is_booked_is_not_taken_nor_what_is_kept_free_after_it(
    database: Database, block: Block, booked: Booked, start: int
) -> None:
    """S49"""
    booked(FRIDAY_9)
    begins = FRIDAY_9 + timedelta(minutes=start)
    with pytest.raises(Taken):
        block(Span(begins, begins + HOUR))
    standing, busy = stored(database)
    assert standing == []
    assert {row.cause_kind for row in busy} == {"appointment"}


def test_said_twice_it_is_once_with_the_newest_word(
    database: Database, open_world: World, ask_as: AskAs, block: Block, now: datetime
) -> None:
    first = block()
    with database.transaction() as session:
        again = blocks.block(
            session, ask_as(open_world.coach), open_world.coach.id, Wish(NINE, "Läkare"), now
        )
        assert again.id == first.id
    (row,), busy = stored(database)
    assert row.own_words == "Läkare"
    assert [held.cause_kind for held in busy] == ["block"]


def test_it_is_moved_removed_and_brought_back(
    database: Database, open_world: World, ask_as: AskAs, block: Block, booked: Booked, now: datetime
) -> None:
    made, coach = block(), ask_as(open_world.coach)
    later = Span(FRIDAY_9 + 2 * HOUR, FRIDAY_9 + 3 * HOUR)
    with database.transaction() as session:
        blocks.change(session, coach, open_world.coach.id, made.id, Wish(later), now)
    (row,), (held,) = stored(database)
    assert (row.span, row.own_words, held.span) == (later, "", later)
    for _twice in range(2):
        with database.transaction() as session:
            blocks.remove(session, coach, open_world.coach.id, made.id, now)
    assert stored(database) == ([], [])
    for _twice in range(2):
        with database.transaction() as session:
            blocks.restore(session, coach, open_world.coach.id, made.id, now)
    assert [one.span for one in stored(database)[0]] == [later]
    with database.transaction() as session:
        blocks.remove(session, coach, open_world.coach.id, made.id, now)
    booked(later.start)
    with database.transaction() as session, pytest.raises(Taken):
        blocks.restore(session, coach, open_world.coach.id, made.id, now)
    with database.transaction() as session, pytest.raises(NoResultFound):
        blocks.change(session, coach, open_world.coach.id, made.id, Wish(NINE), now)


def test_a_lead_blocks_for_a_coach_of_the_team_and_nobody_else_does(
    database: Database, open_world: World, ask_as: AskAs, block: Block, now: datetime
) -> None:
    """S2: neither a colleague, nor whoever stands in, nor somebody of another organisation."""
    today = now.date()
    with database.transaction() as session:
        wish = absences.Wish(today, today + timedelta(days=5), open_world.other_coach.id)
        absences.take(session, ask_as(open_world.coach), open_world.coach.id, wish, now)
    for other in (open_world.other_coach, open_world.far_coach):
        with pytest.raises(NoResultFound):
            block(by=other)
    made = block(by=open_world.lead)
    assert (made.person_id, made.made_by) == (open_world.coach.id, open_world.lead.id)


def test_a_time_that_cannot_be_is_refused(
    database: Database, block: Block, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    with pytest.raises(WrongTime) as refused:
        block(Span(now - 3 * HOUR, now - HOUR))
    assert refused.value.trouble == rules.PASSED
    made, past = block(), Wish(Span(now - 3 * HOUR, now - HOUR))
    with database.transaction() as session, pytest.raises(WrongTime):
        blocks.change(session, ask_as(open_world.coach), open_world.coach.id, made.id, past, now)


def test_it_is_no_booked_time_when_days_are_closed(
    database: Database, open_world: World, ask_as: AskAs, block: Block, booked: Booked, now: datetime
) -> None:
    block()
    booked(FRIDAY_9 + 2 * HOUR)
    day = FRIDAY_9.date()
    with database.reading() as session:
        assert availability.own_booked_on(session, ask_as(open_world.coach), Departure(day, day), now) == 1


def test_old_ones_are_forgotten_with_the_time_they_held(
    database: Database, open_world: World, ask_as: AskAs, block: Block, now: datetime
) -> None:
    """S46"""
    made = block()
    block(Span(NINE.end, NINE.end + HOUR))
    with database.transaction() as session:
        blocks.remove(session, ask_as(open_world.coach), open_world.coach.id, made.id, now)
    for days, gone in ((89, 0), (90.5, 1), (94, 1)):
        with database.transaction() as session:
            assert blocks.forget_old(session, now + timedelta(days=days)) == gone
    assert stored(database) == ([], [])
