"""Fifty on the last seat, and on one offer, raced by processes on both databases (S49)."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from portal.db import Database
from portal.groups import seat_service
from portal.groups.models import Group, GroupSeat
from portal.identity.models import Person
from tests.booking.conftest import AskAs
from tests.groups.conftest import Made, seats, send_all
from tests.groups.race import ACCEPT, EXPIRE, JOIN, Try
from tests.support.processes import race

CONTENDERS = 50
Crowd = Callable[[int], list[Person]]


def test_of_fifty_on_the_last_seat_one_gets_it_and_the_others_wait_in_order_s49(
    database: Database, crowd: Crowd, ask_as: AskAs, made: Made, now: datetime
) -> None:
    group = made(capacity=1)
    outcomes = race(database.url, [Try(JOIN, group.id, now, ask_as(one)) for one in crowd(CONTENDERS)])
    assert Counter(outcomes) == {("done", "in"): 1, ("done", "waiting"): CONTENDERS - 1}, outcomes
    with database.reading() as fresh:
        found = list(fresh.scalars(select(GroupSeat)))
        assert [one.number for one in found if one.state == "in"] == [1]
        turns = sorted(one.turn or 0 for one in found if one.state == "waiting")
        assert turns == list(range(1, CONTENDERS))


def offered(
    database: Database, crowd: Crowd, ask_as: AskAs, made: Made, now: datetime
) -> tuple[Group, Person]:
    """A group whose only seat is offered to the only one who waits."""
    group, (first, second) = made(capacity=1), crowd(2)
    with database.transaction() as fresh:
        for one in (first, second):
            seat_service.join(fresh, ask_as(one), group.id, now)
        seat_service.leave(fresh, ask_as(first), group.id, now)
    send_all(database)
    return group, second


def test_one_offer_taken_fifty_times_at_once_is_one_seat_s49(
    app: Flask, database: Database, crowd: Crowd, ask_as: AskAs, made: Made, now: datetime
) -> None:
    group, person = offered(database, crowd, ask_as, made, now)
    outcomes = race(database.url, [Try(ACCEPT, group.id, now, ask_as(person))] * CONTENDERS)
    assert Counter(outcomes) == {("done", "in"): CONTENDERS}
    with database.reading() as fresh:
        assert [one.number for one in fresh.scalars(select(GroupSeat)) if one.number] == [1]


def test_an_offer_taken_as_it_ends_is_taken_or_over_never_both_s49(
    app: Flask, database: Database, crowd: Crowd, ask_as: AskAs, made: Made, now: datetime
) -> None:
    group, person = offered(database, crowd, ask_as, made, now)
    asker, ends = ask_as(person), now + timedelta(hours=24)
    in_time = Try(ACCEPT, group.id, ends - timedelta(seconds=1), asker)
    outcomes = race(database.url, [*[in_time] * 25, *[Try(EXPIRE, group.id, ends)] * 25])
    kinds = Counter(outcomes)
    with database.reading() as fresh:
        state = seats(fresh, group)[person.id].state
    if state == "in":
        # Whoever came first took it: no worker took anything back.
        assert kinds == {("done", "in"): 25, ("done", "0"): 25}, outcomes
    else:
        assert state == "lapsed"
        assert kinds == {("refused", "OfferOver"): 25, ("done", "1"): 1, ("done", "0"): 24}, outcomes
